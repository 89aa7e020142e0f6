"""Notifications of the practice Zoom: what is told, how it is signed, and when it is brought."""

import hashlib
import hmac
import threading
from datetime import datetime, timedelta
from typing import Any

import requests

from .account import Account
from .calls import Json, dump
from .records import Instance, Notification, Webinar
from .zones import write_instant

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


RETRY_AFTER = (timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=60))  # one after the other
PATIENCE_S = 3.0
REVALIDATE_EVERY = timedelta(hours=72)
FAILED_CHECKS_ALLOWED = 6
FIRST_CHECK_PAUSE_S = 0.1
TIMED_OUT, NOT_CONNECTED = -1, -2  # what Zoom's own log shows in place of a status


class Courier:
    """A thread of its own that delivers what the account has to tell."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._thread = threading.Thread(target=self._run, name="sandbox-courier", daemon=True)
        self._stopped = False
        self._http = requests.Session()
        self._http.trust_env = False

    def start(self) -> None:
        """Start to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; what is not delivered yet stays queued."""
        with self._account.lock:
            self._stopped = True
            self._account.changed.notify_all()
        self._thread.join(timeout=2 * PATIENCE_S)
        self._http.close()

    def _run(self) -> None:
        while not self._stopped:
            self._step()

    def _step(self) -> None:
        account = self._account
        with account.settled():
            check = self._check_is_due()
            notification = None if check else self._next()
            if not check and notification is None:
                account.changed.wait(timeout=self._rest())
                return
        if notification is None:
            self._check()
        else:
            self._deliver(notification)

    def _check_is_due(self) -> bool:
        subscription = self._account.subscription
        if not self._account.options.webhook_url or subscription.disabled or self._stopped:
            return False
        return subscription.check_due is None or subscription.check_due <= self._account.now()

    def _next(self) -> Notification | None:
        if self._account.subscription.disabled or self._stopped:
            return None
        now = self._account.now()
        waiting = [queued for queued in self._account.outbox if queued.due and queued.due <= now]
        return min(waiting, key=lambda queued: (queued.due, len(queued.attempts)), default=None)

    def _rest(self) -> float:
        dues = [queued.due for queued in self._account.outbox if queued.due]
        following = self._account.next_due()
        soonest = min([*dues, *([following] if following else [])], default=None)
        if soonest is None:
            return 1.0
        return min(1.0, max(0.001, (soonest - self._account.now()).total_seconds()))

    def _check(self) -> None:
        """Validate the address: on first contact again and again, later once every 72 hours."""
        subscription = self._account.subscription
        first = subscription.validated is None
        passed = self._validate()
        with self._account.lock:
            now = self._account.now()
            if passed:
                subscription.validated, subscription.failures = now, 0
            elif not first:
                subscription.failures += 1
                subscription.disabled = subscription.failures >= FAILED_CHECKS_ALLOWED
            if passed or not first:
                subscription.check_due = now + REVALIDATE_EVERY
            elif not self._stopped:
                self._account.changed.wait(timeout=FIRST_CHECK_PAUSE_S)

    def _validate(self) -> bool:
        account = self._account
        secret = account.options.webhook_secret or ""
        with account.lock:
            plain = account.names.opaque(22)
            body = {
                "event": VALIDATION,
                "event_ts": milliseconds(account.now()),
                "payload": {"plainToken": plain},
            }
            question = Notification(
                request_id=account.names.file_id().replace("-", "_"),
                event=VALIDATION,
                body=dump(body),
                due=None,
            )
        status, answer = self._post(question)
        with account.lock:
            if status > 0:
                account.notifications.append(question)
                self._record(question, status)
        return status == 200 and answer == {
            "plainToken": plain,
            "encryptedToken": digest(secret, plain.encode()),
        }

    def _deliver(self, notification: Notification) -> None:
        status, _ = self._post(notification)
        with self._account.lock:
            self._record(notification, status)
            notification.due = self._retry_at(notification, status)
            if notification.due is None and notification in self._account.outbox:
                self._account.outbox.remove(notification)

    def _retry_at(self, notification: Notification, status: int) -> datetime | None:
        tried = len(notification.attempts)
        if 0 < status < 500 or tried > len(RETRY_AFTER):
            return None
        return self._account.now() + RETRY_AFTER[tried - 1]

    def _record(self, notification: Notification, status: int) -> None:
        notification.attempts.append({"at": self._account.now().timestamp(), "status": status})

    def _post(self, notification: Notification) -> tuple[int, Json | None]:
        options = self._account.options
        timestamp = int(self._account.now().timestamp())
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "Zoom Marketplace/1.0a",
            "clientid": options.credentials[0] if options.credentials else "sandbox",
            "x-zm-request-id": notification.request_id,
            "x-zm-request-timestamp": str(timestamp),
            "x-zm-signature": sign(options.webhook_secret or "", timestamp, notification.body),
            "x-zm-trackingid": f"v=2.0;clid=us02;rid=WH_{notification.request_id.replace('_', '')}",
            "connection": "close",  # a kept connection that the other side drops would look like a failed delivery
        }
        return self._send(str(options.webhook_url), notification.body, headers)

    def _send(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, Json | None]:
        try:
            reply = self._http.post(url, data=body, headers=headers, timeout=PATIENCE_S, allow_redirects=False)
        except requests.Timeout:
            return TIMED_OUT, None
        except requests.RequestException:
            return NOT_CONNECTED, None
        if reply.elapsed.total_seconds() > PATIENCE_S:
            return TIMED_OUT, None
        return reply.status_code, _parse(reply)


def _parse(reply: requests.Response) -> Json | None:
    try:
        parsed = reply.json()
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None
