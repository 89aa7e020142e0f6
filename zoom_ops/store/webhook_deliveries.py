"""Keep the messages to webhooks: what waits, what was taken, what was given up, and who wants none any more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, insert, literal_column, select, update

from .db.upsert import upsert
from .tables import delivery, webhook_stop

State = Literal["waiting", "taken", "failed", "skipped"]
WAITING = delivery.c.state == literal_column("'waiting'")  # as it stands in the index, for SQLite to use it


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A message to one webhook, and how far it has come."""

    id: str
    webhook: str
    kind: str
    event_id: str
    recording_uuid: str | None
    at: datetime
    state: State
    attempts: int
    next_at: datetime | None
    tried_at: datetime | None
    status: int | None
    answer: str | None


def post(connection: Connection, messages: Sequence[Mapping[str, Any]]) -> None:
    """Write messages that are to be sent: rows with id, webhook, kind, event_id, recording_uuid and at."""
    if messages:
        rows = [{**message, "state": "waiting", "next_at": message["at"]} for message in messages]
        connection.execute(insert(delivery), rows)


def load_due(connection: Connection, webhook: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
    """Load the messages to a webhook that are due, the longest due first."""
    query = select(delivery).where(delivery.c.webhook == webhook, WAITING, delivery.c.next_at <= now)
    return _deliveries(connection, query.order_by(delivery.c.next_at, delivery.c.at).limit(limit))


def next_due(connection: Connection, webhook: str) -> datetime | None:
    """Tell when the next message to a webhook is due, or None where none waits."""
    query = select(func.min(delivery.c.next_at)).where(delivery.c.webhook == webhook, WAITING)
    moment: datetime | None = connection.execute(query).scalar_one()
    return moment


def note_attempt(connection: Connection, message_id: str, **values: Any) -> None:
    """Write how an attempt ended: state, next_at, attempts, tried_at, status and answer, as far as they are told."""
    ended = {"next_at": None, **values}
    connection.execute(update(delivery).where(delivery.c.id == message_id, WAITING).values(ended))


def put_off(connection: Connection, webhook: str, until: datetime) -> None:
    """Let nothing be sent to a webhook before a moment."""
    mine = (delivery.c.webhook == webhook) & WAITING & (delivery.c.next_at < until)
    connection.execute(update(delivery).where(mine).values(next_at=until))


def give_up(connection: Connection, webhook: str, answer: str) -> int:
    """Send nothing of what waits for a webhook any more; tell how much that was."""
    values = {"state": "failed", "next_at": None, "answer": answer}
    return connection.execute(update(delivery).where(delivery.c.webhook == webhook, WAITING).values(values)).rowcount


def send_again(connection: Connection, message_ids: Iterable[str], now: datetime) -> int:
    """Have messages sent as if for the first time, also such as were taken; tell how many there are."""
    values = {"state": "waiting", "next_at": now, "attempts": 0}
    return connection.execute(update(delivery).where(delivery.c.id.in_(list(message_ids))).values(values)).rowcount


def was_told(connection: Connection, webhook: str, recording_uuid: str) -> bool:
    """Tell whether a message of a recording ever went to a webhook, whether or not it arrived."""
    mine = (delivery.c.webhook == webhook) & (delivery.c.recording_uuid == recording_uuid)
    query = select(delivery.c.id).where(mine, delivery.c.attempts > 0, delivery.c.state != "skipped").limit(1)
    return connection.execute(query).first() is not None


def find_delivery(connection: Connection, message_id: str) -> Delivery | None:
    """Find a message by its id, or None."""
    found = _deliveries(connection, select(delivery).where(delivery.c.id == message_id))
    return found[0] if found else None


def list_deliveries(
    connection: Connection, *, states: Iterable[str] = (), webhook: str | None = None, limit: int = 50, offset: int = 0
) -> tuple[Delivery, ...]:
    """List messages, the newest first."""
    query = select(delivery).order_by(delivery.c.at.desc(), delivery.c.id).limit(limit).offset(offset)
    if wanted := tuple(states):
        query = query.where(delivery.c.state.in_(wanted))
    if webhook is not None:
        query = query.where(delivery.c.webhook == webhook)
    return _deliveries(connection, query)


def count_deliveries(connection: Connection) -> dict[str, dict[str, int]]:
    """Count the messages: by webhook, then by state."""
    query = select(delivery.c.webhook, delivery.c.state, func.count().label("messages"))
    counts: dict[str, dict[str, int]] = {}
    for row in connection.execute(query.group_by(delivery.c.webhook, delivery.c.state)):
        counts.setdefault(row.webhook, {})[row.state] = row.messages
    return counts


def latest_attempt(connection: Connection, webhook: str) -> Delivery | None:
    """Load the message to a webhook that was tried last, or None."""
    query = select(delivery).where(delivery.c.webhook == webhook, delivery.c.tried_at.is_not(None))
    found = _deliveries(connection, query.order_by(delivery.c.tried_at.desc()).limit(1))
    return found[0] if found else None


def stop_webhook(connection: Connection, webhook: str, url: str, now: datetime) -> None:
    """Note that a webhook wants no messages any more, at this address."""
    upsert(connection, webhook_stop, {"webhook": webhook}, {"url": url, "since": now})


def end_stop(connection: Connection, webhook: str) -> bool:
    """Note that a webhook takes messages again; tell whether it was stopped."""
    return connection.execute(delete(webhook_stop).where(webhook_stop.c.webhook == webhook)).rowcount > 0


def load_stops(connection: Connection) -> dict[tuple[str, str], datetime]:
    """Load which webhooks are stopped, at which address, and since when."""
    return {(row.webhook, row.url): row.since for row in connection.execute(select(webhook_stop))}


def _deliveries(connection: Connection, query: Any) -> tuple[Delivery, ...]:
    return tuple(_delivery(row) for row in connection.execute(query))


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**{name: getattr(row, name) for name in Delivery.__dataclass_fields__})
