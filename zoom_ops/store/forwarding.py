"""Which peers sent the headers of a proxy, as the processes of an installation have noted it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from .db.facts import find_fact, forget_facts, keep_fact
from .tables import meta

_UNTRUSTED, _TRUSTED = "forwarded by ", "forwarded"  # rows of meta: one for each peer, and one for all that are trusted
RENEWED_EVERY = timedelta(hours=6)
_HOLDS = timedelta(days=1)  # a peer that has sent none for so long counts no more


@dataclass(frozen=True, kw_only=True)
class Forwarding:
    """The peers of our own network whose headers were not believed lately, and whether a trusted one sent any."""

    untrusted: tuple[str, ...] = ()  # addresses, in order
    from_trusted: bool = False


def load_forwarding(connection: Connection, now: datetime) -> Forwarding:
    """Load what the processes have noted."""
    lately = (address for address, at in _load_untrusted(connection).items() if now - at < _HOLDS)
    return Forwarding(untrusted=tuple(lately), from_trusted=find_fact(connection, _TRUSTED) is not None)


def note_untrusted(connection: Connection, address: str, now: datetime) -> None:
    """Note that a peer in our own network has sent the headers of a proxy, and is not trusted. Forget the old ones."""
    keep_fact(connection, f"{_UNTRUSTED}{address}", now.isoformat())
    old = [each for each, at in _load_untrusted(connection).items() if now - at >= _HOLDS]
    forget_facts(connection, *(f"{_UNTRUSTED}{each}" for each in old))


def note_trusted(connection: Connection, now: datetime) -> None:
    """Note that a trusted proxy says who asks."""
    keep_fact(connection, _TRUSTED, now.isoformat())


def _load_untrusted(connection: Connection) -> dict[str, datetime]:
    """Load when each peer was noted, by address."""
    query = select(meta).where(meta.c.name.startswith(_UNTRUSTED, autoescape=True)).order_by(meta.c.name)
    rows = connection.execute(query)
    return {row.name.removeprefix(_UNTRUSTED): datetime.fromisoformat(row.value) for row in rows}
