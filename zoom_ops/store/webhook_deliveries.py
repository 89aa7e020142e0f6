"""Messages to webhooks, and the webhooks that are stopped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, insert, literal_column, select, update

from .db.upsert import upsert
from .db.values import find_value, load_values
from .tables import delivery, webhook_stop

State = Literal["waiting", "taken", "failed", "skipped"]
WAITING = delivery.c.state == literal_column("'waiting'")  # written as in the index, so that SQLite uses it


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A message to one webhook and the state of its delivery."""

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
    """Write messages to send: rows with id, webhook, kind, event_id, recording_uuid and at."""
    if messages:
        rows = [{**message, "state": "waiting", "next_at": message["at"]} for message in messages]
        connection.execute(insert(delivery), rows)


def load_due(connection: Connection, webhook: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
    """Load the due messages to a webhook, the longest due first."""
    query = select(delivery).where(delivery.c.webhook == webhook, WAITING, delivery.c.next_at <= now)
    return load_values(connection, Delivery, query.order_by(delivery.c.next_at, delivery.c.at).limit(limit))


def next_due(connection: Connection, webhook: str) -> datetime | None:
    """Return when the next message to a webhook is due, or None where none waits."""
    query = select(func.min(delivery.c.next_at)).where(delivery.c.webhook == webhook, WAITING)
    moment: datetime | None = connection.scalar(query)
    return moment


def note_attempt(connection: Connection, message_id: str, **values: Any) -> None:
    """Write the result of an attempt: state, next_at (None if not given), attempts, tried_at, status, answer."""
    query = update(delivery).where(delivery.c.id == message_id, WAITING)
    connection.execute(query.values({"next_at": None, **values}))


def put_off(connection: Connection, webhook: str, until: datetime) -> None:
    """Postpone the waiting messages to a webhook until a moment at least."""
    query = update(delivery).where(delivery.c.webhook == webhook, WAITING, delivery.c.next_at < until)
    connection.execute(query.values(next_at=until))


def give_up(connection: Connection, webhook: str, answer: str) -> int:
    """Mark the waiting messages to a webhook as failed; return their number."""
    values = {"state": "failed", "next_at": None, "answer": answer}
    return connection.execute(update(delivery).where(delivery.c.webhook == webhook, WAITING).values(values)).rowcount


def send_again(connection: Connection, message_ids: Iterable[str], now: datetime) -> int:
    """Let messages, also those that were taken, be sent again as if for the first time; return their number."""
    values = {"state": "waiting", "next_at": now, "attempts": 0}
    return connection.execute(update(delivery).where(delivery.c.id.in_(list(message_ids))).values(values)).rowcount


def was_told(connection: Connection, webhook: str, recording_uuid: str) -> bool:
    """Return whether sending a message about a recording to a webhook was ever attempted."""
    query = select(delivery.c.id).where(delivery.c.webhook == webhook, delivery.c.recording_uuid == recording_uuid)
    attempted = query.where(delivery.c.attempts > 0, delivery.c.state != "skipped")
    return connection.execute(attempted.limit(1)).first() is not None


def find_delivery(connection: Connection, message_id: str) -> Delivery | None:
    """Find a message by its id, or None."""
    return find_value(connection, Delivery, select(delivery).where(delivery.c.id == message_id))


def list_deliveries(
    connection: Connection, *, states: Iterable[str] = (), webhook: str | None = None, limit: int = 50, offset: int = 0
) -> tuple[Delivery, ...]:
    """List messages, the newest first: in one of the `states` and to a webhook, where given."""
    query = select(delivery).order_by(delivery.c.at.desc(), delivery.c.id).limit(limit).offset(offset)
    if chosen := tuple(states):
        query = query.where(delivery.c.state.in_(chosen))
    if webhook is not None:
        query = query.where(delivery.c.webhook == webhook)
    return load_values(connection, Delivery, query)


def count_deliveries(connection: Connection) -> dict[str, dict[str, int]]:
    """Count the messages: by webhook, then by state."""
    query = select(delivery.c.webhook, delivery.c.state, func.count().label("messages"))
    counts: dict[str, dict[str, int]] = {}
    for row in connection.execute(query.group_by(delivery.c.webhook, delivery.c.state)):
        counts.setdefault(row.webhook, {})[row.state] = row.messages
    return counts


def latest_attempt(connection: Connection, webhook: str) -> Delivery | None:
    """Find the message to a webhook that was tried last, or None."""
    query = select(delivery).where(delivery.c.webhook == webhook, delivery.c.tried_at.is_not(None))
    return find_value(connection, Delivery, query.order_by(delivery.c.tried_at.desc()).limit(1))


def stop_webhook(connection: Connection, webhook: str, url: str, now: datetime) -> None:
    """Note that a webhook at this address takes no messages any more."""
    upsert(connection, webhook_stop, {"webhook": webhook}, {"url": url, "since": now})


def end_stop(connection: Connection, webhook: str) -> bool:
    """Note that a webhook takes messages again; return whether it was stopped."""
    return connection.execute(delete(webhook_stop).where(webhook_stop.c.webhook == webhook)).rowcount > 0


def load_stops(connection: Connection) -> dict[tuple[str, str], datetime]:
    """Load since when webhooks are stopped, by webhook and address."""
    return {(row.webhook, row.url): row.since for row in connection.execute(select(webhook_stop))}
