"""The webhooks, as operators see them: which take what they are told, what is on its way, and how to send it again."""

from typing import Any
from urllib.parse import urlsplit

from ...clock import iso_text
from ...errors import BadInputError, NotFoundError
from ...outgoing import TEST, Answer, Message, Webhook, new_message_id
from ...store.alerts import clear_alert
from ...store.audit import Actor, record_audit
from ...store.webhook_deliveries import (
    Delivery,
    count_deliveries,
    end_stop,
    find_delivery,
    latest_attempt,
    list_deliveries,
    load_stops,
    send_again,
)
from ..context import Context
from .deliver import failed_alert, gone_alert

Document = dict[str, Any]
_ALL = 10_000


def show_webhooks(context: Context) -> list[Document]:
    """List the webhooks as JSON values: where, of what they are told and as whom, and how it goes."""
    with context.database.read() as connection:
        stops, counts = load_stops(connection), count_deliveries(connection)
        latest = {name: latest_attempt(connection, name) for name in context.webhooks}
    return [
        {
            "name": name,
            "url": _shown_address(webhook.url),
            "kinds": list(webhook.kinds),
            "audience": webhook.reader.role,
            "groups": list(webhook.reader.groups),
            "state": "stopped" if (name, webhook.url) in stops else _state_of(latest[name]),
            "waiting": counts.get(name, {}).get("waiting", 0),
            "failed": counts.get(name, {}).get("failed", 0),
            "taken": counts.get(name, {}).get("taken", 0),
            "latest": delivery_json(told) if (told := latest[name]) else None,
        }
        for name, webhook in sorted(context.webhooks.items())
    ]


def try_webhook(context: Context, name: str, by: Actor) -> Answer:
    """Send a webhook a test message, now; one that takes it is told everything again, should it have been stopped."""
    webhook = get_webhook(context, name)
    with context.database.read() as connection:
        now = context.database.now(connection)
    answer = context.sender.send(webhook, Message(id=new_message_id(), kind=TEST, at=now, content={"webhook": name}))
    with context.database.begin() as connection:
        record_audit(connection, by, "webhook_tested", ("webhook", name), now, status=answer.status)
        if answer.taken:
            end_stop(connection, name)
            clear_alert(connection, gone_alert(name).key, now)
            clear_alert(connection, failed_alert(name).key, now)
    return answer


def show_deliveries(
    context: Context, *, failed: bool = False, webhook: str | None = None, limit: int = 50, offset: int = 0
) -> list[Document]:
    """List messages as JSON values, the newest first: only those that were given up, if `failed`."""
    states = ("failed",) if failed else ()
    with context.database.read() as connection:
        found = list_deliveries(connection, states=states, webhook=webhook, limit=limit, offset=offset)
    return [delivery_json(one) for one in found]


def retry_delivery(context: Context, message_id: str, by: Actor) -> Document:
    """Send a message again, whatever became of it; its id stays."""
    with context.database.begin() as connection:
        found = find_delivery(connection, message_id)
        if found is None:
            raise NotFoundError("message", message_id)
        if found.webhook not in context.webhooks:
            raise BadInputError(f"There is no webhook {found.webhook!r} in the settings any more.")
        now = context.database.now(connection)
        send_again(connection, [message_id], now)
        record_audit(connection, by, "message_retried", ("webhook", found.webhook), now, messages=[message_id])
    with context.database.read() as connection:
        return delivery_json(find_delivery(connection, message_id) or found)


def retry_failed(context: Context, by: Actor) -> int:
    """Send again what was given up, to all webhooks that there still are; tell how many messages that is."""
    with context.database.begin() as connection:
        failed = list_deliveries(connection, states=("failed",), limit=_ALL)
        mine = [one.id for one in failed if one.webhook in context.webhooks]
        now = context.database.now(connection)
        for name in sorted({one.webhook for one in failed if one.id in mine}):
            record_audit(connection, by, "message_retried", ("webhook", name), now, messages="all that were given up")
        return send_again(connection, mine, now)


def get_webhook(context: Context, name: str) -> Webhook:
    """Get a webhook; raise NotFoundError with the nearest names."""
    if name not in context.webhooks:
        raise NotFoundError("webhook", name, context.webhooks)
    return context.webhooks[name]


def delivery_json(delivery: Delivery) -> Document:
    """Write a message and how far it has come as JSON."""
    return {
        "id": delivery.id,
        "webhook": delivery.webhook,
        "type": delivery.kind,
        "event": delivery.event_id,
        "at": iso_text(delivery.at),
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_at": iso_text(delivery.next_at),
        "tried_at": iso_text(delivery.tried_at),
        "status": delivery.status,
        "answer": delivery.answer,
    }


def _state_of(latest: Delivery | None) -> str:
    if latest is None:
        return "new"
    return "working" if latest.state == "taken" else "failing"


def _shown_address(url: str) -> str:
    """Show an address without what may be a password in it: who, and the query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"
