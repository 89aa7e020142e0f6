"""Put notifications into the inbox, many at once: each stored once, what it says noted, and its jobs rung."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..engine.runs import JUST_HAPPENED, Request, Subject, submit
from ..store.notices import tell_with
from ..store.notifications import store_notifications
from ..store.recordings import find_recording, record_instance
from ..store.webinars import find_events_of, find_events_of_instances
from ..zoom.notifications import Notification
from .context import Context
from .telling import Happening, tell_all

_NOTED = ("webinar.started", "webinar.ended", "recording.completed", "recording.transcript_completed")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a notification says of one webinar or recording."""

    context: Context = field(repr=False)
    account: str
    kind: str
    uuid: str | None
    body_hash: str
    sealed: bytes | None = field(repr=False)
    whole: Notification


Mail = tuple[Letter, ...]  # the letters of one notification
Taken = tuple[tuple[str, str | None], ...]  # those that were new: kind and event


def take_in(connection: Connection, mails: Sequence[Mail]) -> list[Taken]:
    """Store notifications that came together, and ring each job of their events once; tell what was new of each."""
    letters = [letter for mail in mails for letter in mail]
    if not letters:
        return [() for _ in mails]
    context = letters[0].context
    now = context.database.now(connection)
    events = _events_of(connection, letters)
    new = store_notifications(connection, [_row(letter, events[id(letter)], now) for letter in letters])
    fresh = [letter for letter, is_new in zip(letters, new, strict=True) if is_new]
    ours = [(letter, event_id) for letter in fresh if (event_id := events[id(letter)])]
    rings = {(event_id, letter.kind, letter.account) for letter, event_id in ours}
    rings |= {(event_id, *ring) for letter, event_id in ours for ring in _note(connection, letter, event_id, now)}
    tell_all(context, connection, [one for letter, event_id in ours for one in _happenings(letter, event_id, now)])
    _ring(context, connection, rings, now)
    tell_with(connection, "due")
    known = {id(letter) for letter in fresh}
    return [tuple((one.kind, events[id(one)]) for one in mail if id(one) in known) for mail in mails]


def _events_of(connection: Connection, letters: Sequence[Letter]) -> dict[int, str | None]:
    """Find the event of each letter: by its webinar, else by an instance that is known, or told of beside it."""
    webinars = find_events_of(connection, {letter.whole.webinar_id for letter in letters if letter.whole.webinar_id})
    found = {id(one): webinars.get((one.account, one.whole.webinar_id or 0)) for one in letters}
    instances = {one.uuid: event for one in letters if one.uuid and one.kind in _NOTED and (event := found[id(one)])}
    if lost := {one.uuid for one in letters if one.uuid and not found[id(one)]}:
        instances |= find_events_of_instances(connection, lost)
    return {id(one): found[id(one)] or instances.get(one.uuid or "") for one in letters}


def _row(letter: Letter, event_id: str | None, now: datetime) -> dict[str, Any]:
    whole = letter.whole
    return {
        "account": letter.account,
        "request_id": whole.request_id if letter.kind == whole.kind else None,
        "body_hash": letter.body_hash,
        "kind": letter.kind,
        "webinar_id": whole.webinar_id,
        "uuid": letter.uuid,
        "event_id": event_id,
        "occurred_at": whole.occurred_at,
        "received_at": now,
        "body": letter.sealed,
        "state": "new" if event_id else "ignored",
    }


def _note(connection: Connection, letter: Letter, event_id: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Note what a letter says by itself, that the webinar is live, was held, or recorded; tell what else that rings."""
    whole, uuid = letter.whole, letter.uuid
    if uuid is None or letter.kind not in _NOTED:
        return
    if letter.kind != "webinar.ended":
        record_instance(connection, uuid, event_id, started_at=whole.start, or_at=whole.occurred_at or now)
        return
    ended = whole.end or whole.occurred_at or now
    record_instance(connection, uuid, event_id, started_at=whole.start, ended_at=ended, practice=whole.practice)
    if find_recording(connection, uuid):  # now it is known whether that was a practice session
        yield "recording.fetched", letter.account


def _happenings(letter: Letter, event_id: str, now: datetime) -> Iterator[Happening]:
    """Say what happened to the event, where a letter tells it by itself."""
    practice = ("practice_ended", "The practice session has ended.")
    said = {
        "webinar.started": ("webinar_started", "The webinar is live."),
        "webinar.ended": practice if letter.whole.practice else ("webinar_ended", "The webinar has ended."),
    }
    if letter.uuid and letter.kind in said:
        what, sentence = said[letter.kind]
        yield Happening(event_id=event_id, at=now, what=what, sentence=sentence)


def _ring(context: Context, connection: Connection, rings: set[tuple[str, str, str]], now: datetime) -> None:
    """Ask for the jobs of the events, in one order everywhere, so that no two of us wait for each other."""
    wanted = {(event_id, job): account for event_id, kind, account in rings for job in context.rings.get(kind, ())}
    for (event_id, job), account in sorted(wanted.items()):
        subject = Subject(kind="event", id=event_id)
        submit(connection, Request(job=job, subject=subject, account=account, priority=JUST_HAPPENED), now)
