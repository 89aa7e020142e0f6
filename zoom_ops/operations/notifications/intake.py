"""Take notifications from Zoom: genuine, stored once each, and the jobs rung, in one transaction."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection

from ...engine.runs import JUST_HAPPENED, Request, Subject, submit
from ...store.db.notify import notify_with
from ...store.notifications import store_notifications
from ...store.recordings import find_recording, record_instance
from ...store.webinars import find_events_of, find_events_of_instances
from ...zoom import KNOWN_KINDS, Notification, answer_validation, find_secret, parse
from .. import metrics
from ..context import Context
from ..timeline import Happening, record_happenings

_NOTED = ("webinar.started", "webinar.ended", "recording.completed", "recording.transcript_completed")


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a notification says of one webinar or recording."""

    context: Context = field(repr=False)
    account: str
    kind: str
    uuid: str | None
    body_hash: str
    sealed: bytes | None = field(repr=False)
    whole: Notification


Parts = tuple[Part, ...]  # the letters of one notification
Taken = tuple[tuple[str, str | None], ...]  # those that were new: kind and event


def take_in(connection: Connection, arrivals: Sequence[Parts]) -> list[Taken]:
    """Store notifications that came together, and ring each job of their events once; tell what was new of each."""
    parts = [part for own_parts in arrivals for part in own_parts]
    if not parts:
        return [() for _ in arrivals]
    context = parts[0].context
    now = context.database.now(connection)
    events = _events_of(connection, parts)
    new = store_notifications(connection, [_row(part, events[id(part)], now) for part in parts])
    fresh = [part for part, is_new in zip(parts, new, strict=True) if is_new]
    ours = [(part, event_id) for part in fresh if (event_id := events[id(part)])]
    rings = {(event_id, part.kind, part.account) for part, event_id in ours}
    rings |= {(event_id, *ring) for part, event_id in ours for ring in _note(connection, part, event_id, now)}
    record_happenings(context, connection, [one for part, event_id in ours for one in _happenings(part, event_id, now)])
    _ring(context, connection, rings, now)
    notify_with(connection, "due")
    known = {id(part) for part in fresh}
    return [tuple((one.kind, events[id(one)]) for one in own_parts if id(one) in known) for own_parts in arrivals]


def _events_of(connection: Connection, parts: Sequence[Part]) -> dict[int, str | None]:
    """Find the event of each letter: by its webinar, else by an instance that is known, or told of beside it."""
    webinars = find_events_of(connection, {part.whole.webinar_id for part in parts if part.whole.webinar_id})
    found = {id(one): webinars.get((one.account, one.whole.webinar_id or 0)) for one in parts}
    instances = {one.uuid: event for one in parts if one.uuid and one.kind in _NOTED and (event := found[id(one)])}
    if lost := {one.uuid for one in parts if one.uuid and not found[id(one)]}:
        instances |= find_events_of_instances(connection, lost)
    return {id(one): found[id(one)] or instances.get(one.uuid or "") for one in parts}


def _row(part: Part, event_id: str | None, now: datetime) -> dict[str, Any]:
    whole = part.whole
    return {
        "account": part.account,
        "request_id": whole.request_id if part.kind == whole.kind else None,
        "body_hash": part.body_hash,
        "kind": part.kind,
        "webinar_id": whole.webinar_id,
        "uuid": part.uuid,
        "event_id": event_id,
        "occurred_at": whole.occurred_at,
        "received_at": now,
        "body": part.sealed,
        "state": "new" if event_id else "ignored",
    }


def _note(connection: Connection, part: Part, event_id: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Note what a letter says by itself, that the webinar is live, was held, or recorded; tell what else that rings."""
    whole, uuid = part.whole, part.uuid
    if uuid is None or part.kind not in _NOTED:
        return
    if part.kind != "webinar.ended":
        record_instance(connection, uuid, event_id, started_at=whole.start, or_at=whole.occurred_at or now)
        return
    ended = whole.end or whole.occurred_at or now
    record_instance(connection, uuid, event_id, started_at=whole.start, ended_at=ended, practice=whole.practice)
    if find_recording(connection, uuid):  # now it is known whether that was a practice session
        yield "recording.fetched", part.account


def _happenings(part: Part, event_id: str, now: datetime) -> Iterator[Happening]:
    """Say what happened to the event, where a letter tells it by itself."""
    practice = ("practice_ended", "The practice session has ended.")
    said = {
        "webinar.started": ("webinar_started", "The webinar is live."),
        "webinar.ended": practice if part.whole.practice else ("webinar_ended", "The webinar has ended."),
    }
    if part.uuid and part.kind in said:
        what, sentence = said[part.kind]
        yield Happening(event_id=event_id, at=now, what=what, sentence=sentence)


def _ring(context: Context, connection: Connection, rings: set[tuple[str, str, str]], now: datetime) -> None:
    """Ask for the jobs of the events, in one order everywhere, so that no two of us wait for each other."""
    wanted = {(event_id, job): account for event_id, kind, account in rings for job in context.rings.get(kind, ())}
    for (event_id, job), account in sorted(wanted.items()):
        subject = Subject(kind="event", id=event_id)
        submit(connection, Request(job=job, subject=subject, account=account, priority=JUST_HAPPENED), now)


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
class RawNotification:
    """What came for an account, whoever sent it."""

    account: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def take_notifications(context: Context, raw: Sequence[RawNotification]) -> list[Intake | Exception]:
    """Take what came together: 401 for who is not Zoom, 404 for an account we do not have, else 204 once it is stored.

    What one of them fails with stands in its place, and keeps no other.
    """
    opened = [_open_one(context, one) for one in raw]
    arrivals = [one for one in opened if isinstance(one, tuple)]
    stored = iter(context.group_commit.write(take_in, arrivals)) if arrivals else iter(())
    return [
        _told(one.account, next(stored)) if isinstance(own_parts, tuple) else own_parts
        for one, own_parts in zip(raw, opened, strict=True)
    ]


def _open_one(context: Context, raw: RawNotification) -> Intake | Parts | Exception:
    try:
        return _open(context, raw.account, raw.headers, raw.body)
    except Exception as error:
        return error


def _open(context: Context, account: str, headers: Mapping[str, str], body: bytes) -> Intake | Parts:
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
    return tuple(_iter_parts(context, account, notification, body))


def _told(account: str, taken: Taken | Exception) -> Intake | Exception:
    if isinstance(taken, Exception):
        return taken
    for kind, event_id in taken:
        log.info("notification_stored", kind=kind, account=account, subject=event_id)
    return _answer(204, "stored" if taken else "replayed")


def _answer(status: int, outcome: str, reply: dict[str, object] | None = None) -> Intake:
    metrics.notifications.labels(outcome).inc()
    return Intake(status=status, reply=reply)


def _unwanted(notification: Notification, now: datetime) -> str | None:
    """Say in a word why a genuine notification is not for us."""
    if notification.kind not in KNOWN_KINDS:
        return "unknown_kind"
    if notification.webinar_type is not None and notification.webinar_type not in WEBINAR_TYPES:
        return "meeting"
    sent = notification.sent_at or notification.occurred_at
    return "stale" if sent is not None and sent < now - STALE else None


def _iter_parts(context: Context, account: str, notification: Notification, body: bytes) -> Iterator[Part]:
    sealed = context.box.seal(body.decode("utf-8", "replace"))
    kind = _SINGLE.get(notification.kind, notification.kind)
    same = partial(Part, context=context, account=account, kind=kind, sealed=sealed, whole=notification)
    if kind == notification.kind:
        yield same(uuid=notification.uuid, body_hash=notification.body_hash)
        return
    for uuid in notification.uuids:
        yield same(uuid=uuid, body_hash=hashlib.sha256(f"{notification.body_hash} {uuid}".encode()).hexdigest())
