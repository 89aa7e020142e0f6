"""That a database was restored from a backup: since then it may know less than Zoom."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from ..db.facts import find_fact, keep_fact
from ..tables import binding, effect, event_change, run, seat, session, unbound_webinar

_RESTORED = "restored"  # the row of meta


@dataclass(frozen=True, kw_only=True)
class Restoration:
    """When a database was restored, how old its content was, and which accounts were looked at since."""

    at: datetime
    as_of: datetime | None  # the latest thing that it knew; None: nothing had happened yet
    looked: tuple[str, ...] = ()


def mark_restored(connection: Connection, now: datetime) -> Restoration:
    """Note that the database was restored now.

    What a backup knows of webinars counts as old, so that each is read again before anything is sent; one that was
    nobody's may have been adopted. Orders that may have been carried out since are dropped: invitations to be sent
    again, moves to another host. Sessions end.
    """
    restoration = Restoration(at=now, as_of=find_latest(connection))
    connection.execute(update(seat).values(resend=None))
    connection.execute(update(binding).values(move_to=None))
    before = now - timedelta(seconds=1)
    connection.execute(update(binding).where(binding.c.known_at > before).values(known_at=before))
    connection.execute(delete(unbound_webinar))
    connection.execute(delete(session))
    _save(connection, restoration)
    return restoration


def find_restoration(connection: Connection) -> Restoration | None:
    """Find when the database was last restored, or None."""
    value = find_fact(connection, _RESTORED)
    if value is None:
        return None
    row = json.loads(value)
    as_of = datetime.fromisoformat(row["as_of"]) if row["as_of"] else None
    return Restoration(at=datetime.fromisoformat(row["at"]), as_of=as_of, looked=tuple(row["looked"]))


def note_looked(connection: Connection, account: str) -> None:
    """Note that the webinars of an account were looked at since the database was restored."""
    restoration = find_restoration(connection)
    if restoration and account not in restoration.looked:
        looked = (*restoration.looked, account)
        _save(connection, Restoration(at=restoration.at, as_of=restoration.as_of, looked=looked))


def find_latest(connection: Connection) -> datetime | None:
    """Find the time of the latest thing that a database knows: a change, a run, a sign of life of the daemon."""
    beat = find_fact(connection, "heartbeat")
    moments = [datetime.fromisoformat(beat)] if beat else []
    for column in (event_change.c.at, effect.c.began, run.c.created):
        newest = select(column).order_by(column.table.c.id.desc()).limit(1)
        moments += connection.scalars(newest)
    return max(moments, default=None)


def _save(connection: Connection, restoration: Restoration) -> None:
    value = {
        "at": restoration.at.isoformat(),
        "as_of": restoration.as_of.isoformat() if restoration.as_of else None,
        "looked": list(restoration.looked),
    }
    keep_fact(connection, _RESTORED, json.dumps(value))
