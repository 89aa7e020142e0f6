"""The networks that users have signed in from with a password. Only a keyed digest of each is stored."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from ..db.upsert import upsert
from ..tables import known_network

KNOWN_FOR = timedelta(days=90)  # since the latest sign-in from there
MOST_KNOWN = 10  # networks of one user, the latest used


def is_known(connection: Connection, digests: Collection[str], now: datetime) -> bool:
    """Return whether one of the digests of a login with a network is of a known one."""
    known = select(known_network.c.seen_at).where(
        known_network.c.digest.in_(digests), known_network.c.seen_at > now - KNOWN_FOR
    )
    return connection.execute(known.limit(1)).first() is not None


def forget_known(connection: Connection, user_id: int) -> None:
    """Forget all networks that a user has signed in from."""
    connection.execute(delete(known_network).where(known_network.c.user_id == user_id))


def note_known(connection: Connection, user_id: int, digest: str, now: datetime) -> None:
    """Note that a user has signed in from a network, and forget those that were not used for longest."""
    upsert(connection, known_network, {"digest": digest}, {"user_id": user_id, "seen_at": now})
    of_user = known_network.c.user_id == user_id
    latest = select(known_network.c.digest).where(of_user).order_by(known_network.c.seen_at.desc())
    beyond = connection.execute(latest.order_by(known_network.c.digest).offset(MOST_KNOWN)).scalars().all()
    connection.execute(delete(known_network).where(of_user, known_network.c.digest.in_(beyond)))
