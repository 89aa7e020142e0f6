"""Give an event another time: what that does at Zoom, and the change of its record."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ....errors import BadInputError, ParkedError
from ....events import Event
from ....messages import all_of
from ....moving import set_times
from ....planning import Action
from ....store.audit import Actor, load_latest
from ....store.events import find_origins, load_event, load_revision
from ....zones import end_of_gap, find_zone, instants_of
from ...context import Context
from ...reconcile.observe import plan_event
from ..editing import patch_event
from .cancelling import was_held
from .moving import Move, move_host, plan_move

_LONGEST = timedelta(hours=24)
_YEARS = 20  # ahead
_KINDS = ("AdoptWebinar", "CreateWebinar", "UpdateWebinar")
_FILE_TOO = ("Change its file, too: its next import sets what the file says.",)
_PATCHED = ("start", "end", "display_times", "status", "previous_start")


@dataclass(frozen=True, kw_only=True)
class MoveRequest:
    """A move as a person writes it: to another host, or to another time."""

    host: str = ""
    to: str = ""  # such as 2026-12-01 15:00
    zone: str = ""  # of `to`; else the event's
    length: str = ""  # such as 90m


@dataclass(frozen=True, kw_only=True)
class Rescheduling:
    """An event with another time: the actions at Zoom, and what else an operator must know of it."""

    event: Event
    revision: int  # of the record that was read
    summary: str
    actions: tuple[Action, ...]
    notes: tuple[str, ...]


def plan_request(context: Context, event_id: str, asked: MoveRequest) -> Move | Rescheduling:
    """Return what a move does. Raise BadInputError or ParkedError if the event cannot move there."""
    if asked.host and (asked.to or asked.zone or asked.length):
        raise BadInputError("Move the event to another host, or to another time: one after the other.")
    if not (asked.host or asked.to or asked.length):
        raise BadInputError(
            "Give another time, such as 2026-12-01 15:00, or another length, such as 90m. "
            "An event that has a webinar can get another host, too."
        )
    if asked.host:
        return plan_move(context, event_id, asked.host)
    return plan_rescheduling(context, event_id, asked)


def order_move(context: Context, event_id: str, planned: Move | Rescheduling, by: Actor) -> None:
    """Order a move as it was planned, and ring the job that carries it to Zoom.

    Raise ParkedError or ChangedMeanwhileError if it would do something else by now.
    """
    if isinstance(planned, Move):
        move_host(context, event_id, planned.host, by)
        return
    document = planned.event.to_json()
    patch_event(context, event_id, {name: document[name] for name in _PATCHED}, by, known=(planned.revision,))


def describe_move(planned: Move | Rescheduling) -> dict[str, Any]:
    """Build the JSON of a move."""
    if isinstance(planned, Move):
        return {"webinar": planned.webinar_id, "from": planned.left, "to": planned.host}
    document = planned.event.to_json()
    return {"start": document["start"], "end": document["end"]}


def plan_rescheduling(context: Context, event_id: str, asked: MoveRequest) -> Rescheduling:
    """Return what another time of an event does.

    Raise BadInputError for a time that is past, does not exist or exists twice; ParkedError if the event or its host
    cannot take it.
    """
    with context.database.read() as connection:
        event, revision = load_event(connection, event_id), load_revision(connection, event_id)
        file_note = _FILE_TOO if _came_in_a_file(connection, event_id) else ()
    if event.status == "cancelled":
        raise ParkedError(
            f"{event_id} is cancelled. To bring it back, import it with `status: scheduled` and its new time."
        )
    now = context.clock.now()
    if event.end_utc <= now and was_held(context, event_id):
        raise ParkedError(f"It was held on {event.start_utc:%Y-%m-%d}: import its second date as an event of its own.")
    moved = _moved(event, asked, now)
    plan = plan_event(context, moved, kinds=_KINDS)
    if plan.refused:
        raise ParkedError(all_of(plan.refused))
    return Rescheduling(
        event=moved,
        revision=revision,
        summary=_sentence_of(event, moved, asked),
        actions=plan.actions,
        notes=(*map(str, plan.waits), *file_note),
    )


def _came_in_a_file(connection: Connection, event_id: str) -> bool:
    """Return whether an import may bring the event again: a command or a program brought it, or it has an origin.

    A pull of a home keeps what was changed here, until the home changes it.
    """
    added = load_latest(connection, "event", [event_id], ["event_imported"]).get(event_id)
    if added is not None and added.how == "home":
        return False
    is_brought = added is not None and added.how in ("command line", "token")
    return is_brought or bool(find_origins(connection, [event_id]))


def _moved(event: Event, asked: MoveRequest, now: datetime) -> Event:
    if asked.zone and not asked.to:
        raise BadInputError("A time zone is for a new time only: give the time with it, such as 2026-12-01 15:00.")
    start = parse_start(asked.to, asked.zone or event.timezone, now) if asked.to else event.start_utc
    end = start + (parse_length(asked.length) if asked.length else event.end - event.start)
    if end <= now or (asked.to and start <= now):
        raise BadInputError(f"{_write(start, event)} ({event.timezone}) is in the past: give a time to come.")
    if (start, end) == (event.start_utc, event.end_utc):
        raise ParkedError(f"{event.id} takes place then already.")
    moved = set_times(event, *(moment.astimezone(ZoneInfo(event.timezone)) for moment in (start, end)))
    if start == event.start_utc:
        return moved
    return moved.model_copy(update={"status": "rescheduled", "previous_start": event.start})


def parse_start(text: str, zone_name: str, now: datetime) -> datetime:
    """Parse a time in a zone, or with an offset of its own.

    Raise BadInputError for another text, an unknown zone, and a time that the zone skips or has twice.
    """
    try:
        local, zone = datetime.fromisoformat(text.strip()), find_zone(zone_name)
    except ValueError as error:
        if str(error).startswith("there is no time zone"):
            raise BadInputError(f"T{str(error)[1:]}") from error
        local = None
    if local is None or ":" not in text:
        raise BadInputError(f"{text[:40]!r} is no time: expected one such as 2026-12-01 15:00.")
    if not now.year - 1 <= local.year <= now.year + _YEARS:
        raise BadInputError(f"{text[:40]!r} is in the past, or more than {_YEARS} years ahead.")
    if local.tzinfo is not None:
        return local.astimezone(ZoneInfo("UTC"))
    instants = instants_of(local, zone)
    if not instants:
        following = end_of_gap(local, zone).astimezone(zone)
        raise BadInputError(
            f"{local:%Y-%m-%d %H:%M} does not exist in {zone.key}: clocks go forward then, to {following:%H:%M}."
        )
    if len(instants) == 2:
        ways = " or ".join(instant.astimezone(zone).isoformat(timespec="minutes") for instant in instants)
        raise BadInputError(
            f"{local:%Y-%m-%d %H:%M} comes twice in {zone.key}, as clocks go back then. Say which: {ways}"
        )
    return instants[0]


def parse_length(text: str) -> timedelta:
    """Parse a length such as 90m, 2h or 1h30m; raise BadInputError for another text, and for more than a day."""
    match = re.fullmatch(r"\s*(?:([0-9]{1,4})\s*h[a-z]*)?\s*(?:([0-9]{1,4})\s*m[a-z]*)?\s*", text.lower(), re.ASCII)
    length = timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0)) if match else timedelta()
    if not timedelta() < length <= _LONGEST:
        raise BadInputError(f"{text[:40]!r} is no length from a minute to 24 hours, such as 90m, 2h or 1h30m.")
    return length


def _sentence_of(event: Event, moved: Event, asked: MoveRequest) -> str:
    old, new = (f"{_write(each.start, event)}-{_write(each.end, event)[-5:]}" for each in (event, moved))
    there = ""
    if asked.zone and (zone := find_zone(asked.zone)).key != event.timezone:
        there = f", which is {moved.start.astimezone(zone):%H:%M} in {zone.key}"
    return f"Moves {event.id} from {old} to {new} ({event.timezone}){there}."


def _write(moment: datetime, event: Event) -> str:
    return f"{moment.astimezone(ZoneInfo(event.timezone)):%Y-%m-%d %H:%M}"
