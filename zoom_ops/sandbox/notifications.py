"""Notifications of the practice Zoom: payload, signature, delivery."""

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


def notify(account: Account, event: str, subject: Json, *, by_operator: bool = True, **extra: Any) -> None:
    """Queue a notification about `subject`.

    `by_operator` adds the owner of the app to the payload as the operator. `extra` goes into the payload, except
    `download_token`, which stands beside the payload.
    """
    token = extra.pop("download_token", None)
    payload: Json = {"account_id": account.account_id}
    if by_operator:
        owner = account.owner()
        payload |= {"operator": owner.email, "operator_id": owner.id}
    payload |= {**extra, "object": subject}
    body: Json = {"event": event, "event_ts": milliseconds(account.now()), "payload": payload}
    queue(account, body | ({"download_token": token} if token else {}))


def queue(account: Account, body: Json) -> Notification:
    """Queue a complete notification, due at once. Without a webhook address it is only recorded."""
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
    """Return the HMAC-SHA256 of a text, in hex."""
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def milliseconds(instant: datetime) -> int:
    """Convert an instant to Unix milliseconds."""
    return int(instant.timestamp() * 1000)


def scheduled_payload(webinar: Webinar, *extra: str) -> Json:
    """Build the object of a scheduled webinar, as created, deleted and registration notifications have it.

    Its id is a number. `extra` names further fields of the webinar.
    """
    fields = webinar.fields
    names = ("uuid", "id", "host_id", "topic", "type", "start_time", "duration", "timezone", *extra)
    return {name: fields[name] for name in names if name in fields}


def instance_payload(instance: Instance, **extra: Any) -> Json:
    """Build the object of an instance, as started and ended notifications have it. Its id is a string."""
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
        **extra,
    }


RETRY_AFTER = (timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=60))  # pause before each retry
REPLY_TIMEOUT_S = 3.0
REVALIDATE_EVERY = timedelta(hours=72)
FAILED_CHECKS_ALLOWED = 6
FIRST_CHECK_PAUSE_S = 0.1
TIMED_OUT, NOT_CONNECTED = -1, -2  # Zoom's own log shows them in place of a status


class NotificationSender:
    """A thread that validates the webhook address and delivers the account's notifications.

    It posts one notification at a time. A delivery fails on a status of 500 and above, without a connection, or after
    REPLY_TIMEOUT_S. It is retried after the pauses of RETRY_AFTER. Other statuses are final. The address must pass
    validation before the first delivery, and again every 72 hours. After six failed checks in a row delivery stops.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self._thread = threading.Thread(target=self._send_until_stopped, name="sandbox-notifications", daemon=True)
        self._stopped = False
        self._http = requests.Session()
        self._http.trust_env = False

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread. Undelivered notifications stay queued."""
        with self._account.lock:
            self._stopped = True
            self._account.changed.notify_all()
        self._thread.join(timeout=2 * REPLY_TIMEOUT_S)
        self._http.close()

    def _send_until_stopped(self) -> None:
        while not self._stopped:
            self._send_next()

    def _send_next(self) -> None:
        account = self._account
        with account.settled():
            must_validate = self._validation_is_due()
            notification = None if must_validate else self._next_due()
            if not must_validate and notification is None:
                account.changed.wait(timeout=self._pause_s())
                return
        if notification is None:
            self._check_address()
        else:
            self._deliver(notification)

    def _validation_is_due(self) -> bool:
        subscription = self._account.subscription
        if not self._account.options.webhook_url or subscription.disabled or self._stopped:
            return False
        return subscription.check_due is None or subscription.check_due <= self._account.now()

    def _next_due(self) -> Notification | None:
        if self._account.subscription.disabled or self._stopped:
            return None
        now = self._account.now()
        due = [queued for queued in self._account.outbox if queued.due and queued.due <= now]
        return min(due, key=lambda queued: (queued.due, len(queued.attempts)), default=None)

    def _pause_s(self) -> float:
        dues = [*(queued.due for queued in self._account.outbox), self._account.next_due()]
        soonest = min((due for due in dues if due), default=None)
        if soonest is None:
            return 1.0
        return min(1.0, max(0.001, (soonest - self._account.now()).total_seconds()))

    def _check_address(self) -> None:
        """Validate the address: at first until it passes, then every 72 hours."""
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
            challenge = Notification(
                request_id=account.names.file_id().replace("-", "_"),
                event=VALIDATION,
                body=dump(body),
                due=None,
            )
        status, answer = self._post(challenge)
        with account.lock:
            if status > 0:
                account.notifications.append(challenge)
                self._record(challenge, status)
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
        attempts = len(notification.attempts)
        if 0 < status < 500 or attempts > len(RETRY_AFTER):
            return None
        return self._account.now() + RETRY_AFTER[attempts - 1]

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
            "connection": "close",  # a receiver that drops a kept-alive connection would look like a failed delivery
        }
        return self._send(str(options.webhook_url), notification.body, headers)

    def _send(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, Json | None]:
        try:
            reply = self._http.post(url, data=body, headers=headers, timeout=REPLY_TIMEOUT_S, allow_redirects=False)
        except requests.Timeout:
            return TIMED_OUT, None
        except requests.RequestException:
            return NOT_CONNECTED, None
        if reply.elapsed.total_seconds() > REPLY_TIMEOUT_S:
            return TIMED_OUT, None
        return reply.status_code, _parse_object(reply)


def _parse_object(reply: requests.Response) -> Json | None:
    try:
        parsed = reply.json()
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None
