"""Which event of the records an announced one is."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ...errors import BadInputError, ParkedError
from ...events import Event, make_slug
from ...readers import Announced
from ...store.events import find_by_origin, find_by_series, find_event, load_event, load_origins

LONGEST_ID = 100
_SHORTENED = ("performers", "attachments", "description")  # in the JSON-LD of our pages
_OCCURRENCE = re.compile(r"/\d{8}T\d{6}Z\Z")  # in the origin of one date of a calendar's series


@dataclass(frozen=True, kw_only=True)
class Meant:
    """Which event somebody says that an announced one is: an id, or another one of its name.

    `whole`: it is all there is of the event, so an address that it lacks is taken out.
    """

    as_id: str | None = None
    new: bool = False
    whole: bool = False


@dataclass(frozen=True, kw_only=True)
class _Pending:
    events: dict[str, Event] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class KnownEvents:
    """The records, and on top of them what a preview has decided and nobody has stored.

    `listed` holds the origins of the file: who stands beside another in one file is not the same event.
    """

    connection: Connection
    listed: frozenset[str] = frozenset()
    _pending: _Pending = field(default_factory=_Pending)

    def find(self, event_id: str) -> Event | None:
        """Find an event, or None."""
        return self._pending.events.get(event_id) or find_event(self.connection, event_id)

    def by_origin(self, origin: str) -> str | None:
        """Find the id of the event that an earlier import gave this origin, or None."""
        return self._pending.origins.get(origin) or find_by_origin(self.connection, origin)

    def origins_of(self, event_id: str) -> tuple[str, ...]:
        """List the origins of an event."""
        pending = (origin for origin, known_id in self._pending.origins.items() if known_id == event_id)
        return (*load_origins(self.connection, event_id), *pending)

    def of_series(self, beginning: str) -> dict[str, str]:
        """Find the events whose origins begin like this and are not in the file any more: origin → id."""
        found = find_by_series(self.connection, beginning) | self._pending.origins
        return {o: i for o, i in found.items() if o.startswith(beginning) and o not in self.listed}

    def expect(self, event: Event, origin: str | None) -> None:
        """Take an event as known that a preview has decided."""
        self._pending.events[event.id] = event
        if origin:
            self._pending.origins[origin] = event.id


def as_own(announced: Announced, installation: str, base_url: str) -> Announced:
    """Take as the id of the event what only this installation gives: the UID of a calendar, the address of a page."""
    event, origin = announced.event, announced.origin or ""
    if origin == f"ical:{event.id}@{installation}":
        return replace(announced, id_given=True)
    event_id = origin.removeprefix(f"web:{base_url}/events/")
    if event_id == origin or event_id != make_slug(event_id):
        return announced
    own = event.model_copy(update={"id": event_id})
    return replace(announced, event=own, id_given=True, unsaid=(*announced.unsaid, *_SHORTENED))


def identify(known_events: KnownEvents, announced: Announced, *, as_id: str | None, new: bool) -> Event:
    """Return an announced event under its id.

    These decide, the first that is given: `as_id`, the id in the file, the origin of an earlier import, and last
    series and name if the date agrees. `new` makes it another event of its name. Raise ParkedError where it is
    unclear which event is meant.
    """
    event = announced.event
    if as_id:
        return event.model_copy(update={"id": _checked(known_events, as_id, new=new)})
    if announced.id_given:
        return event
    by_origin = None if new else _by_origin(known_events, announced)
    if by_origin:
        return event.model_copy(update={"id": by_origin})
    known = known_events.find(event.id)
    if known is None or (known.start == event.start and not new and not _is_another(known_events, known, announced)):
        return event
    return _by_date(known_events, announced, known, new=new)


def _by_origin(known_events: KnownEvents, announced: Announced) -> str | None:
    """Find the event that came from the same place before, also where its whole series was moved within the day."""
    if not announced.origin:
        return None
    if known := known_events.by_origin(announced.origin):
        return known
    if not _OCCURRENCE.search(announced.origin):
        return None
    moved = known_events.of_series(_OCCURRENCE.sub("/", announced.origin)).values()
    events = [event for event in map(known_events.find, dict.fromkeys(moved)) if event is not None]
    same_day = [event.id for event in events if _local_date(event) == _local_date(announced.event)]
    return same_day[0] if len(same_day) == 1 else None


def _checked(known_events: KnownEvents, as_id: str, *, new: bool) -> str:
    """Return an id that a person gave. Without `new` it must be known."""
    if not new and known_events.find(as_id) is None:
        load_event(known_events.connection, as_id)  # it raises NotFoundError with the nearest
    if new and as_id != make_slug(as_id):
        raise BadInputError(f"{as_id!r} cannot be the id of an event; {make_slug(as_id)} can.")
    return as_id


def _is_another(known_events: KnownEvents, known: Event, announced: Announced) -> bool:
    """Check whether the known event stands in the same file, under another origin."""
    origins = known_events.origins_of(known.id)
    listed = [origin for origin in origins if origin in known_events.listed]
    return announced.origin is not None and bool(listed) and announced.origin not in origins


def _by_date(known_events: KnownEvents, announced: Announced, known: Event, *, new: bool) -> Event:
    """Return an event whose series and name are known, with another start or from another origin."""
    event = announced.event
    another = _is_another(known_events, known, announced)
    if another and known.start == event.start and not new:
        raise _question(announced, f"{event.name!r} is known as {known.id}, at the same time but from another origin.")
    same_day = _local_date(known) == _local_date(event)
    ending = f"-{_local_date(event)}"
    dated_id = event.id[: LONGEST_ID - len(ending)].rstrip("-") + ending
    dated = known_events.find(dated_id)
    if (dated.start == event.start or not same_day) if dated else new or another:
        return event.model_copy(update={"id": dated_id})
    if same_day and not new and not another:
        return event
    if dated:
        doubt = f"{event.name!r} is known as {known.id} and as {dated_id}, on the same day. Say --id NAME --new."
        raise ParkedError(f"{announced.file}:{announced.line}: {doubt}")
    raise _question(announced, f"{event.name!r} is known with another date ({_local_date(known)}).", known.id)


def _question(announced: Announced, known_as: str, event_id: str | None = None) -> ParkedError:
    same = event_id or announced.event.id
    sentence = f"{known_as} Same event as {same}? Say --id {same}, or --new."
    return ParkedError(f"{announced.file}:{announced.line}: {sentence}")


def _local_date(event: Event) -> date:
    return event.start.astimezone(ZoneInfo(event.timezone)).date()
