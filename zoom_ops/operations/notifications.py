"""Take a notification from Zoom: genuine, stored, and the jobs rung, in one transaction."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from ..engine.runs import Request, Subject, submit
from ..store.events import record_change
from ..store.notifications import store_notification
from ..store.recordings import find_recording, record_instance
from ..store.webinars import find_event_of, find_event_of_instance
from ..zoom.notifications import KNOWN_KINDS, Notification, answer_validation, find_secret, parse
from . import measures
from .context import Context
from .importing import ring_event

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


def take_notification(context: Context, account: str, headers: Mapping[str, str], body: bytes) -> Intake:
    """Take a notification: 401 for who is not Zoom, 404 for an account we do not have, else 204 once it is stored."""
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
    parts = tuple(_iter_parts(notification))
    sealed = context.box.seal(body.decode("utf-8", "replace"))

    def take_all(connection: Connection) -> list[bool]:
        return [_take(context, connection, account, part, sealed) for part in parts]

    taken = context.together.write(take_all)  # many at once wait for the disk once
    return _answer(204, "stored" if any(taken) else "replayed")


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


@dataclass(frozen=True, kw_only=True)
class _Part:
    kind: str
    uuid: str | None
    body_hash: str
    whole: Notification


def _iter_parts(notification: Notification) -> Iterator[_Part]:
    if notification.kind not in _SINGLE:
        yield _Part(
            kind=notification.kind, uuid=notification.uuid, body_hash=notification.body_hash, whole=notification
        )
        return
    for uuid in notification.uuids:
        part_hash = hashlib.sha256(f"{notification.body_hash} {uuid}".encode()).hexdigest()
        yield _Part(kind=_SINGLE[notification.kind], uuid=uuid, body_hash=part_hash, whole=notification)


def _take(context: Context, connection: Connection, account: str, part: _Part, sealed: bytes | None) -> bool:
    event_id = _event_of(connection, account, part)
    now = context.database.now(connection)
    values = {
        "account": account,
        "request_id": part.whole.request_id if part.kind == part.whole.kind else None,
        "body_hash": part.body_hash,
        "kind": part.kind,
        "webinar_id": part.whole.webinar_id,
        "uuid": part.uuid,
        "event_id": event_id,
        "occurred_at": part.whole.occurred_at,
        "received_at": now,
        "body": sealed,
        "state": "new" if event_id else "ignored",
    }
    if not store_notification(connection, values):
        return False
    if event_id:
        _note(context, connection, event_id, part, now)
        for job in context.rings.get(part.kind, ()):
            submit(connection, Request(job=job, subject=Subject(kind="event", id=event_id), account=account), now)
    log.info("notification_stored", kind=part.kind, account=account, subject=event_id)
    return True


def _event_of(connection: Connection, account: str, part: _Part) -> str | None:
    by_webinar = part.whole.webinar_id and find_event_of(connection, account, part.whole.webinar_id)
    return by_webinar or (find_event_of_instance(connection, part.uuid) if part.uuid else None)


def _note(context: Context, connection: Connection, event_id: str, part: _Part, now: datetime) -> None:
    """Note what a notification says by itself: that the webinar is live, was held, or recorded."""
    whole = part.whole
    if part.uuid is None:
        return
    if part.kind == "webinar.started":
        record_instance(connection, part.uuid, event_id, started_at=whole.start, or_at=whole.occurred_at or now)
        record_change(connection, event_id, now, "webinar_started", "The webinar is live.")
    elif part.kind == "webinar.ended":
        ended = whole.end or whole.occurred_at or now
        record_instance(
            connection, part.uuid, event_id, started_at=whole.start, ended_at=ended, practice=whole.practice
        )
        what = "practice session" if whole.practice else "webinar"
        record_change(connection, event_id, now, "webinar_ended", f"The {what} has ended.")
        if find_recording(connection, part.uuid):  # now it is known whether that was a practice session
            ring_event(context, connection, event_id, "recording.fetched")
    elif part.kind in ("recording.completed", "recording.transcript_completed"):
        record_instance(connection, part.uuid, event_id, started_at=whole.start, or_at=whole.occurred_at or now)
