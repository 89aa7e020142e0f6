"""What clients were refused in the last hours, by minute, kind and network, added up over all processes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, bindparam, delete, select

from .db.upsert import insert_into
from .tables import refusal

_Key = TypeVar("_Key", bound=tuple[str, str])
_SINCE = (
    select(refusal).where(refusal.c.at >= bindparam("since")).order_by(refusal.c.at, refusal.c.kind, refusal.c.network)
)
KEPT = timedelta(hours=2)  # the addresses too: no page shows more than an hour


@dataclass(frozen=True, kw_only=True)
class Refused:
    """How often something was refused to a network in a minute. The network "" stands for many."""

    at: datetime  # begin of the minute
    kind: str
    network: str
    count: int


def add_refusals(connection: Connection, counts: Mapping[_Key, int], now: datetime) -> None:
    """Add counts, by kind and network, to this minute, and delete what is too old."""
    connection.execute(delete(refusal).where(refusal.c.at < now - KEPT))
    at = now.replace(second=0, microsecond=0)
    rows = [  # sorted: processes that add to the same rows lock them in the same order
        {"at": at, "kind": kind, "network": network, "refused": count}
        for (kind, network), count in sorted(counts.items())
    ]
    added = insert_into(connection, refusal)
    total = refusal.c.refused + added.excluded.refused
    connection.execute(
        added.on_conflict_do_update(index_elements=["at", "kind", "network"], set_={"refused": total}), rows
    )


def load_refusals(connection: Connection, since: datetime) -> tuple[Refused, ...]:
    """Load what was refused since a moment, the oldest first."""
    rows = connection.execute(_SINCE, {"since": since})
    return tuple(Refused(at=row.at, kind=row.kind, network=row.network, count=row.refused) for row in rows)
