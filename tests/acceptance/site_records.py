"""The event records of a website outside the product, as the home of a test's daemon."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

import requests

from zoom_ops.errors import AmbiguousError, TemporaryError
from zoom_ops.events import Event
from zoom_ops.homes import BuiltInRecords, Entry
from zoom_ops.operations.reconcile.executors.base import done_already
from zoom_ops.store.db.connect import Database
from zoom_ops.transport import LOST, Deadline, Transport, read_whole, reason_of

READ_S = 5.0  # longer than any wait: the deadline is shorter


class SiteRecords:
    """Event records whose links stand on the website. Our own database mirrors them, for pages and plans.

    It posts without a look before. So only the journal of effects keeps a recording to one link.
    """

    name = "site"

    def __init__(self, database: Database, *, url: str, deadline_s: float) -> None:
        self._database, self._url, self._deadline_s = database, url, deadline_s
        self._mirror = BuiltInRecords(database)
        self._transport = Transport(read_whole)

    def list_changed(self, since: datetime) -> Iterator[Event]:
        """Iterate over the records that changed since a moment."""
        return self._mirror.list_changed(since)

    def get(self, event_id: str) -> Event:
        """Get a record; raise NotFoundError."""
        return self._mirror.get(event_id)

    def publish(self, event_id: str, entry: Entry) -> str:
        """Post a link and return its number."""
        with self._deadline() as deadline:
            link = self._ask(deadline, "POST", _links_of(event_id), asdict(entry))
        with done_already():
            self._mirror.publish(event_id, entry)
        return str(link["id"])

    def find(self, event_id: str, key: str) -> Entry | None:
        """Find the link with our key, or return None."""
        with self._deadline() as deadline:
            link = self._find(deadline, event_id, key)
        if link is None:
            self._mirror.withdraw(event_id, key)
            return None
        entry = Entry(**{name: link[name] for name in Entry.__dataclass_fields__})
        self._mirror.publish(event_id, entry)
        return entry

    def withdraw(self, event_id: str, key: str) -> None:
        """Delete the link; a missing link counts as deleted."""
        with self._deadline() as deadline:
            if link := self._find(deadline, event_id, key):
                self._ask(deadline, "DELETE", f"{_links_of(event_id)}/{link['id']}")
        with done_already():
            self._mirror.withdraw(event_id, key)

    def _deadline(self) -> Deadline:
        return Deadline(self._deadline_s, self._database.clock)

    def _find(self, deadline: Deadline, event_id: str, key: str) -> Any:
        links = self._ask(deadline, "GET", _links_of(event_id))
        return next((link for link in links if link["key"] == key), None)

    def _ask(self, deadline: Deadline, method: str, path: str, body: Any = None) -> Any:
        deadline.sent = False
        try:
            session = requests.Session()
            session.mount("http://", self._transport)
            reply = session.request(method, self._url + path, json=body, timeout=READ_S)
        except LOST as error:
            in_doubt = deadline.sent and method != "GET"
            kind = AmbiguousError if in_doubt else TemporaryError
            raise kind(f"The website: {reason_of(error, deadline, READ_S)}.") from error
        if reply.status_code == 503:
            raise TemporaryError("The website has done nothing: it answered HTTP 503.")
        return reply.json() if reply.content else None


def _links_of(event_id: str) -> str:
    return f"/events/{event_id}/links"
