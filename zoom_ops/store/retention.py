"""Throw away records of finished work: in batches, each in a transaction of its own, so that nobody waits for long."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, delete, exists, func, select, true

from .db.connect import Database
from .db.partial_indexes import IS_INTENT, IS_OPEN
from .tables import alert, delivery, effect, event, event_change, host_day, notification, run, tick, zoom_call
from .webhook_deliveries import WAITING

_BATCH = 1_000


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How long records of finished work are kept."""

    runs: timedelta  # also effects, turns, alerts that are over, and the timelines of past events
    calls: timedelta
    notifications: timedelta  # and the messages to webhooks


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Which rows of a table go: those that came `at` a time before another, if they are `over`.

    `order` is the column along which they came; batches are cut along it.
    """

    order: Column[Any]
    at: Column[Any]
    before: datetime | str
    over: ColumnElement[bool]


def rules_of(kept: Kept, now: datetime) -> tuple[Rule, ...]:
    """Say what goes. The audit, what is published, and which webinar an event has, are not among it."""
    runs, calls, letters = now - kept.runs, now - kept.calls, now - kept.notifications
    day, today = host_day.c.day, calls.date().isoformat()
    closed = alert.c.cleared_at < runs
    return (
        Rule(order=run.c.id, at=run.c.created, before=runs, over=_replaced(runs)),
        Rule(order=effect.c.id, at=effect.c.began, before=runs, over=~IS_INTENT),
        Rule(order=tick.c.at, at=tick.c.at, before=runs, over=_later_turn()),
        Rule(order=alert.c.id, at=alert.c.raised_at, before=runs, over=closed),
        Rule(order=event_change.c.id, at=event_change.c.at, before=runs, over=_past(runs)),
        Rule(order=zoom_call.c.id, at=zoom_call.c.at, before=calls, over=true()),
        Rule(order=day, at=day, before=today, over=true()),
        Rule(order=notification.c.id, at=notification.c.received_at, before=letters, over=~_looked_into()),
        Rule(order=delivery.c.at, at=delivery.c.at, before=letters, over=_told()),
    )


def prune(database: Database, rule: Rule, hold: Callable[[Connection], None]) -> int:
    """Throw away what a rule says, batch by batch; `hold` is called in each transaction. Tell how much went.

    The newest row of a table stays whatever its age: SQLite would give its number out again.
    """
    table, after, gone = rule.order.table, None, 0
    newest = select(func.max(rule.order)).scalar_subquery()
    goes = delete(table).where(rule.order < newest, rule.at < rule.before, rule.over)
    while True:
        with database.read() as connection:
            end = _end_of_batch(connection, rule, after)
        if end is None:
            return gone
        batch = goes.where(rule.order <= end)
        with database.begin(durable=False) as connection:  # what a power cut brings back goes on the next day
            hold(connection)
            gone += connection.execute(batch if after is None else batch.where(rule.order > after)).rowcount
        after = end


def _end_of_batch(connection: Connection, rule: Rule, after: Any) -> Any:
    """Tell where the next batch ends; None where only what is young follows."""
    rows = select(rule.order.label("place"), rule.at.label("at")).order_by(rule.order).limit(_BATCH)
    batch = (rows if after is None else rows.where(rule.order > after)).subquery()
    end, oldest = connection.execute(select(func.max(batch.c.place), func.min(batch.c.at))).one()
    return None if oldest is None or oldest >= rule.before else end


def _replaced(before: datetime) -> ColumnElement[bool]:
    """Tell runs that ended and are not the newest of their job and subject."""
    later = run.alias("later")
    same = (later.c.subject_kind == run.c.subject_kind, later.c.subject == run.c.subject, later.c.job == run.c.job)
    return ~IS_OPEN & (run.c.finished < before) & exists().where(*same, later.c.id > run.c.id)


def _later_turn() -> ColumnElement[bool]:
    """Tell turns that are not the latest of their schedule: from that one it is told what was missed."""
    later = tick.alias("later")
    return exists().where(later.c.schedule == tick.c.schedule, later.c.fire_time > tick.c.fire_time)


def _past(before: datetime) -> ColumnElement[bool]:
    """Tell lines in the timeline of an event that is long over."""
    return exists().where(event.c.id == event_change.c.event_id, event.c.end_at < before)


def _looked_into() -> ColumnElement[bool]:
    """Tell notifications that a run may still have to look into."""
    return exists().where(run.c.subject_kind == "event", run.c.subject == notification.c.event_id, IS_OPEN)


def _told() -> ColumnElement[bool]:
    """Tell messages that are settled; what was told of a recording stays, for a withdrawal goes to whoever knows it."""
    return ~WAITING & delivery.c.recording_uuid.is_(None)
