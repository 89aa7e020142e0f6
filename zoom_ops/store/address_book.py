"""The address book."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from .db.upsert import has_words
from .db.values import find_value, load_values, slices
from .tables import contact

_COLUMNS = contact.c["name", "name_key", "organization", "email"]


@dataclass(frozen=True, kw_only=True)
class ContactRow:
    """A person with an e-mail address, as written; `name_key` is the form of the name that is compared."""

    name: str
    name_key: str
    organization: str | None
    email: str


def save_contact(
    connection: Connection, value: ContactRow, now: datetime
) -> Literal["created", "updated", "unchanged"]:
    """Write a contact, identified by the address; return created, updated or unchanged."""
    is_it = contact.c.email == value.email
    row = {**asdict(value), "updated_at": now}
    known = find_value(connection, ContactRow, select(*_COLUMNS).where(is_it))
    if known is None:
        connection.execute(insert(contact).values(row))
        return "created"
    if known == value:
        return "unchanged"
    connection.execute(update(contact).where(is_it).values(row))
    return "updated"


def delete_contact(connection: Connection, email: str) -> bool:
    """Delete a contact; return whether there was one."""
    return connection.execute(delete(contact).where(contact.c.email == email)).rowcount == 1


def page_contacts(connection: Connection, words: str, *, limit: int, offset: int) -> tuple[tuple[ContactRow, ...], int]:
    """List a page of the contacts that have all words in name, organisation or address, by name; and count them all."""
    conditions = has_words(words, contact.c.name, contact.c.organization, contact.c.email)
    total = connection.scalar(select(func.count()).select_from(contact).where(*conditions)) or 0
    query = select(*_COLUMNS).where(*conditions).order_by(contact.c.name_key, contact.c.email)
    return load_values(connection, ContactRow, query.limit(limit).offset(offset)), total


def find_contacts(connection: Connection, emails: Iterable[str]) -> tuple[ContactRow, ...]:
    """Find the contacts that have one of some addresses."""
    query = select(*_COLUMNS).order_by(contact.c.email)
    found = (load_values(connection, ContactRow, query.where(contact.c.email.in_(some))) for some in slices(emails))
    return tuple(row for rows in found for row in rows)


def load_contacts(connection: Connection, keys: Iterable[str] | None = None) -> tuple[ContactRow, ...]:
    """Load the contacts by name: all, or those whose `name_key` is one of `keys`."""
    query = select(*_COLUMNS).order_by(contact.c.name_key, contact.c.email)
    if keys is None:
        return load_values(connection, ContactRow, query)
    found = (load_values(connection, ContactRow, query.where(contact.c.name_key.in_(some))) for some in slices(keys))
    return tuple(row for rows in found for row in rows)
