"""What operators are told of the records of homes: how many there are, which were left out, which cannot be read."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, func, select

from ..db.values import load_values
from ..tables import home_entry, home_record
from .records import HomeRecord


def list_troubled(connection: Connection, home: str, limit: int) -> tuple[HomeRecord, ...]:
    """List the records of a home that cannot be read, the latest first."""
    query = select(home_record).where(home_record.c.home == home, home_record.c.state == "wrong")
    return load_values(
        connection, HomeRecord, query.order_by(home_record.c.read_at.desc(), home_record.c.record).limit(limit)
    )


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """How many records of a home were left out for a reason, and the latest of them: pairs of id and address."""

    reason: str
    count: int
    records: tuple[tuple[str, str], ...]


def list_left_out(connection: Connection, *, reasons: int, records: int) -> dict[str, tuple[LeftOut, ...]]:
    """List by home why its records were left out, the most frequent reason first, each with the latest of them."""
    alike = [home_record.c.home, home_record.c.reason]
    latest = [home_record.c.read_at.desc(), home_record.c.record]
    ranked = select(
        *home_record.c["home", "reason", "record", "url"],
        func.count().over(partition_by=alike).label("number"),
        func.row_number().over(partition_by=alike, order_by=latest).label("rank"),
    ).where(home_record.c.state == "left_out", home_record.c.gone_at.is_(None))
    some = ranked.subquery()
    query = select(some).where(some.c.rank <= records)
    rows = connection.execute(query.order_by(some.c.home, some.c.number.desc(), some.c.reason, some.c.rank))
    found: dict[str, list[LeftOut]] = {}
    for (home, reason, number), group in groupby(rows, attrgetter("home", "reason", "number")):
        named = tuple((row.record, row.url) for row in group)
        found.setdefault(home, []).append(LeftOut(reason=reason or "", count=number, records=named))
    return {home: tuple(each[:reasons]) for home, each in found.items()}


def count_records(connection: Connection) -> dict[str, dict[str, int]]:
    """Count the records of each home by state; those that are gone are counted as `gone`."""
    counts: dict[str, dict[str, int]] = {}
    columns = home_record.c["state", "home"]  # in this order the index has them
    query = select(*columns, func.count().label("number"), func.count(home_record.c.gone_at).label("gone"))
    for row in connection.execute(query.group_by(*columns)):
        gone = row.gone if row.state != "deleted" else 0
        of_home = counts.setdefault(row.home, {})
        for state, number in ((row.state, row.number - gone), ("gone", gone)):
            if number:
                of_home[state] = of_home.get(state, 0) + number
    return counts


def count_links(connection: Connection) -> dict[str, int]:
    """Count our links that stand in the records of each home, by home."""
    query = select(home_entry.c.home, func.count()).where(home_entry.c.written.is_not(None))
    return dict(map(tuple, connection.execute(query.group_by(home_entry.c.home))))
