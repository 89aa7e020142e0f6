"""Which peers sent the headers of a proxy, as the processes of an installation have noted it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from .db.facts import find_fact, forget_facts, keep_fact
from .tables import meta

_UNTRUSTED, _TRUSTED = "forwarded by ", "forwarded"  # rows of meta: one for each peer, and one for all that are trusted
_MISNAMED = "asked for as "  # and one for each host
RENEWED_EVERY = timedelta(hours=6)
_HOLDS = timedelta(days=1)  # a peer that has sent none for so long counts no more


@dataclass(frozen=True, kw_only=True)
class Forwarding:
    """The peers of our own network whose headers were not believed lately, and whether a trusted one sent any."""

    untrusted: tuple[str, ...] = ()  # addresses, in order
    from_trusted: bool = False
    misnamed: tuple[str, ...] = ()  # hosts that are not ours, for which a proxy asked lately


def load_forwarding(connection: Connection, now: datetime) -> Forwarding:
    """Load what the processes have noted."""
    return Forwarding(
        untrusted=_load_lately(connection, _UNTRUSTED, now),
        from_trusted=find_fact(connection, _TRUSTED) is not None,
        misnamed=_load_lately(connection, _MISNAMED, now),
    )


def note_untrusted(connection: Connection, address: str, now: datetime) -> None:
    """Note that a peer in our own network has sent the headers of a proxy, and is not trusted. Forget the old ones."""
    _note(connection, _UNTRUSTED, address, now)


def note_trusted(connection: Connection, now: datetime) -> None:
    """Note that a trusted proxy says who asks."""
    keep_fact(connection, _TRUSTED, now.isoformat())


def note_misnamed(connection: Connection, host: str, now: datetime) -> None:
    """Note that a proxy asks for a host that is not ours. Forget the old ones."""
    _note(connection, _MISNAMED, host, now)


def _note(connection: Connection, kind: str, name: str, now: datetime) -> None:
    keep_fact(connection, f"{kind}{name}", now.isoformat())
    old = [each for each, at in _load(connection, kind).items() if now - at >= _HOLDS]
    forget_facts(connection, *(f"{kind}{each}" for each in old))


def _load_lately(connection: Connection, kind: str, now: datetime) -> tuple[str, ...]:
    return tuple(name for name, at in _load(connection, kind).items() if now - at < _HOLDS)


def _load(connection: Connection, kind: str) -> dict[str, datetime]:
    """Load when each of a kind was noted, by name."""
    query = select(meta).where(meta.c.name.startswith(kind, autoescape=True)).order_by(meta.c.name)
    rows = connection.execute(query)
    return {row.name.removeprefix(kind): datetime.fromisoformat(row.value) for row in rows}
