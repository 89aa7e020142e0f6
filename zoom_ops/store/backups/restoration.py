"""That a database was restored from a backup: since then it may know less than Zoom."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from ..db.facts import find_fact, keep_fact
from ..tables import binding, effect, event_change, run, seat, session, unbound_webinar
from .newer import forget_newer, load_newer, lock_newer

_RESTORED = "restored"  # the row of meta


@dataclass(frozen=True, kw_only=True)
class Restoration:
    """When a database was restored, how old its content was, and which accounts were looked at since."""

    at: datetime
    as_of: datetime | None  # the latest thing that it knew; None: nothing had happened yet
    looked: tuple[str, ...] = ()
    dismissed: bool = False  # an operator has read what was found


def is_older(restoration: Restoration, webinar: Any) -> Any:
    """Return whether what is known of a webinar is from before the restoration.

    `webinar`: a row of `binding`, or the columns of that table; then the answer is a condition in SQL.
    """
    return (webinar.state != "cancelled") & (webinar.known_at < restoration.at)


def mark_restored(connection: Connection, now: datetime) -> Restoration:
    """Note that the database was restored now.

    What a backup knows of webinars counts as old, so that each is read again before anything is sent; one that was
    nobody's may have been adopted. Orders that may have been carried out since are dropped: invitations to be sent
    again, moves to another host. Sessions end. Where nothing was done since it was marked before, it keeps the age that
    it had then: what is newest in it is of the restoration itself.
    """
    before = find_restoration(connection)
    is_same = before is not None and not _was_worked_on(connection, before)
    restoration = Restoration(at=now, as_of=before.as_of if before and is_same else find_latest(connection))
    forget_newer(connection)
    connection.execute(update(seat).values(resend=None))
    connection.execute(update(binding).values(move_to=None))
    moment = now - timedelta(seconds=1)
    connection.execute(update(binding).where(binding.c.known_at > moment).values(known_at=moment))
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
    return Restoration(
        at=datetime.fromisoformat(row["at"]),
        as_of=as_of,
        looked=tuple(row["looked"]),
        dismissed=row.get("dismissed", False),
    )


def note_looked(connection: Connection, account: str) -> None:
    """Note that the webinars of an account were looked at since the database was restored."""
    lock_newer(connection)
    restoration = find_restoration(connection)
    if restoration and account not in restoration.looked:
        _save(connection, replace(restoration, looked=(*restoration.looked, account)))


def dismiss(connection: Connection, digest: str) -> bool:
    """Show no more what was found, if it is still what `digest` names; return whether that was so.

    What is found later is shown again.
    """
    lock_newer(connection)
    restoration, newer = find_restoration(connection), load_newer(connection)
    if restoration is None or newer.digest != digest or (restoration.dismissed and not newer):
        return False
    _save(connection, replace(restoration, dismissed=True))
    forget_newer(connection)
    return True


def find_latest(connection: Connection) -> datetime | None:
    """Find the time of the latest thing that a database knows: a change, a run, a sign of life of the daemon."""
    beat = find_fact(connection, "heartbeat")
    moments = [datetime.fromisoformat(beat)] if beat else []
    for column in (event_change.c.at, effect.c.began, run.c.created):
        newest = select(column).order_by(column.table.c.id.desc()).limit(1)
        moments += connection.scalars(newest)
    return max(moments, default=None)


def _was_worked_on(connection: Connection, restoration: Restoration) -> bool:
    """Return whether a daemon has lived on a restored database, or a change was sent from it."""
    beat = find_fact(connection, "heartbeat")
    return beat is not None or connection.scalar(select(effect.c.id).where(effect.c.began > restoration.at)) is not None


def _save(connection: Connection, restoration: Restoration) -> None:
    value = {
        "at": restoration.at.isoformat(),
        "as_of": restoration.as_of.isoformat() if restoration.as_of else None,
        "looked": list(restoration.looked),
        "dismissed": restoration.dismissed,
    }
    keep_fact(connection, _RESTORED, json.dumps(value))
