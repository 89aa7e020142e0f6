"""Retention: deletion of old records of finished work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, delete, exists, func, select, true

from .alerting.messages import WAITING as TO_OPERATORS
from .audit import IS_REFUSAL
from .db.connect import Database
from .db.partial_indexes import IS_INTENT, IS_OPEN
from .identity.answers import KEPT_FOR
from .identity.known_networks import KNOWN_FOR
from .pictures.kept import IS_UNUSED, UNUSED_FOR
from .refusals import KEPT as COUNTED
from .tables import (
    alert,
    attempt,
    audit,
    delivery,
    effect,
    event,
    event_change,
    forgotten_run,
    host_day,
    kept_answer,
    known_network,
    maintenance_window,
    notification,
    operator_message,
    picture,
    refusal,
    run,
    tick,
    zoom_call,
)
from .webhook_deliveries import WAITING

_BATCH = 1_000
_REFUSALS_KEPT = timedelta(days=90)  # those of the audit
_COUNTS_KEPT = timedelta(days=8)  # no figure goes back further than a week


@dataclass(frozen=True, kw_only=True)
class RetentionPeriods:
    """The retention periods of records of finished work."""

    runs: timedelta  # also attempts, effects, ticks, cleared alerts and the timelines of past events
    calls: timedelta
    notifications: timedelta  # also messages to webhooks and to operators


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule of which rows of a table are deleted: those whose `at` is earlier than `before` and that are `over`.

    `order` is a column that grows with the age of the table; the batches are ranges of it, over the rows of `among`,
    which are found by an index.
    """

    order: Column[Any]
    at: Column[Any]
    before: datetime | str
    over: ColumnElement[bool]
    among: ColumnElement[bool] = field(default_factory=true)


def rules_of(kept: RetentionPeriods, now: datetime) -> tuple[Rule, ...]:
    """Build the rules of all tables with a retention period.

    Publications and bindings have none, nor has the audit but for refusals.
    """
    runs, calls, notifications = now - kept.runs, now - kept.calls, now - kept.notifications
    day, first_day = host_day.c.day, calls.date().isoformat()
    later, same = run.alias("later"), ("subject_kind", "subject", "job")
    followed = exists().where(*(later.c[name] == run.c[name] for name in same), later.c.id > run.c.id)
    replaced = ~IS_OPEN & (run.c.finished < runs) & followed  # the newest run of a job and subject stays
    next_tick = tick.alias("later")  # the latest of a schedule stays: it shows what was missed
    not_latest = exists().where(next_tick.c.schedule == tick.c.schedule, next_tick.c.fire_time > tick.c.fire_time)
    cleared = alert.c.cleared_at < runs
    past = exists().where(event.c.id == event_change.c.event_id, event.c.end_at < runs)
    awaited = exists().where(run.c.subject_kind == "event", run.c.subject == notification.c.event_id, IS_OPEN)
    settled = ~WAITING & delivery.c.recording_uuid.is_(None)  # the others show who must hear of a withdrawal
    return (
        Rule(order=run.c.id, at=run.c.created, before=runs, over=replaced),
        Rule(order=attempt.c.id, at=attempt.c.at, before=runs, over=true()),
        Rule(order=effect.c.id, at=effect.c.began, before=runs, over=~IS_INTENT),
        Rule(order=tick.c.at, at=tick.c.at, before=runs, over=not_latest),
        Rule(order=alert.c.id, at=alert.c.raised_at, before=runs, over=cleared),
        Rule(order=event_change.c.id, at=event_change.c.at, before=runs, over=past),
        Rule(order=zoom_call.c.id, at=zoom_call.c.at, before=calls, over=true()),
        Rule(order=day, at=day, before=first_day, over=true()),
        Rule(order=notification.c.id, at=notification.c.received_at, before=notifications, over=~awaited),
        Rule(order=delivery.c.at, at=delivery.c.at, before=notifications, over=settled),
        Rule(order=operator_message.c.at, at=operator_message.c.at, before=notifications, over=~TO_OPERATORS),
        Rule(order=kept_answer.c.id, at=kept_answer.c.at, before=now - KEPT_FOR, over=true()),
        Rule(order=known_network.c.seen_at, at=known_network.c.seen_at, before=now - KNOWN_FOR, over=true()),
        Rule(order=picture.c.id, at=picture.c.at, before=now - UNUSED_FOR, over=IS_UNUSED),
        Rule(order=audit.c.at, at=audit.c.at, before=now - _REFUSALS_KEPT, over=IS_REFUSAL, among=IS_REFUSAL),
        Rule(order=refusal.c.at, at=refusal.c.at, before=now - COUNTED, over=true()),
        Rule(order=forgotten_run.c.at, at=forgotten_run.c.at, before=now - _COUNTS_KEPT, over=true()),
        Rule(order=maintenance_window.c.id, at=maintenance_window.c.ends, before=runs, over=true()),
    )


def prune(database: Database, rule: Rule, hold: Callable[[Connection], None]) -> int:
    """Delete the rows of a rule in batches and return their number.

    Each batch is a transaction of its own, so that no writer waits for long. `hold` is called in each transaction.
    The newest row of a table stays at any age, because SQLite would assign its number again.
    """
    table, after, deleted = rule.order.table, None, 0
    newest = select(func.max(rule.order)).scalar_subquery()
    deletion = delete(table).where(rule.order < newest, rule.at < rule.before, rule.over)
    rows = select(rule.order.label("place"), rule.at.label("at")).where(rule.among).order_by(rule.order).limit(_BATCH)
    while True:
        following = (rows if after is None else rows.where(rule.order > after)).subquery()
        with database.read() as connection:
            end, oldest = connection.execute(select(func.max(following.c.place), func.min(following.c.at))).one()
        if oldest is None or oldest >= rule.before:
            return deleted
        batch = deletion.where(rule.order <= end)
        with database.begin(durable=False) as connection:  # rows that a power cut brings back are deleted the next day
            hold(connection)
            deleted += connection.execute(batch if after is None else batch.where(rule.order > after)).rowcount
        after = end
