"""Webinars that others made on our hosts, as each host's list last showed them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, exists, insert, or_, select, update

from ...webinars import overlap
from ..db.partial_indexes import IS_INTENT
from ..tables import binding, effect
from ..tables import foreign_webinar as foreign
from ..tables import host as host_table

FRESH = timedelta(hours=1)  # so long a host's list counts as known
LIST_LAG = timedelta(seconds=10)  # a change may be missing from a list for so long

Times = tuple[tuple[datetime, datetime], ...]
_is_bound = exists().where(
    binding.c.account == foreign.c.account,
    binding.c.webinar_id == foreign.c.webinar_id,
    binding.c.state != "cancelled",
)
_FOREIGN = select(foreign).where(foreign.c.account == bindparam("of"), ~_is_bound).order_by(foreign.c.webinar_id)
_BETWEEN = _FOREIGN.where(overlap(foreign.c.first_at, foreign.c.last_at, bindparam("begins"), bindparam("ends")))
_COMING = _FOREIGN.where(or_(foreign.c.last_at.is_(None), foreign.c.last_at > bindparam("now")))


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """A webinar on a host of ours that no event has. `times`: start and end of each date; none without a fixed time."""

    account: str
    webinar_id: int
    host: str
    topic: str
    kind: int  # 5: once, 6: without a fixed time, 9: a series
    shown: str  # its dates as the list shows them: a series is read again when they change
    times: Times


def load_foreign(connection: Connection, account: str, start: datetime, end: datetime) -> tuple[Foreign, ...]:
    """Load the foreign webinars of an account that may take place in a time."""
    rows = connection.execute(_BETWEEN, {"of": account, "begins": start, "ends": end})
    return tuple(map(read_foreign, rows))


def load_coming(connection: Connection, account: str, now: datetime) -> tuple[Foreign, ...]:
    """Load the foreign webinars of an account that are not over, also those without a fixed time."""
    return tuple(map(read_foreign, connection.execute(_COMING, {"of": account, "now": now})))


def load_listed(connection: Connection, account: str, host: str) -> dict[int, Foreign]:
    """Load the foreign webinars that a host's list showed, by webinar id."""
    return {row.webinar_id: read_foreign(row) for row in connection.execute(_select_foreign(account, host))}


def load_unlisted_hosts(connection: Connection, account: str, now: datetime) -> frozenset[str]:
    """Load the hosts whose lists are not known: never read, an hour old, or changed since."""
    fresh = (host_table.c.listed_at > now - FRESH) & (
        host_table.c.changed_at.is_(None) | (host_table.c.changed_at <= host_table.c.listed_at)
    )
    rows = connection.execute(select(host_table.c.email, fresh.label("fresh")).where(host_table.c.account == account))
    return frozenset(row.email for row in rows if not row.fresh)


def save_listed(connection: Connection, account: str, host: str, listed: Iterable[Foreign], at: datetime) -> None:
    """Replace the foreign webinars of a host by these, of a list that was read at a moment."""
    connection.execute(delete(foreign).filter_by(account=account, host=host))
    for webinar in {row.webinar_id: row for row in listed}.values():
        connection.execute(delete(foreign).filter_by(account=account, webinar_id=webinar.webinar_id))
        connection.execute(insert(foreign).values(_row(webinar)))
    mark_listed(connection, account, host, at)


def mark_listed(connection: Connection, account: str, host: str, at: datetime) -> None:
    """Note when a host's list was read."""
    connection.execute(update(host_table).filter_by(account=account, email=host).values(listed_at=at))


def mark_changed(connection: Connection, account: str, zoom_ids: Iterable[str], now: datetime) -> None:
    """Note that the lists of some hosts have changed, but for the webinars that we are just creating on them."""
    ours = exists().where(
        IS_INTENT,
        effect.c.kind == "CreateWebinar",
        effect.c.action["account"].as_string() == host_table.c.account,
        effect.c.action["host"].as_string() == host_table.c.email,
    )
    query = update(host_table).where(host_table.c.account == account, host_table.c.zoom_id.in_(list(zoom_ids)), ~ours)
    connection.execute(query.values(changed_at=now + LIST_LAG))


def read_foreign(row: Any) -> Foreign:
    """Read a foreign webinar from its row."""
    times = tuple((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in row.times)
    values = {name: getattr(row, name) for name in ("account", "webinar_id", "host", "topic", "kind", "shown")}
    return Foreign(**values, times=times)


def _select_foreign(account: str, host: str) -> Select[Any]:
    return select(foreign).filter_by(account=account, host=host)


def _row(webinar: Foreign) -> dict[str, Any]:
    return {
        **asdict(webinar),
        "times": [[start.isoformat(), end.isoformat()] for start, end in webinar.times],
        "first_at": min((start for start, _ in webinar.times), default=None),
        "last_at": max((end for _, end in webinar.times), default=None),
    }
