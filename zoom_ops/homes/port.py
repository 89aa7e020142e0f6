"""The port of a home of event records."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from sqlalchemy import Connection

from ..events import Event


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The entry of a recording in an event record. `key` is ours and identifies the entry."""

    key: str
    part: int
    title: str
    url: str
    visibility: Literal["public", "members"]


@runtime_checkable
class OwnRecords(Protocol):
    """A home in our own database: it writes in the transaction that says that the change was made."""

    def publish_in(self, connection: Connection, event_id: str, entry: Entry) -> None:
        """Write an entry to the record."""

    def withdraw_in(self, connection: Connection, event_id: str, key: str) -> None:
        """Take the entry back; one that is gone already is done."""


class EventRecords(Protocol):
    """A home of event records.

    Must:

    - return every record that changed since a moment, and each record by its id;
    - write an entry idempotently: a second `publish` with the same key changes the entry and adds none;
    - never make an entry visible to more people than its `visibility` allows;
    - leave unchanged what people wrote in the record.

    May:

    - give its own id to an entry (`publish` returns it);
    - raise TemporaryError (nothing was written), AmbiguousError (the effect is unknown) or PermanentError.
    """

    name: str

    def list_changed(self, since: datetime) -> Iterator[Event]:
        """Iterate over the records that changed since a moment."""

    def get(self, event_id: str) -> Event:
        """Get a record; raise NotFoundError."""

    def publish(self, event_id: str, entry: Entry) -> str:
        """Write an entry to the record and return the home's id of it."""

    def find(self, event_id: str, key: str) -> Entry | None:
        """Find the entry with our key, or None."""

    def withdraw(self, event_id: str, key: str) -> None:
        """Remove the entry. Idempotent."""
