"""Keep which webinars at Zoom no event has, as they were when last read: whose mark they carry, or that it is none."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, select

from .db.upsert import upsert
from .tables import unbound_webinar as unbound


@dataclass(frozen=True, kw_only=True)
class Unbound:
    """A webinar that no event has, as it was when it was last read."""

    account: str
    webinar_id: int
    host: str
    shown: str  # digest of its agenda as the host's list showed it then
    event_id: str | None  # whom its mark names, whether there is such an event or not; None: it carries none of ours


def load_unbound(connection: Connection, account: str, host: str) -> dict[int, Unbound]:
    """Load what was read of a host's webinars, by their numbers."""
    rows = connection.execute(select(unbound).filter_by(account=account, host=host))
    return {row.webinar_id: Unbound(**row._asdict()) for row in rows}


def load_strays(connection: Connection, event_id: str) -> tuple[Unbound, ...]:
    """Load the webinars that carry the mark of an event and are not its own."""
    query = select(unbound).filter_by(event_id=event_id)
    rows = connection.execute(query.order_by(unbound.c.account, unbound.c.host, unbound.c.webinar_id))
    return tuple(Unbound(**row._asdict()) for row in rows)


def save_unbound(connection: Connection, read: Unbound) -> None:
    """Write down what was read of a webinar."""
    values = asdict(read)
    key = {name: values.pop(name) for name in ("account", "webinar_id")}
    upsert(connection, unbound, key, values)


def keep_unbound(connection: Connection, account: str, host: str, kept: Iterable[Unbound]) -> None:
    """Keep these of a host's webinars, and forget the others."""
    connection.execute(delete(unbound).filter_by(account=account, host=host))
    for read in kept:
        save_unbound(connection, read)
