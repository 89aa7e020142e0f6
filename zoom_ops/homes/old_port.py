"""The port of the built-in home, until its functions are used as such."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol, runtime_checkable

from sqlalchemy import Connection

from ..events import Event
from .port import Entry


@runtime_checkable
class OwnRecords(Protocol):
    """A home in our own database: it writes in the transaction that says that the change was made."""

    def publish_in(self, connection: Connection, event_id: str, entry: Entry) -> None:
        """Write an entry to the record."""

    def withdraw_in(self, connection: Connection, event_id: str, key: str) -> None:
        """Take the entry back; one that is gone already is done."""


class OldEventRecords(Protocol):
    """The home that the service writes to now."""

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
