"""How far the reading of each home has come, and what was read of its records."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from .db.upsert import insert_into, upsert
from .db.values import load_values, slices
from .tables import event as event_table
from .tables import home_entry, home_pull, home_record

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
    configured: bool = True


@dataclass(frozen=True, kw_only=True)
class KnownRecord:
    """What is known of a record, without what it says."""

    record: str
    fingerprint: str
    state: str  # taken | left_out | wrong | deleted | asked
    event_id: str | None
    gone_at: datetime | None

    @property
    def was_deleted(self) -> bool:
        """Whether its event was deleted here."""
        return self.state == "deleted" or (self.state == "taken" and self.event_id is None)


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
class Settled:
    """The homes that have a file since now, and those that have none any more."""

    new: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def settle_homes(connection: Connection, names: Collection[str]) -> Settled:
    """Note which homes have a file; return what changed."""
    rows = {row.home: row.configured for row in connection.execute(select(home_pull.c.home, home_pull.c.configured))}
    new = tuple(sorted(set(names) - {name for name, configured in rows.items() if configured}))
    for name in new:
        upsert(connection, home_pull, {"home": name}, {"configured": True})
    lost = tuple(sorted(name for name, configured in rows.items() if configured and name not in names))
    if lost:
        connection.execute(update(home_pull).where(home_pull.c.home.in_(lost)).values(configured=False))
    return Settled(new=new, lost=lost)


def save_pull(connection: Connection, home: str, **values: Any) -> None:
    """Write columns of how far the reading of a home has come."""
    upsert(connection, home_pull, {"home": home}, values)


def load_known(connection: Connection, home: str) -> dict[str, KnownRecord]:
    """Load what is known of all records of a home, by the home's id of them."""
    columns = home_record.c["record", "fingerprint", "state", "event_id", "gone_at"]
    query = select(*columns).where(home_record.c.home == home)
    return {row.record: KnownRecord(**row._mapping) for row in connection.execute(query)}


def load_documents(connection: Connection, home: str, records: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Load what some records said when they were last read: Event JSON by the home's id."""
    query = select(*home_record.c["record", "document"]).where(home_record.c.home == home)
    found = (connection.execute(query.where(home_record.c.record.in_(some))) for some in slices(records))
    return {row.record: row.document for rows in found for row in rows if row.document}


def save_records(connection: Connection, home: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write what was read of some records: rows with all columns but `home`."""
    values = [{"home": home, **row} for row in rows]
    if values:
        query = insert_into(connection, home_record)
        anew = {name: query.excluded[name] for name in values[0] if name not in ("home", "record")}
        connection.execute(query.on_conflict_do_update(index_elements=["home", "record"], set_=anew), values)


def mark_gone(connection: Connection, home: str, records: Iterable[str], gone_at: datetime | None) -> None:
    """Note since when a home has some records no more; None: it has them again."""
    for some in slices(records):
        ours = home_record.c.home == home, home_record.c.record.in_(some)
        connection.execute(update(home_record).where(*ours).values(gone_at=gone_at))


def list_gone(connection: Connection, now: datetime) -> tuple[Row[Any], ...]:
    """List the coming events whose record a home has no more: event_id, home, url, gone_at."""
    query = select(*home_record.c["event_id", "home", "url", "gone_at"]).join_from(home_record, event_table)
    gone = home_record.c.gone_at.is_not(None), event_table.c.status != "cancelled", event_table.c.end_at > now
    return tuple(connection.execute(query.where(*gone).order_by(home_record.c.event_id, home_record.c.home)))


def load_home_records(connection: Connection, event_id: str) -> tuple[HomeRecord, ...]:
    """Load the records of an event in its homes."""
    query = select(home_record).where(home_record.c.event_id == event_id)
    return load_values(connection, HomeRecord, query.order_by(home_record.c.home, home_record.c.record))


def find_document(connection: Connection, home: str, record: str) -> Mapping[str, Any] | None:
    """Find what a record said when it was last read: Event JSON; None where it is not known."""
    return load_documents(connection, home, (record,)).get(record)


def list_troubled(connection: Connection, home: str, limit: int) -> tuple[HomeRecord, ...]:
    """List the records of a home that cannot be read, the latest first."""
    query = select(home_record).where(home_record.c.home == home, home_record.c.state == "wrong")
    return load_values(connection, HomeRecord, query.order_by(home_record.c.read_at.desc()).limit(limit))


def count_records(connection: Connection) -> dict[str, dict[str, int]]:
    """Count the records of each home by state; those that are gone are counted as `gone`."""
    counts: dict[str, dict[str, int]] = {}
    gone, deleted = home_record.c.gone_at.is_not(None), home_record.c.event_id.is_(None)
    columns = home_record.c.home, home_record.c.state, gone.label("gone"), deleted.label("deleted")
    query = select(*columns, func.count().label("number")).group_by(*columns[:2], gone, deleted)
    for row in connection.execute(query):
        state = "deleted" if row.state == "taken" and row.deleted else "gone" if row.gone else row.state
        of_home = counts.setdefault(row.home, {})
        of_home[state] = of_home.get(state, 0) + row.number
    return counts


def count_links(connection: Connection) -> dict[str, int]:
    """Count our links that stand in the records of each home, by home."""
    query = select(home_entry.c.home, func.count()).where(home_entry.c.written.is_not(None))
    return dict(map(tuple, connection.execute(query.group_by(home_entry.c.home))))
