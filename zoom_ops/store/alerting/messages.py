"""Messages to operators, and the targets that they go to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, insert, literal_column, select, update

from ..alerts import Severity
from ..db.upsert import upsert
from ..db.values import load_values
from ..tables import alert_target, operator_message, problem_told

WAITING = operator_message.c.state == literal_column("'waiting'")  # written as in the index, so that SQLite uses it
_TARGETS = select(alert_target)
_BY_STATE = operator_message.c.target, operator_message.c.state
_COUNTS = select(*_BY_STATE, func.count().label("messages")).group_by(*_BY_STATE)
State = Literal["waiting", "taken", "failed", "skipped"]


@dataclass(frozen=True, kw_only=True)
class StoredMessage:
    """A message to one target and the state of its delivery."""

    id: str
    target: str
    kind: str
    severity: Severity
    title: str
    body: str
    problem: str | None  # that it is about; None: several, or a digest
    account: str | None
    at: datetime
    state: State
    attempts: int
    next_at: datetime | None
    tried_at: datetime | None
    answer: str | None


def load_targets(connection: Connection) -> dict[str, Row[Any]]:
    """Load the known targets, by id."""
    return {row.target: row for row in connection.execute(_TARGETS)}


def save_target(connection: Connection, target: str, label: str, now: datetime) -> None:
    """Write a target; its first digest is the next one."""
    upsert(connection, alert_target, {"target": target}, {"label": label}, since=now, digest_at=now)


def change_target(connection: Connection, target: str, **values: Any) -> None:
    """Write columns of a target."""
    connection.execute(update(alert_target).where(alert_target.c.target == target).values(values))


def remove_target(connection: Connection, target: str, answer: str) -> int:
    """Forget a target and give up its waiting messages; return their number."""
    connection.execute(delete(alert_target).where(alert_target.c.target == target))
    connection.execute(delete(problem_told).where(problem_told.c.target == target))
    values = {"state": "failed", "next_at": None, "answer": answer}
    mine = operator_message.c.target == target
    return connection.execute(update(operator_message).where(mine, WAITING).values(values)).rowcount


def post_message(connection: Connection, message: Mapping[str, Any]) -> None:
    """Write a message to send: id, target, kind, severity, title, body, problem, account, at."""
    connection.execute(insert(operator_message).values({**message, "state": "waiting", "next_at": message["at"]}))


def load_due(connection: Connection, target: str, now: datetime, limit: int) -> tuple[StoredMessage, ...]:
    """Load the due messages to a target, the oldest first."""
    mine = (operator_message.c.target == target, WAITING, operator_message.c.next_at <= now)
    query = select(operator_message).where(*mine).order_by(operator_message.c.at, operator_message.c.id)
    return load_values(connection, StoredMessage, query.limit(limit))


def note_attempt(connection: Connection, message_id: str, **values: Any) -> None:
    """Write the result of an attempt: state, next_at (None if not given), attempts, tried_at, answer."""
    query = update(operator_message).where(operator_message.c.id == message_id, WAITING)
    connection.execute(query.values({"next_at": None, **values}))


def put_off(connection: Connection, target: str, until: datetime) -> None:
    """Postpone the waiting messages to a target until a moment at least."""
    mine = (operator_message.c.target == target, WAITING, operator_message.c.next_at < until)
    connection.execute(update(operator_message).where(*mine).values(next_at=until))


def hurry(connection: Connection, target: str, now: datetime) -> None:
    """Let the waiting messages to a target be sent now."""
    mine = (operator_message.c.target == target, WAITING, operator_message.c.next_at > now)
    connection.execute(update(operator_message).where(*mine).values(next_at=now))


def release(connection: Connection, ends: datetime, now: datetime) -> None:
    """Let the messages be sent now that were put off until the planned end of a maintenance window."""
    mine = (WAITING, operator_message.c.next_at == ends)
    connection.execute(update(operator_message).where(*mine).values(next_at=now))


def next_due(connection: Connection, target: str) -> datetime | None:
    """Return when the next message to a target is due, or None where none waits."""
    query = select(func.min(operator_message.c.next_at)).where(operator_message.c.target == target, WAITING)
    moment: datetime | None = connection.scalar(query)
    return moment


def count_messages(connection: Connection) -> dict[str, dict[str, int]]:
    """Count the messages: by target, then by state."""
    counts: dict[str, dict[str, int]] = {}
    for row in connection.execute(_COUNTS):
        counts.setdefault(row.target, {})[row.state] = row.messages
    return counts
