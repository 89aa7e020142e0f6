"""Copies of one event that went through the service: its rows in the database, and its webinar at Zoom."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Connection, Table, select

from tests.bench.simulation.load import Planned
from zoom_ops.sandbox.ids import Names
from zoom_ops.sandbox.records import User, Webinar
from zoom_ops.store import tables

Row = dict[str, Any]

_BY_EVENT = (
    tables.event, tables.event_text, tables.event_change, tables.binding, tables.booking, tables.seat, tables.instance,
    tables.recording, tables.publication, tables.notification,
)  # fmt: skip
_BY_SUBJECT = (tables.run, tables.effect, tables.audit)
_OF_EVENT = ("start_at", "end_at")  # these move with the event; all other times move with the work for it
_UNIQUE = ("body_hash", "request_id")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?")


@dataclass(frozen=True, kw_only=True)
class Mould:
    """An event with its state in the database and at Zoom."""

    planned: Planned
    webinar: Webinar
    rows: tuple[tuple[Table, Row], ...]

    def cast_rows(self, cast: "Cast", first_run: int) -> Iterator[tuple[Table, Row]]:
        """Yield the rows of another event; its runs are numbered from `first_run` on."""
        runs = [row["id"] for table, row in self.rows if table is tables.run]
        numbers = {number: first_run + place for place, number in enumerate(runs)}
        swaps = cast.swaps(self)
        for table, row in self.rows:
            yield table, {name: self._value(table, name, row[name], cast, swaps, numbers) for name in row}

    def cast_webinar(self, cast: "Cast", host: User) -> Webinar:
        """Build the webinar of another event, held if this one is."""
        moved, swaps = cast.planned.start - self.planned.start, cast.swaps(self)
        fields = json.loads(_swapped(json.dumps(self.webinar.fields), swaps, moved))
        fields |= {"id": cast.webinar_id, "host_id": host.id}
        webinar = replace(
            self.webinar, host=host, fields=fields, created=cast.planned.imported, used=cast.planned.start
        )
        webinar.instances = [
            replace(
                held,
                uuid=cast.held_uuid,
                webinar=webinar,
                start=held.start + moved,
                end=held.end + moved,
                recording=held.recording and replace(held.recording, ready=held.recording.ready + moved),
            )
            for held in self.webinar.instances
        ]
        return webinar

    def _value(
        self, table: Table, name: str, value: Any, cast: "Cast", swaps: Mapping[str, str], numbers: Mapping[int, int]
    ) -> Any:
        moved = cast.planned.start - self.planned.start
        if name in _UNIQUE:
            return value and hashlib.sha256(f"{value} {cast.planned.id}".encode()).hexdigest()
        if name in ("id", "run_id") and isinstance(value, int):
            return numbers[value]
        if isinstance(value, datetime):
            return value + (moved if name in _OF_EVENT else cast.work_moved(self))
        if name == "webinar_id":
            return cast.webinar_id
        if isinstance(table.c[name].type, JSON):
            return json.loads(_swapped(json.dumps(value), swaps, moved))
        if isinstance(value, str):
            return cast.planned.account if value == self.planned.account else _swapped(value, swaps, moved)
        return value


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The differences of another event from the one in the mould."""

    planned: Planned
    host: str
    webinar_id: int
    uuid: str
    held_uuid: str
    over: bool

    def swaps(self, mould: Mould) -> dict[str, str]:
        """Map the texts of the mould to those of the other event."""
        old, held = mould.webinar, mould.webinar.instances
        pairs = {
            mould.planned.id: self.planned.id,
            old.host.email: self.host,
            str(old.id): str(self.webinar_id),
            str(old.fields["uuid"]): self.uuid,
            f'"{mould.planned.account}"': f'"{self.planned.account}"',
        }
        return pairs | ({held[0].uuid: self.held_uuid} if held else {})

    def work_moved(self, mould: Mould) -> timedelta:
        """Return how much later the work for it was done than for the one in the mould."""
        if self.over:
            return self.planned.start - mould.planned.start
        return self.planned.imported - mould.planned.imported


def take_mould(connection: Connection, planned: Planned, webinar: Webinar) -> Mould:
    """Build the mould of an event in its present state."""
    rows = tuple(_rows(connection, planned.id))
    return Mould(planned=planned, webinar=replace(webinar, instances=list(webinar.instances)), rows=rows)


def a_cast(planned: Planned, host: str, names: Names, *, over: bool) -> Cast:
    """Invent the names of an event's webinar."""
    return Cast(
        planned=planned,
        host=host,
        webinar_id=names.webinar_id(),
        uuid=names.uuid(),
        held_uuid=names.instance_uuid(),
        over=over,
    )


def _rows(connection: Connection, event_id: str) -> Iterator[tuple[Table, Row]]:
    for table in _BY_EVENT:
        yield from _found(connection, table, "id" if table is tables.event else "event_id", (event_id,))
    for table in _BY_SUBJECT:
        yield from _found(connection, table, "subject", (event_id,))
    mine = connection.execute(select(tables.run.c.id).where(tables.run.c.subject == event_id)).scalars().all()
    for table, call in _found(connection, tables.zoom_call, "run_id", mine):
        if call["method"] != "GET" or not call["path"].startswith("/users/"):  # only the first event lists hosts
            yield table, call


def _found(connection: Connection, table: Table, key: str, values: Any) -> Iterator[tuple[Table, Row]]:
    """Find rows of a table, without the numbers that it counts by itself; but with those of runs."""
    for row in connection.execute(select(table).where(table.c[key].in_(values)).order_by(*table.primary_key)):
        kept = dict(row._mapping)
        if isinstance(kept.get("id"), int) and table is not tables.run:
            del kept["id"]
        yield table, kept


def _swapped(text: str, swaps: Mapping[str, str], moved: timedelta) -> str:
    for old, new in swaps.items():
        text = text.replace(old, new)
    return _INSTANT.sub(lambda match: _moved(match[0], moved), text)


def _moved(text: str, moved: timedelta) -> str:
    exact = "seconds" if text.count(":") == 2 else "minutes"
    return (datetime.fromisoformat(text) + moved).isoformat(timespec=exact)
