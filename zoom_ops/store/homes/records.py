"""Which homes there are, how far the reading of each has come, and what was read of its records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, exists, select, update

from ..db.upsert import insert_into, upsert
from ..db.values import load_values, slices
from ..identity.member_seals import rename_home
from ..tables import event as event_table
from ..tables import home_entry, home_pull, home_record

LONGEST_ID = 300  # characters of a record's id


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """How far the reading of a home has come."""

    home: str
    cursor: str = ""
    tried_at: datetime | None = None
    pulled_at: datetime | None = None
    failing_since: datetime | None = None
    failure: str | None = None
    listed: int = 0
    changed: int = 0
    took_ms: int | None = None
    read_by: str = ""
    system: str = ""
    source: str = ""
    configured: bool = True


@dataclass(frozen=True, kw_only=True)
class KnownRecord:
    """What is known of a record, without what it says."""

    record: str
    fingerprint: str
    state: str  # taken | left_out | wrong | deleted | asked
    event_id: str | None
    gone_at: datetime | None
    missed_at: datetime | None = None
    webinar_id: str | None = None  # that the home made for it: its number, or what is unclear of it

    @property
    def was_deleted(self) -> bool:
        """Whether its event was deleted here."""
        return self.state == "deleted"


@dataclass(frozen=True, kw_only=True)
class HomeRecord:
    """A record of a home, as it was last read."""

    home: str
    record: str
    event_id: str | None
    url: str
    state: str
    reason: str | None
    webinar_id: str | None
    read_at: datetime
    gone_at: datetime | None


def load_pulls(connection: Connection) -> dict[str, Pulled]:
    """Load how far the reading of each configured home has come, by name."""
    query = select(home_pull).where(home_pull.c.configured).order_by(home_pull.c.home)
    return {pulled.home: pulled for pulled in load_values(connection, Pulled, query)}


def find_pull(connection: Connection, home: str) -> Pulled:
    """Find how far the reading of a home has come; at its beginning if it was never read."""
    found = load_values(connection, Pulled, select(home_pull).where(home_pull.c.home == home))
    return found[0] if found else Pulled(home=home)


@dataclass(frozen=True, kw_only=True)
class HomeFile:
    """What the file of a home says of its records. `system`: kind and address. `source`: a digest of all of it."""

    system: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Settled:
    """The homes that have a file since now, and those that have none any more."""

    new: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def settle_homes(connection: Connection, files: Mapping[str, HomeFile]) -> Settled:
    """Note which homes have a file; return what changed.

    A home whose file has another name now takes its records along. One whose file names another system keeps the one
    from which its records came, while events depend on it: the same ids are other records there.
    """
    columns = home_pull.c["home", "configured", "system", "source"]
    rows = {row.home: row for row in connection.execute(select(*columns))}
    new = tuple(sorted(name for name in files if name not in rows or not rows[name].configured))
    lost = tuple(sorted(name for name, row in rows.items() if row.configured and name not in files))
    for name in new:
        before = [old for old, row in rows.items() if old not in files and row.source == files[name].source != ""]
        if len(before) == 1 and not _has_records(connection, name):
            _rename(connection, before[0], name)
            rows[name] = rows.pop(before[0])
    for name, file in files.items():
        values = {"configured": True, "source": file.source}
        known = rows[name].system if name in rows else ""
        if not known:
            values["system"] = file.system
        elif known != file.system and not _has_events(connection, name):
            connection.execute(delete(home_record).where(home_record.c.home == name))
            values |= {"system": file.system, "cursor": ""}
        upsert(connection, home_pull, {"home": name}, values)
    connection.execute(update(home_pull).where(home_pull.c.home.in_(lost)).values(configured=False))
    return Settled(new=new, lost=lost)


def save_pull(connection: Connection, home: str, **values: Any) -> None:
    """Write columns of how far the reading of a home has come."""
    upsert(connection, home_pull, {"home": home}, values)


def load_known(connection: Connection, home: str) -> dict[str, KnownRecord]:
    """Load what is known of all records of a home, by the home's id of them."""
    columns = home_record.c["record", "fingerprint", "state", "event_id", "gone_at", "missed_at", "webinar_id"]
    query = select(*columns).where(home_record.c.home == home)
    return {row.record: KnownRecord(**row._mapping) for row in connection.execute(query)}


def load_documents(connection: Connection, home: str, records: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Load what some records said when they were last read: Event JSON by the home's id."""
    query = select(*home_record.c["record", "document"]).where(home_record.c.home == home)
    found = (connection.execute(query.where(home_record.c.record.in_(some))) for some in slices(records))
    return {row.record: row.document for rows in found for row in rows if row.document}


def load_elsewhere(connection: Connection, home: str, event_ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Load what another home said last of some events: Event JSON by the id of the event."""
    query = select(*home_record.c["event_id", "document"]).where(home_record.c.home != home)
    query = query.order_by(home_record.c.read_at)
    found = (connection.execute(query.where(home_record.c.event_id.in_(some))) for some in slices(event_ids))
    return {row.event_id: row.document for rows in found for row in rows if row.document}


def save_records(connection: Connection, home: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write what was read of some records: rows with all columns but `home`."""
    values = [{"home": home, **row} for row in rows]
    if values:
        query = insert_into(connection, home_record)
        anew = {name: query.excluded[name] for name in values[0] if name not in ("home", "record")}
        connection.execute(query.on_conflict_do_update(index_elements=["home", "record"], set_=anew), values)


def mark_gone(connection: Connection, home: str, records: Iterable[str], gone_at: datetime | None) -> None:
    """Note since when a home has some records no more; None: it has them. Nobody has to look for these any more."""
    _mark(connection, home, records, gone_at=gone_at, missed_at=None)


def mark_missed(connection: Connection, home: str, records: Iterable[str], missed_at: datetime) -> None:
    """Note since when a home does not list some records, which may be gone."""
    _mark(connection, home, records, missed_at=missed_at)


def find_coming(connection: Connection, home: str, records: Iterable[str], now: datetime) -> frozenset[str]:
    """Find those records whose event is still to come, and is not cancelled."""
    query = select(home_record.c.record).join_from(home_record, event_table).where(home_record.c.home == home)
    query = query.where(*is_coming(now))
    found = (connection.scalars(query.where(home_record.c.record.in_(some))) for some in slices(records))
    return frozenset(record for some in found for record in some)


def list_gone(connection: Connection, now: datetime) -> tuple[Row[Any], ...]:
    """List the coming events whose record a configured home has no more: event_id, home."""
    query = select(*home_record.c["event_id", "home"]).join_from(home_record, event_table)
    query = query.join(home_pull, home_pull.c.home == home_record.c.home).where(home_pull.c.configured)
    query = query.where(home_record.c.gone_at.is_not(None), *is_coming(now))
    return tuple(connection.execute(query.order_by(home_record.c.event_id, home_record.c.home)))


def is_of(homes: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a record is of one of some homes.

    It is an expression: by the index of the homes SQLite would read all their records.
    """
    return home_record.c.home.concat("").in_(list(homes))


def is_coming(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that an event is still to come."""
    return event_table.c.status != "cancelled", event_table.c.end_at > now


def load_home_records(connection: Connection, event_id: str) -> tuple[HomeRecord, ...]:
    """Load the records of an event in its homes."""
    return load_values(connection, HomeRecord, _OF_EVENT, {"of": event_id})


_OF_EVENT = (
    select(home_record)
    .where(home_record.c.event_id == bindparam("of"))
    .order_by(home_record.c.home, home_record.c.record)
)


def find_record(connection: Connection, home: str, record: str) -> HomeRecord | None:
    """Find a record of a home, or None."""
    query = select(home_record).where(home_record.c.home == home, home_record.c.record == record)
    return next(iter(load_values(connection, HomeRecord, query)), None)


def find_document(connection: Connection, home: str, record: str) -> Mapping[str, Any] | None:
    """Find what a record said when it was last read: Event JSON; None where it is not known."""
    return load_documents(connection, home, (record,)).get(record)


def _rename(connection: Connection, old: str, new: str) -> None:
    connection.execute(delete(home_pull).where(home_pull.c.home == new))
    rename_home(connection, old, new)
    for table in (home_pull, home_record, home_entry):
        connection.execute(update(table).where(table.c.home == old).values(home=new))


def _has_records(connection: Connection, home: str) -> bool:
    return bool(connection.scalar(select(exists().where(home_record.c.home == home))))


def _has_events(connection: Connection, home: str) -> bool:
    return bool(
        connection.scalar(select(exists().where(home_record.c.home == home, home_record.c.event_id.is_not(None))))
    )


def _mark(connection: Connection, home: str, records: Iterable[str], **values: Any) -> None:
    for some in slices(records):
        ours = home_record.c.home == home, home_record.c.record.in_(some)
        connection.execute(update(home_record).where(*ours).values(**values))
