"""The built-in home: event records in our own database, with an event page of their own."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from ..events import Event, Publication
from ..store.db.connect import Database
from ..store.events import load_event
from ..store.recordings import load_publications, save_publication
from ..store.tables import event as event_table
from .port import Entry


class SqlRecords:
    """Event records in our own database; its page shows what is published here."""

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
        """Write an entry to the record; its id is our key."""
        with self._database.begin() as connection:
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
        return entry.key

    def find(self, event_id: str, key: str) -> Entry | None:
        """Find the entry with our key, or None."""
        found = self._find(event_id, key)
        if found is None or found.state != "published":
            return None
        return Entry(key=key, part=found.part, title=found.title, url=found.url, visibility=found.visibility)

    def withdraw(self, event_id: str, key: str) -> None:
        """Take the entry back; one that is gone already is done."""
        found = self._find(event_id, key)
        if found is not None:
            with self._database.begin() as connection:
                withdrawn = found.model_copy(update={"state": "withdrawn"})
                save_publication(connection, event_id, withdrawn)

    def _find(self, event_id: str, key: str) -> Publication | None:
        with self._database.read() as connection:
            published = load_publications(connection, [event_id]).get(event_id, ())
        return next((p for p in published if p.recording_uuid == key), None)
