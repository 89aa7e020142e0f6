"""Which event of the records an announced one is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ...announcements import Contact, name_key
from ...drafts import Decided
from ...errors import BadInputError, ParkedError
from ...events import Event, Listing, Performer, make_slug
from ...readers import Announced
from ...store.address_book import load_contacts
from ...store.approvals import approved_texts, hash_of
from ...store.events import (
    Record,
    find_by_origins,
    find_by_series,
    find_origins,
    find_records,
    load_event,
    origin_key,
)
from ..context import Context

LONGEST_ID = 100
_SHORTENED = ("performers", "attachments", "description")  # in the JSON-LD of our pages
_OCCURRENCE = re.compile(r"/\d{8}T\d{6}Z\Z")  # in the origin of one date of a calendar's series


@dataclass(frozen=True, kw_only=True)
class Meant:
    """Which event somebody says that an announced one is: an id, or another one of its name.

    `whole`: it is all there is of the event, so an address that it lacks is taken out. `edit`: whoever wrote it has
    seen the notes of the record, so that these hold nothing.
    """

    as_id: str | None = None
    new: bool = False
    whole: bool = False
    edit: bool = False


AS_SAID = Meant()  # what the file itself says


class KnownEvents:
    """The records that the events of a file may be, loaded in a few statements, and on top of them what is decided.

    `lock`: until the transaction ends, nobody else changes these records, which are read long before they are written.
    All are locked at once and in one order, so that no two imports wait for each other. What is unknown here may be
    made by others meanwhile: see `save_event`. `listed` holds the keys of the origins of the file: who stands beside
    another in one file is not the same event. `beside`: all events of the file, where these are a part of them.
    """

    def __init__(
        self,
        connection: Connection,
        announced: Sequence[Announced],
        as_id: str | None = None,
        *,
        lock: bool = False,
        beside: Sequence[Announced] = (),
    ) -> None:
        self.connection, self._announced = connection, announced
        self.listed = _keys_of(beside or announced)
        self._by_origin = find_by_origins(connection, _keys_of(announced))  # keys of origins → ids
        self._series: dict[str, dict[str, str]] = {}  # beginnings of origins → keys of origins → ids
        self._ids = (as_id,) if as_id else tuple(dict.fromkeys(chain.from_iterable(map(self._candidates, announced))))
        self._records = find_records(connection, self._ids, lock=lock)
        self._expected: dict[str, list[str]] = {}  # ids → keys of origins that were decided

    def find(self, event_id: str) -> Event | None:
        """Find an event, or None."""
        record = self.record_of(event_id)
        return record.event if record else None

    def record_of(self, event_id: str) -> Record | None:
        """Find an event with what was decided of its visibility, or None."""
        return self._records.get(event_id)

    def by_origin(self, origin: str) -> str | None:
        """Find the id of the event that has this origin, or None."""
        return self._by_origin.get(origin_key(origin))

    def origins_of(self, event_id: str) -> frozenset[str]:
        """Return the keys of the origins of an event."""
        keys = (*self._origins.get(event_id, ()), *self._expected.get(event_id, ()))
        return frozenset(key for key in keys if self._by_origin.get(key, event_id) == event_id)

    def origin_for(self, event_id: str, announced: Announced, *, moves: bool) -> str | None:
        """Return the origin that names an event from now on. Unless it `moves`, none is taken from another event."""
        named = self.by_origin(announced.origin) if announced.origin else None
        return announced.origin if moves or named in (None, event_id) else None

    def of_series(self, beginning: str) -> list[Event]:
        """Find the events whose origins begin like this and are not in the file any more."""
        gone = (event_id for key, event_id in self._series[beginning].items() if key not in self.listed)
        return [event for event in map(self.find, dict.fromkeys(gone)) if event is not None]

    def is_approved(self, event_id: str, field: str, text: str) -> bool:
        """Return whether somebody approved a field of an event with this text."""
        return (event_id, field, hash_of(text)) in self._approved

    def contacts_of(self, performers: Iterable[Performer]) -> tuple[Contact, ...]:
        """Return the contacts with the names of those performers who have no address."""
        keys = dict.fromkeys(name_key(person.name) for person in performers if not person.email)
        return tuple(contact for key in keys for contact in self._contacts.get(key, ()))

    def expect(self, event: Event, intended: Listing, origin: str | None) -> None:
        """Take an event as known that was decided."""
        self._records[event.id] = Record(event=event, decided=Decided(visibility=event.visibility, intended=intended))
        if origin:
            self._by_origin[origin_key(origin)] = event.id
            self._expected.setdefault(event.id, []).append(origin_key(origin))

    def _candidates(self, announced: Announced) -> Iterator[str]:
        """Yield the ids of the events that `identify` may find."""
        yield announced.event.id
        if announced.id_given:
            return
        yield _dated_id(announced.event)
        known = self.by_origin(announced.origin) if announced.origin else None
        if known:
            yield known
        elif beginning := _series_of(announced):
            if beginning not in self._series:
                self._series[beginning] = find_by_series(self.connection, beginning)
            yield from self._series[beginning].values()

    @cached_property
    def _origins(self) -> dict[str, list[str]]:
        return find_origins(self.connection, self._ids)

    @cached_property
    def _approved(self) -> frozenset[tuple[str, str, str]]:
        return approved_texts(self.connection, self._ids)

    @cached_property
    def _contacts(self) -> dict[str, list[Contact]]:
        by_name: dict[str, list[Contact]] = {}
        people = [person for each in self._announced for person in each.event.performers]
        for contact in contacts_for(self.connection, people):
            by_name.setdefault(name_key(contact.name), []).append(contact)
        return by_name


def _keys_of(announced: Iterable[Announced]) -> frozenset[str]:
    return frozenset(origin_key(each.origin) for each in announced if each.origin)


def contacts_for(connection: Connection, performers: Iterable[Performer]) -> tuple[Contact, ...]:
    """Load the contacts with the names of those performers who have no address."""
    keys = {name_key(person.name): None for person in performers if not person.email}
    rows = load_contacts(connection, keys) if keys else ()
    return tuple(Contact(name=row.name, organization=row.organization, email=row.email) for row in rows)


def take_own(context: Context, announced: Iterable[Announced]) -> tuple[Announced, ...]:
    """Take as the ids of events what only this installation gives: the UID of a calendar, the address of a page."""
    return tuple(_as_own(each, context.installation, context.base_url) for each in announced)


def _as_own(announced: Announced, installation: str, base_url: str) -> Announced:
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
    beginning = _series_of(announced)
    events = known_events.of_series(beginning) if beginning else ()
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
    dated_id = _dated_id(event)
    dated = known_events.find(dated_id)
    if (dated.start == event.start or not same_day) if dated else new or another:
        return event.model_copy(update={"id": dated_id})
    if same_day and not new and not another:
        return event
    if dated:
        doubt = f"{event.name!r} is known as {known.id} and as {dated_id}, on the same day. Say --id NAME --new."
        raise ParkedError(f"{announced.file}:{announced.line}: {doubt}")
    raise _question(announced, f"{event.name!r} is known with another date ({_local_date(known)}).", known.id)


def _dated_id(event: Event) -> str:
    ending = f"-{_local_date(event)}"
    return event.id[: LONGEST_ID - len(ending)].rstrip("-") + ending


def _series_of(announced: Announced) -> str | None:
    """Return how the origins of a calendar's series begin, of which this is one date; None if it is none."""
    origin = announced.origin or ""
    return _OCCURRENCE.sub("/", origin) if _OCCURRENCE.search(origin) else None


def _question(announced: Announced, known_as: str, event_id: str | None = None) -> ParkedError:
    same = event_id or announced.event.id
    sentence = f"{known_as} Same event as {same}? Say --id {same}, or --new."
    return ParkedError(f"{announced.file}:{announced.line}: {sentence}")


def _local_date(event: Event) -> date:
    return event.start.astimezone(ZoneInfo(event.timezone)).date()
