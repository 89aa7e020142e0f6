"""The event records of a website outside the product, as a home of a test's daemon."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import NullPool, create_engine, insert

from zoom_ops.clock import Clock
from zoom_ops.errors import NotFoundError
from zoom_ops.homes import Capabilities, Changed, Client, Entry, Finding, Limits, Raw, Record, Shown
from zoom_ops.store.tables import home_record

HOME = "site"


class SiteRecords:
    """Event records whose links stand on the website.

    It posts without a look before. So only what the service knows, sees and waits for keeps a recording to one link.
    """

    name = HOME
    kind = "site"
    capabilities = Capabilities()

    def __init__(self, url: str, clock: Clock, *, deadline_s: float) -> None:
        limits = Limits(deadline_s=deadline_s, requests_a_minute=6_000, at_once=20)
        self._client = Client(HOME, url, clock, limits)

    def calling(self) -> AbstractContextManager[None]:
        """Begin the deadline that all requests in the block share."""
        return self._client.calling()

    def list_changed(self, cursor: str) -> Changed:
        """List nothing: its events are imported."""
        return Changed(records=(), cursor=cursor)

    def get(self, record_id: str) -> Raw:
        """Raise NotFoundError: its events are imported."""
        raise NotFoundError("record", record_id)

    def parse(self, raw: Raw) -> Record:
        """Read nothing: its events are imported."""
        raise NotFoundError("record", raw.id)

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        """List the links."""
        links = self._client.get(f"events/{record_id}/links").json()
        return tuple(
            Shown(external_id=str(link["id"]), **{name: link[name] for name in ("key", "title", "url", "visibility")})
            for link in links
        )

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        """Post a link. One that was there is deleted first."""
        if before:
            self.withdraw(record_id, entry.key)
        link = self._client.send("POST", f"events/{record_id}/links", json=asdict(entry)).json()
        shown = {"key": entry.key, "title": entry.title, "url": entry.url, "visibility": entry.visibility}
        return Shown(external_id=str(link["id"]), **shown)

    def withdraw(self, record_id: str, key: str) -> None:
        """Delete the link; a missing link counts as deleted."""
        for link in self.entries(record_id):
            if link.key == key:
                path = f"events/{record_id}/links/{link.external_id}"
                self._client.send("DELETE", path, accept=(204, 404))

    def check(self) -> Iterator[Finding]:
        """Find nothing."""
        return iter(())


def put_on_site(database_url: str, *events: str) -> None:
    """Let the website hold the records of some events, under the ids of the events."""
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    rows = [
        {"home": HOME, "record": event, "event_id": event, "state": "taken", "read_at": datetime.now(UTC)}
        for event in events
    ]
    with engine.begin() as connection:
        connection.execute(insert(home_record), rows)
