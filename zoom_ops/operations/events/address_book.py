"""The address book: the e-mail addresses of people."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ...announcements import Contact, match_people, name_key
from ...errors import BadInputError, NotFoundError
from ...store.address_book import ContactRow, delete_contact, load_contacts, page_contacts, save_contact
from ...store.audit import Actor, record_audit
from ...store.db.connect import Database
from ...store.events import load_upcoming
from ..context import Context
from .identity import contacts_for
from .importing import write_event

_ALL = 100_000


@dataclass(frozen=True, kw_only=True)
class ImportedContact:
    """The outcome of one line of an imported address book."""

    name: str
    organization: str | None
    email: str
    action: Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, kw_only=True)
class ImportedPeople:
    """The outcome of an imported address book, with the events whose speakers got an address from it."""

    contacts: tuple[ImportedContact, ...]
    events: tuple[str, ...]


def import_people(context: Context, contacts: Iterable[Contact], by: Actor) -> ImportedPeople:
    """Save the contacts, and give their addresses to the performers of upcoming events."""
    with context.database.begin() as connection:
        now = context.database.now(connection)
        imported = []
        for contact in contacts:
            row = ContactRow(
                name=contact.name,
                name_key=name_key(contact.name),
                organization=contact.organization,
                email=contact.email,
            )
            action = save_contact(connection, row, now)
            imported.append(
                ImportedContact(name=row.name, organization=row.organization, email=row.email, action=action)
            )
        counts = Counter(str(contact.action) for contact in imported)
        if counts["created"] or counts["updated"]:
            record_audit(connection, by, "people_imported", ("people", "address book"), now, **counts)
    return ImportedPeople(contacts=tuple(imported), events=match_upcoming(context))


def match_upcoming(context: Context) -> tuple[str, ...]:
    """Give addresses to performers of upcoming events who have none; return the events that changed."""
    changed = []
    with context.database.begin() as connection:
        for event in load_upcoming(connection, context.clock.now(), _ALL):
            if not event.without_address():
                continue
            matched = match_people(event, contacts_for(connection, event.performers))
            if matched != event:
                sentence = "Speakers got their addresses from the address book."
                write_event(context, connection, matched, "people_matched", sentence)
                changed.append(event.id)
    return tuple(changed)


def list_people(database: Database) -> tuple[ContactRow, ...]:
    """List the address book, by name."""
    with database.read() as connection:
        return load_contacts(connection)


def filter_people(database: Database, words: str, *, limit: int, offset: int) -> tuple[tuple[ContactRow, ...], int]:
    """Return a page of the people who match some words, and how many match in all."""
    with database.read() as connection:
        return page_contacts(connection, words, limit=limit, offset=offset)


def find_person(database: Database, named: str) -> ContactRow:
    """Return the entry of a name or an address; raise NotFoundError, or BadInputError if several have the name."""
    people = list_people(database)
    found = [row for row in people if row.email == named.strip().lower()]
    found = found or [row for row in people if row.name_key == name_key(named)]
    if not found:
        known = [text for row in people for text in (row.name, row.email)]
        raise NotFoundError("entry of the address book", named[:100], known)
    if len(found) > 1:
        raise BadInputError(
            f"{named[:100]} is {len(found)} people: {', '.join(row.email for row in found)}. Give the address."
        )
    return found[0]


def forget_person(context: Context, email: str, by: Actor) -> None:
    """Delete an address from the address book; raise NotFoundError. Events that have the address keep it."""
    with context.database.begin() as connection:
        if not delete_contact(connection, email):
            raise NotFoundError("address", email[:100])
        record_audit(connection, by, "person_forgotten", ("people", "address book"), context.database.now(connection))
