"""Take notifications from Zoom: genuine, stored, and the jobs rung; what came together in one transaction."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from ..zoom.notifications import KNOWN_KINDS, Notification, answer_validation, find_secret, parse
from . import measures
from .context import Context
from .inbox import Letter, Mail, Taken, take_in

log = structlog.get_logger()
STALE = timedelta(hours=24)
PATIENCE_S = 2.0  # with a locked database: Zoom waits 3 s for the answer, and comes again after one that says 503
WEBINAR_TYPES = (5, 6, 9)
_SINGLE = {  # what tells of several recordings at once is stored as if each had been told of
    "recording.batch_trashed": "recording.trashed",
    "recording.batch_deleted": "recording.deleted",
    "recording.batch_recovered": "recording.recovered",
}


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What Zoom is answered."""

    status: int
    reply: dict[str, object] | None = None


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """What came for an account, whoever sent it."""

    account: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def take_notifications(context: Context, arrived: Sequence[Arrived]) -> list[Intake | Exception]:
    """Take what came together: 401 for who is not Zoom, 404 for an account we do not have, else 204 once it is stored.

    What one of them fails with stands in its place, and keeps no other.
    """
    opened = [_open_one(context, one) for one in arrived]
    mails = [one for one in opened if isinstance(one, tuple)]
    stored = iter(context.together.write(take_in, mails)) if mails else iter(())
    return [
        _told(one.account, next(stored)) if isinstance(mail, tuple) else mail
        for one, mail in zip(arrived, opened, strict=True)
    ]


def _open_one(context: Context, arrived: Arrived) -> Intake | Mail | Exception:
    try:
        return _open(context, arrived.account, arrived.headers, arrived.body)
    except Exception as error:
        return error


def _open(context: Context, account: str, headers: Mapping[str, str], body: bytes) -> Intake | Mail:
    """Make letters of what came, or tell at once what it is answered."""
    if account not in context.gateways:
        return _answer(404, "unknown_account")
    secret = find_secret(context.gateways[account].account.webhook_secrets, headers, body)
    if secret is None:
        log.warning("notification_refused", account=account)
        return _answer(401, "bad_signature")
    if validation := answer_validation(secret, body):
        return _answer(200, "validated", {**validation})
    notification = parse(headers, body)
    if notification is None:
        return _answer(204, "not_json")
    if reason := _unwanted(notification, context.clock.now()):
        return _answer(204, reason)
    return tuple(_iter_letters(context, account, notification, body))


def _told(account: str, taken: Taken | Exception) -> Intake | Exception:
    if isinstance(taken, Exception):
        return taken
    for kind, event_id in taken:
        log.info("notification_stored", kind=kind, account=account, subject=event_id)
    return _answer(204, "stored" if taken else "replayed")


def _answer(status: int, outcome: str, reply: dict[str, object] | None = None) -> Intake:
    measures.notifications.labels(outcome).inc()
    return Intake(status=status, reply=reply)


def _unwanted(notification: Notification, now: datetime) -> str | None:
    """Say in a word why a genuine notification is not for us."""
    if notification.kind not in KNOWN_KINDS:
        return "unknown_kind"
    if notification.webinar_type is not None and notification.webinar_type not in WEBINAR_TYPES:
        return "meeting"
    sent = notification.sent_at or notification.occurred_at
    return "stale" if sent is not None and sent < now - STALE else None


def _iter_letters(context: Context, account: str, notification: Notification, body: bytes) -> Iterator[Letter]:
    sealed = context.box.seal(body.decode("utf-8", "replace"))
    kind = _SINGLE.get(notification.kind, notification.kind)
    same = partial(Letter, context=context, account=account, kind=kind, sealed=sealed, whole=notification)
    if kind == notification.kind:
        yield same(uuid=notification.uuid, body_hash=notification.body_hash)
        return
    for uuid in notification.uuids:
        yield same(uuid=uuid, body_hash=hashlib.sha256(f"{notification.body_hash} {uuid}".encode()).hexdigest())
