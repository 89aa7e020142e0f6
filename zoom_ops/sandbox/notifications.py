"""What Zoom tells the webhook address, and how it is signed."""

import hashlib
import hmac
from datetime import datetime
from typing import Any

from zoom_ops.sandbox.calls import Json, dump
from zoom_ops.sandbox.records import Instance, Notification, Webinar
from zoom_ops.sandbox.state import Account
from zoom_ops.sandbox.zones import write_instant

VALIDATION = "endpoint.url_validation"


def notify(account: Account, event: str, subject: Json, *, by_operator: bool = True, **further: Any) -> None:
    """Queue a notification about `subject`; `further` goes into the payload, `download_token` beside it."""
    token = further.pop("download_token", None)
    payload: Json = {"account_id": account.account_id}
    if by_operator:
        owner = account.owner()
        payload |= {"operator": owner.email, "operator_id": owner.id}
    payload |= {**further, "object": subject}
    body: Json = {"event": event, "event_ts": milliseconds(account.now()), "payload": payload}
    queue(account, body | ({"download_token": token} if token else {}))


def queue(account: Account, body: Json) -> Notification:
    """Queue a finished notification for delivery at once."""
    notification = Notification(
        request_id=account.names.file_id().replace("-", "_"),
        event=body["event"],
        body=dump(body),
        due=account.now() if account.options.webhook_url else None,
    )
    account.notifications.append(notification)
    if notification.due:
        account.outbox.append(notification)
    account.changed.notify_all()
    return notification


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Sign a body as Zoom does: HMAC-SHA256 over `v0:{timestamp}:{body}`."""
    return f"v0={digest(secret, f'v0:{timestamp}:'.encode() + body)}"


def digest(secret: str, text: bytes) -> str:
    """Tell the HMAC-SHA256 of a text, in hex."""
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def milliseconds(instant: datetime) -> int:
    """Tell an instant in Unix milliseconds."""
    return int(instant.timestamp() * 1000)


def planned(webinar: Webinar, *further: str) -> Json:
    """Describe the scheduled webinar as created, deleted and registration notifications do: its id is a number."""
    fields = webinar.fields
    names = ("uuid", "id", "host_id", "topic", "type", "start_time", "duration", "timezone", *further)
    return {name: fields[name] for name in names if name in fields}


def held(instance: Instance, **further: Any) -> Json:
    """Describe a run as started and ended notifications do: its id is a string."""
    fields = instance.webinar.fields
    return {
        "uuid": instance.uuid,
        "id": str(fields["id"]),
        "host_id": fields["host_id"],
        "topic": fields["topic"],
        "type": fields["type"],
        "start_time": write_instant(instance.start),
        "timezone": fields["timezone"],
        "duration": fields["duration"],
        **further,
    }
