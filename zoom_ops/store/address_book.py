"""The address book."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from .tables import contact

_COLUMNS = (contact.c.name, contact.c.name_key, contact.c.organization, contact.c.email)


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
    known = connection.execute(select(contact).where(contact.c.email == value.email)).first()
    row = {"name": value.name, "name_key": value.name_key, "organization": value.organization}
    if known is None:
        connection.execute(insert(contact).values({**row, "email": value.email, "updated_at": now}))
        return "created"
    if (known.name, known.organization, known.name_key) == (value.name, value.organization, value.name_key):
        return "unchanged"
    connection.execute(update(contact).where(contact.c.id == known.id).values({**row, "updated_at": now}))
    return "updated"


def delete_contact(connection: Connection, email: str) -> bool:
    """Delete a contact; return whether there was one."""
    return connection.execute(delete(contact).where(contact.c.email == email)).rowcount == 1


def page_contacts(connection: Connection, words: str, *, limit: int, offset: int) -> tuple[tuple[ContactRow, ...], int]:
    """List a page of the contacts that have all words in name, organisation or address, by name; and count them all."""
    searched = (contact.c.name, contact.c.organization, contact.c.email)
    conditions = [or_(*(column.icontains(word, autoescape=True) for column in searched)) for word in words.split()[:8]]
    total = int(connection.execute(select(func.count()).select_from(contact).where(*conditions)).scalar_one())
    query = select(*_COLUMNS).where(*conditions).order_by(contact.c.name_key, contact.c.email)
    return tuple(ContactRow(**row._mapping) for row in connection.execute(query.limit(limit).offset(offset))), total


def load_contacts(connection: Connection, keys: tuple[str, ...] | None = None) -> tuple[ContactRow, ...]:
    """Load the contacts by name: all, or those whose `name_key` is one of `keys`."""
    query = select(*_COLUMNS)
    if keys is not None:
        query = query.where(contact.c.name_key.in_(keys))
    rows = connection.execute(query.order_by(contact.c.name_key, contact.c.email))
    return tuple(ContactRow(**row._mapping) for row in rows)
