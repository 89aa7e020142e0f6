"""Delete an event record with all its rows, and load what of an event has left this service."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from ..drafts import Outside
from ..messages import Message
from ..messages import runs as say
from .db.partial_indexes import IS_ACTIVE, IS_INTENT, IS_OPEN
from .tables import (
    alert,
    attempt,
    binding,
    delivery,
    effect,
    event_change,
    home_record,
    instance,
    notification,
    recording,
    run,
)
from .tables import event as event_table
from .tables import unbound_webinar as unbound
from .webhook_deliveries import WAITING
from .webinars import release


def fence_runs(connection: Connection, event_id: str, now: datetime, reason: Message) -> None:
    """Cancel the open runs of an event. An attempt that is under way can write, and so send, nothing more.

    It waits for an attempt that is about to write its intent: `load_outside` then finds it.
    """
    ended = {"state": "cancelled", "finished": now, "next_at": None, "fence": run.c.fence + 1, "outcome": reason}
    connection.execute(update(run).where(_runs_of(event_id), IS_OPEN).values(ended))


def load_outside(connection: Connection, event_id: str) -> Outside:
    """Load what of an event has left this service, or may be leaving it now."""
    found = connection.execute(_OUTSIDE, {"of": event_id}).one()._mapping
    return Outside(
        **{name: bool(value) for name, value in found.items()},
        told=tuple(connection.scalars(_TOLD, {"of": event_id})),
    )


def _has(table: Table) -> Exists:
    return exists().where(table.c.event_id == bindparam("of"))


def _select_outside() -> Select[bool, bool, bool, bool]:
    of_event = effect.c.subject_kind == "event", effect.c.subject == bindparam("of")
    of_runs = run.c.subject_kind == "event", run.c.subject == bindparam("of")
    begun = exists().where(*of_event, IS_INTENT)
    done = exists().where(effect.c.run_id == run.c.id, *of_runs, effect.c.state == "done")
    return select(
        or_(_has(binding), _has(unbound)).label("webinar"),
        (begun | done).label("changed"),
        or_(_has(notification), _has(instance)).label("notified"),
        _has(recording).label("recorded"),
    )


def _select_told() -> Select[Any]:
    sending = exists().where(
        run.c.subject_kind == "webhook", run.c.subject == delivery.c.webhook, IS_ACTIVE, run.c.started.is_not(None)
    )
    told = (delivery.c.attempts > 0) | (delivery.c.state == "taken") | and_(WAITING, sending)
    systems = select(delivery.c.webhook).distinct().where(delivery.c.event_id == bindparam("of"), told)
    return systems.order_by(delivery.c.webhook)


_OUTSIDE, _TOLD = _select_outside(), _select_told()


def went_outside_since(connection: Connection, event_id: str, since: datetime) -> bool:
    """Return whether a change was sent to Zoom or to the record since then, or a webhook was told."""
    runs = select(run.c.id).where(_runs_of(event_id))
    changed = exists().where(effect.c.run_id.in_(runs), (effect.c.began >= since) | IS_INTENT)
    told = exists().where(delivery.c.event_id == event_id, delivery.c.at >= since, delivery.c.attempts > 0)
    return bool(connection.scalar(select(changed | told)))


def take_back(connection: Connection, event_id: str) -> None:
    """Delete what waits to leave this service for an event: messages that no webhook has got, a host's booked time."""
    release(connection, event_id)
    connection.execute(delete(delivery).where(delivery.c.event_id == event_id))


def delete_event(connection: Connection, event_id: str, now: datetime) -> None:
    """Delete an event with its timeline, words, notes, messages, runs and alerts. Only the audit names it then.

    Its records in homes are noted as deleted here, so that no pull takes them again.

    The newest row of a numbered table stays, without what it says: SQLite would assign its number again.
    """
    runs, alerts = _runs_of(event_id), alert.c.subject == event_id
    numbers = select(run.c.id).where(runs)
    for table in (attempt, effect):
        _delete_old(connection, table, table.c.run_id.in_(numbers))
    _delete_old(connection, run, runs)
    connection.execute(update(run).where(runs).values(outcome=say.EVENT_DELETED(), error=None, missing=None))
    _delete_old(connection, alert, alerts)
    cleared = {
        "sentence": say.EVENT_DELETED(),
        "cause": "",
        "cleared_at": func.coalesce(alert.c.cleared_at, now),
        "dismissed": False,
    }
    connection.execute(update(alert).where(alerts).values(cleared))
    connection.execute(update(home_record).where(home_record.c.event_id == event_id).values(state="deleted"))
    latest = select(func.max(event_change.c.id))
    newest = connection.scalar(latest)
    connection.execute(delete(event_table).where(event_table.c.id == event_id))  # all tables with event_id follow
    remaining = connection.scalar(latest)
    if newest and remaining and remaining < newest:  # so that open pages miss no change after this one
        connection.execute(update(event_change).where(event_change.c.id == remaining).values(id=newest))


def _delete_old(connection: Connection, table: Table, condition: ColumnElement[bool]) -> None:
    newest = select(func.max(table.c.id)).scalar_subquery()
    connection.execute(delete(table).where(condition, table.c.id < newest))


def _runs_of(event_id: str) -> Any:
    return and_(run.c.subject_kind == "event", run.c.subject == event_id)
