"""The built-in home: event records in our own database, each with an event page."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from ..events import Event, Publication
from ..store.db.connect import Database
from ..store.events import load_event
from ..store.recordings import load_publications, save_publication
from ..store.tables import event as event_table
from .port import Entry


class BuiltInRecords:
    """The built-in home: event records in our own database. The event page shows the published entries."""

    name = "sql"

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_changed(self, since: datetime) -> Iterator[Event]:
        """Iterate over the records that changed since a moment."""
        query = select(event_table.c.document).where(event_table.c.updated_at >= since)
        with self._database.read() as connection:
            documents = connection.execute(query.order_by(event_table.c.updated_at)).scalars().all()
        return (Event.model_validate(document) for document in documents)

    def get(self, event_id: str) -> Event:
        """Get a record; raise NotFoundError."""
        with self._database.read() as connection:
            return load_event(connection, event_id)

    def publish(self, event_id: str, entry: Entry) -> str:
        """Write an entry to the record; the returned id is our key."""
        with self._database.begin() as connection:
            self.publish_in(connection, event_id, entry)
        return entry.key

    def publish_in(self, connection: Connection, event_id: str, entry: Entry) -> None:
        """Write the entry to the record, in the transaction of the caller."""
        load_event(connection, event_id)
        publication = Publication(
            recording_uuid=entry.key,
            part=entry.part,
            title=entry.title,
            url=entry.url,
            visibility=entry.visibility,
            state="published",
            published_at=self._database.now(connection),
            external_id=entry.key,
        )
        save_publication(connection, event_id, publication)

    def find(self, event_id: str, key: str) -> Entry | None:
        """Find the entry with our key, or None."""
        with self._database.read() as connection:
            publication = _find(connection, event_id, key)
        if publication is None or publication.state != "published":
            return None
        return Entry(
            key=key,
            part=publication.part,
            title=publication.title,
            url=publication.url,
            visibility=publication.visibility,
        )

    def withdraw(self, event_id: str, key: str) -> None:
        """Withdraw the entry. Idempotent."""
        with self._database.begin() as connection:
            self.withdraw_in(connection, event_id, key)

    def withdraw_in(self, connection: Connection, event_id: str, key: str) -> None:
        """Withdraw the entry, in the transaction of the caller. Idempotent."""
        if publication := _find(connection, event_id, key):
            save_publication(connection, event_id, publication.model_copy(update={"state": "withdrawn"}))


def _find(connection: Connection, event_id: str, key: str) -> Publication | None:
    published = load_publications(connection, [event_id]).get(event_id, ())
    return next((publication for publication in published if publication.recording_uuid == key), None)
