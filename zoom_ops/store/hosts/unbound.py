"""Webinars at Zoom that belong to no event, as last read, with the event in their marker."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, select

from ..db.upsert import upsert
from ..db.values import load_values
from ..tables import unbound_webinar as unbound

STRAY = "webinar_stray"  # the kind of the alert about one that carries an event's marker


@dataclass(frozen=True, kw_only=True)
class Unbound:
    """A webinar that belongs to no event, as last read."""

    account: str
    webinar_id: int
    host: str
    shown: str  # digest of its agenda in the host's list at that time
    event_id: str | None  # event in its marker, which may not exist; None: no marker of ours


def load_unbound(connection: Connection, account: str, host: str) -> dict[int, Unbound]:
    """Load the unbound webinars of a host, by webinar id."""
    webinars = load_values(connection, Unbound, select(unbound).filter_by(account=account, host=host))
    return {webinar.webinar_id: webinar for webinar in webinars}


def load_strays(connection: Connection, event_id: str) -> tuple[Unbound, ...]:
    """Load the unbound webinars that carry the marker of an event."""
    query = select(unbound).filter_by(event_id=event_id)
    return load_values(connection, Unbound, query.order_by(unbound.c.account, unbound.c.host, unbound.c.webinar_id))


def save_unbound(connection: Connection, webinar: Unbound) -> None:
    """Write an unbound webinar as it was read."""
    values = asdict(webinar)
    key = {name: values.pop(name) for name in ("account", "webinar_id")}
    upsert(connection, unbound, key, values)


def forget_unbound(connection: Connection, account: str, webinar_id: int) -> None:
    """Forget an unbound webinar that is gone, or whose marker was changed."""
    connection.execute(delete(unbound).filter_by(account=account, webinar_id=webinar_id))


def keep_unbound(connection: Connection, account: str, host: str, kept: Iterable[Unbound]) -> None:
    """Replace the unbound webinars of a host by these."""
    connection.execute(delete(unbound).filter_by(account=account, host=host))
    for webinar in kept:
        save_unbound(connection, webinar)
