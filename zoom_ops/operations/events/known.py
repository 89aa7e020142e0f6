"""The records that the events of a file may be, loaded together in a few statements."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from sqlalchemy import Connection

from ...announcements import Contact, name_key
from ...drafts import Decided
from ...events import Event, Listing, Performer
from ...readers import Announced
from ...store.address_book import load_contacts
from ...store.approvals import approved_texts, hash_of
from ...store.events import Record, find_by_origins, find_by_series, find_origins, find_records, origin_key


class KnownEvents:
    """The records as they were when the import or preview of a file began, and on top of them what it has decided.

    Nobody else writes these events meanwhile, or the transaction fails. `listed` holds the keys of the origins of the
    file: who stands beside another in one file is not the same event.
    """

    def __init__(self, connection: Connection, announced: Sequence[Announced], as_id: str | None = None) -> None:
        self.connection, self._announced = connection, announced
        self.listed = frozenset(origin_key(each.origin) for each in announced if each.origin)
        self._by_origin = find_by_origins(connection, self.listed)  # keys of origins → ids
        ids = (each.event.id for each in announced)
        self._ids = dict.fromkeys((*ids, *self._by_origin.values(), *((as_id,) if as_id else ())))
        self._records: dict[str, Record | None] = dict.fromkeys(self._ids) | find_records(connection, self._ids)
        self._series: dict[str, dict[str, str]] = {}
        self._expected: dict[str, list[str]] = {}  # ids → keys of origins that were decided

    def find(self, event_id: str) -> Event | None:
        """Find an event, or None."""
        record = self.record_of(event_id)
        return record.event if record else None

    def record_of(self, event_id: str) -> Record | None:
        """Find an event with what was decided of its visibility, or None."""
        if event_id not in self._records:
            self._records[event_id] = find_records(self.connection, (event_id,)).get(event_id)
        return self._records[event_id]

    def by_origin(self, origin: str) -> str | None:
        """Find the id of the event that has this origin, or None."""
        return self._by_origin.get(origin_key(origin))

    def origins_of(self, event_id: str) -> frozenset[str]:
        """Return the keys of the origins of an event."""
        stored = self._origins if event_id in self._ids else find_origins(self.connection, (event_id,))
        keys = (*stored.get(event_id, ()), *self._expected.get(event_id, ()))
        return frozenset(key for key in keys if self._by_origin.get(key, event_id) == event_id)

    def of_series(self, beginning: str) -> list[Event]:
        """Find the events whose origins begin like this and are not in the file any more."""
        if beginning not in self._series:
            self._series[beginning] = find_by_series(self.connection, beginning)
        gone = (event_id for key, event_id in self._series[beginning].items() if key not in self.listed)
        return [event for event in map(self.find, dict.fromkeys(gone)) if event is not None]

    def is_approved(self, event_id: str, field: str, text: str) -> bool:
        """Return whether somebody approved a field of an event with this text."""
        known = self._approved if event_id in self._ids else approved_texts(self.connection, (event_id,))
        return (event_id, field, hash_of(text)) in known

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


def contacts_for(connection: Connection, performers: Iterable[Performer]) -> tuple[Contact, ...]:
    """Load the contacts with the names of those performers who have no address."""
    keys = {name_key(person.name): None for person in performers if not person.email}
    rows = load_contacts(connection, keys) if keys else ()
    return tuple(Contact(name=row.name, organization=row.organization, email=row.email) for row in rows)
