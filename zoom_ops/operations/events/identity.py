"""Which event of the records an announced one is."""

import re
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from ...errors import BadInputError, ParkedError
from ...events import Event, make_slug
from ...readers import Announced
from ...store.events import load_event, origin_key
from .known import KnownEvents

LONGEST_ID = 100
_OCCURRENCE = re.compile(r"/\d{8}T\d{6}Z\Z")  # in the origin of one date of a calendar's series


@dataclass(frozen=True, kw_only=True)
class Meant:
    """Which event somebody says that an announced one is: an id, or another one of its name.

    `whole`: it is all there is of the event, so an address that it lacks is taken out.
    """

    as_id: str | None = None
    new: bool = False
    whole: bool = False


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
    events = known_events.of_series(_OCCURRENCE.sub("/", announced.origin))
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
    if announced.origin is None:
        return False
    origins = known_events.origins_of(known.id)
    return bool(origins & known_events.listed) and origin_key(announced.origin) not in origins


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
