"""Notifications of the practice Zoom: payload, signature, delivery."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import requests

from .account import Account
from .calls import Json, dump
from .records import Instance, Notification, Webinar
from .zones import write_instant


def notify(
    account: Account,
    event: str,
    subject: Json,
    *,
    by_operator: bool = True,
    download_token: str | None = None,
    **extra: Any,
) -> None:
    """Queue a notification about `subject`, due at once. Without a webhook address it is only recorded.

    `by_operator` adds the owner of the app to the payload as the operator. `extra` goes into the payload, while
    `download_token` stands beside it.
    """
    payload: Json = {"account_id": account.account_id}
    if by_operator:
        owner = account.owner()
        payload |= {"operator": owner.email, "operator_id": owner.id}
    payload |= {**extra, "object": subject}
    notification = _notification(account, event, payload, {"download_token": download_token} if download_token else {})
    account.notifications.append(notification)
    if account.options.webhook_url:
        notification.due = account.now()
        account.outbox.append(notification)
    account.changed.notify_all()


def notify_storage(account: Account) -> None:
    """Queue the notification of how full the account's storage for cloud recordings is."""
    used = account.policy.recordings.used
    usage = {
        "free_storage": "2 GB",
        "plan_storage": "8 GB",
        "plan_type": "cmr_monthly_commitment_40",
        "storage_used": f"{used / 10:g} GB",
        "storage_used_percentage": used,
        "storage_exceed": "0",
    }
    notify(account, "recording.cloud_storage_usage_updated", usage, by_operator=False)


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


def instance_payload(instance: Instance) -> Json:
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
    }


RETRY_AFTER = (timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=60))  # pause before each retry
REPLY_TIMEOUT_S = 3.0
REVALIDATE_EVERY = timedelta(hours=72)
FAILED_CHECKS_ALLOWED = 6
FIRST_CHECK_PAUSE_S = 0.1
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(milliseconds=1), timedelta(seconds=1)
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
        account = self._account
        while not self._stopped:
            with account.settled():
                job = self._next_job()
                if job is None:
                    now = account.now()
                    waiting = () if self._is_off() else account.outbox
                    dues = [*(queued.due for queued in waiting), account.next_due()]
                    soonest = min((due for due in dues if due), default=now + LONGEST_PAUSE)
                    pause = max(SHORTEST_PAUSE, min(LONGEST_PAUSE, soonest - now))
                    account.changed.wait(timeout=pause.total_seconds())
            if job:
                job()

    def _next_job(self) -> Callable[[], None] | None:
        """Return what is due: to check the address, or else to deliver a notification. None if nothing is."""
        account, subscription, now = self._account, self._account.subscription, self._account.now()
        if self._is_off() or self._stopped:
            return None
        if subscription.check_due is None or subscription.check_due <= now:
            return self._check_address
        due = [queued for queued in account.outbox if queued.due and queued.due <= now]
        first = min(due, key=lambda queued: (queued.due, len(queued.attempts)), default=None)
        return partial(self._deliver, first) if first else None

    def _is_off(self) -> bool:
        return not self._account.options.webhook_url or self._account.subscription.disabled

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
        with account.lock:
            plain = account.names.opaque(22)
            challenge = _notification(account, "endpoint.url_validation", {"plainToken": plain}, {})
        status, answer = self._post(challenge)
        with account.lock:
            if status > 0:
                account.notifications.append(challenge)
                self._record(challenge, status)
        encrypted = digest(account.options.webhook_secret or "", plain.encode())
        try:
            return status == 200 and json.loads(answer) == {"plainToken": plain, "encryptedToken": encrypted}
        except ValueError:
            return False

    def _deliver(self, notification: Notification) -> None:
        status, _ = self._post(notification)
        with self._account.lock:
            self._record(notification, status)
            attempts = len(notification.attempts)
            if not 0 < status < 500 and attempts <= len(RETRY_AFTER):
                notification.due = self._account.now() + RETRY_AFTER[attempts - 1]
                return
            notification.due = None
            if notification in self._account.outbox:
                self._account.outbox.remove(notification)

    def _record(self, notification: Notification, status: int) -> None:
        notification.attempts.append({"at": self._account.now().timestamp(), "status": status})

    def _post(self, notification: Notification) -> tuple[int, bytes]:
        """Post a notification, and return the status and the body of the reply."""
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
        url, body = str(options.webhook_url), notification.body
        try:
            reply = self._http.post(url, data=body, headers=headers, timeout=REPLY_TIMEOUT_S, allow_redirects=False)
        except requests.Timeout:
            return TIMED_OUT, b""
        except requests.RequestException:
            return NOT_CONNECTED, b""
        is_late = reply.elapsed.total_seconds() > REPLY_TIMEOUT_S
        return TIMED_OUT if is_late else reply.status_code, reply.content


def _notification(account: Account, event: str, payload: Json, further: Json) -> Notification:
    body = {"event": event, "event_ts": milliseconds(account.now()), "payload": payload, **further}
    return Notification(request_id=account.names.file_id().replace("-", "_"), event=event, body=dump(body))
