"""Stops of Zoom accounts: the state of the circuit breaker, and the pauses of operators."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, or_, select, update

from ..db.upsert import upsert
from ..tables import account_stop as stops

Cause = Literal["credentials", "scopes", "errors", "paused"]
_STOPPED = stops.c.state == "stopped"
_PAUSED = stops.c.paused_at.is_not(None)
_ALL = select(stops).where(or_(_STOPPED, _PAUSED)).order_by(stops.c.account, stops.c.verb)
_OF_ACCOUNT = _ALL.where(stops.c.account == bindparam("account"))


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A stop of an account or of one verb of it: no calls to Zoom but single trial calls.

    A pause (`cause` is "paused") is a stop of the whole account by an operator, without trial calls.
    """

    account: str
    verb: str = ""  # empty: every call
    cause: Cause
    sentence: str  # of a pause: the operator's note
    since: datetime
    by: str = ""  # who paused it
    fingerprint: str = ""  # of what Zoom refused
    retry_at: datetime | None = None  # when one trial call is allowed; None: not automatically
    trials: int = 0  # failed ones in a row

    @property
    def is_pause(self) -> bool:
        """Whether an operator has paused the account."""
        return self.cause == "paused"


_STORED = tuple(field.name for field in fields(Stop) if field.name != "by")  # each is a column


def load_stops(connection: Connection, account: str | None = None) -> tuple[Stop, ...]:
    """Load the stops of an account, or of all accounts; the pause of an account comes before its stops."""
    found: list[Stop] = []
    for row in connection.execute(_ALL if account is None else _OF_ACCOUNT, {"account": account}):
        if row.paused_at is not None:
            found.append(
                Stop(
                    account=row.account,
                    cause="paused",
                    sentence=row.pause_note,
                    since=row.paused_at,
                    by=row.paused_by,
                )
            )
        if row.state == "stopped":
            found.append(Stop(**{name: getattr(row, name) for name in _STORED}))
    return tuple(found)


def pause_account(connection: Connection, account: str, note: str, by: str, now: datetime) -> None:
    """Pause an account, or change the note of its pause. The state of the circuit breaker stays."""
    unknown = {"state": "working", "cause": "paused", "sentence": "", "since": now, "fingerprint": ""}
    upsert(connection, stops, {"account": account, "verb": ""}, {"pause_note": note, "paused_by": by}, **unknown)
    since = update(stops).where(stops.c.account == account, stops.c.verb == "", ~_PAUSED)
    connection.execute(since.values(paused_at=now))


def end_pause(connection: Connection, account: str) -> bool:
    """End the pause of an account; return False where it was not paused."""
    query = update(stops).where(stops.c.account == account, _PAUSED)
    return connection.execute(query.values(paused_at=None, paused_by=None, pause_note=None)).rowcount == 1


def save_stop(connection: Connection, stop: Stop) -> None:
    """Stop an account or a verb. Where it is stopped already, its `since` stays."""
    key = {"account": stop.account, "verb": stop.verb}
    since = {"since": stop.since}
    values = {name: getattr(stop, name) for name in _STORED if name not in key | since}
    if connection.execute(update(stops).where(_key(stop), _STOPPED).values(values)).rowcount == 0:
        upsert(connection, stops, key, values | since | {"state": "stopped"})


def claim_trial(connection: Connection, stop: Stop, *, fingerprint: str, until: datetime) -> bool:
    """Claim the one trial call of a stop; return False where another caller has claimed it.

    The next trial call is allowed at `until`, unless the claimed one ends the stop or postpones it.
    """
    unclaimed = (stops.c.fingerprint == stop.fingerprint) & stops.c.retry_at.is_not_distinct_from(stop.retry_at)
    query = update(stops).where(_key(stop), _STOPPED, unclaimed)
    return connection.execute(query.values(retry_at=until, fingerprint=fingerprint)).rowcount == 1


def postpone_trial(connection: Connection, stop: Stop, retry_at: datetime, *, trials: int) -> None:
    """Set when the next trial call is allowed and how many have failed."""
    connection.execute(update(stops).where(_key(stop), _STOPPED).values(retry_at=retry_at, trials=trials))


def grant_trials(connection: Connection, account: str, now: datetime, *, verb: str | None = None) -> int:
    """Allow one trial call now for each stop of an account, or of one verb of it; return the number of stops."""
    query = update(stops).where(stops.c.account == account, _STOPPED).values(retry_at=now)
    return connection.execute(query if verb is None else query.where(stops.c.verb == verb)).rowcount


def end_stop(connection: Connection, stop: Stop, now: datetime, *, after_call: int) -> bool:
    """End a stop; return False where it had ended. Calls up to `after_call` do not count towards the next stop."""
    query = update(stops).where(_key(stop), _STOPPED)
    ended = query.values(state="working", since=now, retry_at=None, trials=0, after_call=after_call)
    return connection.execute(ended).rowcount == 1


def find_after_call(connection: Connection, account: str) -> int:
    """Return the number of the latest call of an account that no longer counts, 0 for none."""
    query = select(stops.c.after_call).where(stops.c.account == account, stops.c.verb == "")
    return int(connection.scalar(query) or 0)


def _key(stop: Stop) -> Any:
    return (stops.c.account == stop.account) & (stops.c.verb == stop.verb)
