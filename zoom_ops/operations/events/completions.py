"""What a field of the event form may be completed to: series, people, organisations of events that its reader sees."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from ...access import Reader
from ...events import Event
from ...store.db.connect import Database
from ...store.event_queries import IS_UNLISTED, find_series
from ...store.events import load_latest
from ...store.full_text import fold, iter_words, matching
from .address_book import filter_people

AT_MOST = 10  # values
_EVENTS = 40  # the latest ones with the words, which are read
SHORTEST, LONGEST = 2, 100  # letters of what is typed


@dataclass(frozen=True, kw_only=True)
class KnownPerson:
    """Somebody whom the address book or an event names."""

    name: str
    organization: str | None
    email: str | None


def complete_people(database: Database, words: str, reader: Reader) -> tuple[KnownPerson, ...]:
    """List people with all words in name or organisation: for operators of the address book, then those of events.

    Each name with an organisation comes once. Authors learn no address.
    """
    if len(words) < SHORTEST:
        return ()
    book = filter_people(database, words, limit=AT_MOST, offset=0)[0] if reader.operates else ()
    people = [KnownPerson(name=row.name, organization=row.organization, email=row.email) for row in book]
    named = {fold(each.name) for each in people}
    for event in _events(database, words, reader):
        for person in event.performers:
            texts = (person.name, person.organization or "")
            if fold(person.name) not in named and _has(words, texts):
                named.add(fold(person.name))
                email = person.email if reader.operates else None
                people.append(KnownPerson(name=person.name, organization=person.organization, email=email))
    return tuple(people[:AT_MOST])


def complete_organizations(database: Database, words: str, reader: Reader) -> tuple[str, ...]:
    """List organisations of people and organizers with all words."""
    if len(words) < SHORTEST:
        return ()
    found = (each for event in _events(database, words, reader) for each in _organizations(event))
    return tuple(dict.fromkeys(each for each in found if _has(words, (each,))))[:AT_MOST]


def complete_series(database: Database, words: str, reader: Reader) -> tuple[str, ...]:
    """List series with all words, the latest first."""
    if len(words) < SHORTEST:
        return ()
    with database.read() as connection:
        return find_series(connection, words, limit=AT_MOST, where=_visible_to(reader))


def _events(database: Database, words: str, reader: Reader) -> tuple[Event, ...]:
    with database.read() as connection:
        return load_latest(connection, _EVENTS, (matching(connection, words), *_visible_to(reader)))


def _visible_to(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of what may be named to a reader: an unlisted event is for whoever has its address."""
    return () if reader.operates else (~IS_UNLISTED,)


def _organizations(event: Event) -> Iterator[str]:
    yield from (organizer.name for organizer in event.organizers)
    yield from (person.organization for person in event.performers if person.organization)


def _has(words: str, texts: Iterable[str]) -> bool:
    """Check whether each word begins one of the words of some texts."""
    said = [each for text in texts for each in iter_words(text)]
    return all(any(each.startswith(word) for each in said) for word in iter_words(words))
