"""A home in the memory of the process of a test. It keeps the contract of `EventRecords`, and can fail at any step."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

from sqlalchemy import insert

from tests.integration.service import Service
from zoom_ops.errors import NotFoundError
from zoom_ops.homes import Capabilities, Changed, DriftedError, Entry, Finding, HomeSettings, Raw, Record, Shown
from zoom_ops.store.homes.records import mark_gone
from zoom_ops.store.tables import home_record

BOTH = Capabilities(audiences=("public", "members"), members_see="members of the institute")


class MemoryHome:
    """Records with our links, and the log of all writes. `errors`: what the next calls meet, by verb.

    An error with `done` is raised when the write was carried out, as an answer that was lost. `broken`: the verb and
    the error that a record always meets.
    """

    kind = "memory"

    def __init__(self, name: str, capabilities: Capabilities = BOTH) -> None:
        self.name, self.capabilities = name, capabilities
        self.records: dict[str, dict[str, Shown]] = {}
        self.writes: list[tuple[str, str, str]] = []  # verb, record, key
        self.looks = 0
        self.errors: list[tuple[str, Exception]] = []  # "publish", "publish done", "withdraw", "entries"…
        self.broken: dict[str, tuple[str, Exception]] = {}
        self._made = 0

    def calling(self) -> AbstractContextManager[None]:
        return nullcontext()

    def list_changed(self, cursor: str) -> Changed:
        return Changed(records=())

    def get(self, record_id: str) -> Raw:
        raise NotFoundError("record", record_id)

    def parse(self, raw: Raw) -> Record:
        raise NotImplementedError

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        self.looks += 1
        self._meet("entries", record_id)
        return tuple(self._links(record_id).values())

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        if self.broken.get(record_id, ("",))[0] == "entries":  # it looks first
            self._meet("entries", record_id)
        self._meet("publish", record_id)
        links = self._links(record_id)
        found = links.get(entry.key)
        if found and found.shows(entry):
            return found
        if found != before:
            raise DriftedError(f"Somebody changed the link in {self.name}.")
        self._made += found is None
        number = found.external_id if found else str(self._made)
        links[entry.key] = Shown(
            key=entry.key, title=entry.title, url=entry.url, visibility=entry.visibility, external_id=number
        )
        self.writes.append(("publish", record_id, entry.key))
        self._meet("publish done")
        return links[entry.key]

    def withdraw(self, record_id: str, key: str) -> None:
        self._meet("withdraw")
        if self._links(record_id).pop(key, None):
            self.writes.append(("withdraw", record_id, key))
        self._meet("withdraw done")

    def check(self) -> Iterator[Finding]:
        return iter(())

    def edit(self, record_id: str, key: str, **changes: Any) -> None:
        """Change a link as a person does; without changes remove it."""
        links = self.records[record_id]
        links[key] = replace(links[key], **changes)
        if not changes:
            del links[key]

    def _links(self, record_id: str) -> dict[str, Shown]:
        if record_id not in self.records:
            raise NotFoundError("record", record_id)
        return self.records[record_id]

    def _meet(self, verb: str, record_id: str = "") -> None:
        broken, error = self.broken.get(record_id, ("", None))
        if error and broken == verb:
            raise error
        if self.errors and self.errors[0][0] == verb:
            raise self.errors.pop(0)[1]


def add_home(service: Service, home: MemoryHome, *events: str, **file: Any) -> MemoryHome:
    """Let a service have a home that holds the records of some events, under the ids of the events.

    `file`: further keys of its file.
    """
    service.context.homes.replace({**service.context.homes, home.name: home})
    settings = HomeSettings(kind=home.kind, url="http://127.0.0.1", **file)
    service.context.home_settings.replace({**service.context.home_settings, home.name: settings})
    home.records |= {event: {} for event in events}
    for event in events:
        add_record(service, home.name, event, event)
    return home


def add_record(service: Service, home: str, record: str, event_id: str) -> None:
    """Note that a home holds a record of an event."""
    row = {"home": home, "record": record, "event_id": event_id, "state": "taken"}
    with service.app.database.begin() as connection:
        connection.execute(insert(home_record).values(**row, read_at=service.clock.now()))


def lose_record(service: Service, home: str, record: str) -> None:
    """Note that a home lists a record no more."""
    with service.app.database.begin() as connection:
        mark_gone(connection, home, (record,), service.clock.now())
