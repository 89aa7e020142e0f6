"""Whose turn it is when a job's time comes: what a notification may have failed to tell us; only what is due."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, func, or_, select

from ..engine.runs import Run, Subject
from ..store.db.partial_indexes import IS_ACTIVE, IS_OPEN
from ..store.tables import binding, delivery, event, publication, recording, run, unbound_webinar
from ..store.tables import host as told_host
from ..store.webhook_deliveries import WAITING
from .reconcile.refresh import COMING, DAILY

Turn = tuple[Subject, str]  # what a run is about, and its account
Selection = Callable[[Connection, str, datetime], tuple[Turn, ...]]

_AT_ONCE = 2_000
_RECENT = timedelta(days=30)
_AFTER_FAILURE = timedelta(hours=1)
_COMES_LATE = timedelta(days=3)  # so long after an event its recording, a part or a transcript may well appear
_IN_TRASH = timedelta(days=31)  # so long Zoom keeps what was put into its trash
_bound = event.join(binding, binding.c.event_id == event.c.id)


def unplanned_events(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the events whose webinar is missing or behind the record, and those to be looked at before they begin."""
    missing = and_(binding.c.event_id.is_(None), event.c.status.in_(("scheduled", "rescheduled")))
    behind = and_(binding.c.event_id.is_not(None), event.c.revision > binding.c.planned_revision)
    aged = and_(binding.c.state == "bound", binding.c.known_at < now - DAILY, event.c.start_at < now + COMING)
    query = select(event.c.id, func.coalesce(binding.c.account, event.c.account, "")).select_from(
        event.outerjoin(binding, binding.c.event_id == event.c.id)
    )
    due = query.where(event.c.end_at > now, or_(missing, behind, aged)).order_by(event.c.end_at)
    return _events(connection, due, job, now)


def unseated_events(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the events whose panelists do not follow the record."""
    query = select(event.c.id, binding.c.account).select_from(_bound)
    due = query.where(event.c.end_at > now, binding.c.state == "bound", event.c.revision > binding.c.seated_revision)
    return _events(connection, due.order_by(event.c.end_at), job, now)


def unfetched_hosts(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the hosts that held something lately; once a UTC day also those that did within thirty days.

    It asks day by day: for a month of years of events at once, PostgreSQL would read all bindings.
    """
    query = select(binding.c.host, binding.c.account).distinct().select_from(_bound)
    removed = _bound.join(recording, recording.c.event_id == event.c.id)
    hosts = {*connection.execute(query.select_from(removed).where(_removed_long_ago(now), ~_swept(job, now)))}
    wanted = query.where(or_(_is_fresh(now), ~_swept(job, now)))
    for days in range(_RECENT.days):
        hosts.update(connection.execute(wanted.where(_held(now - timedelta(days=days), timedelta(days=1)))))
    return _hosts(hosts)


def known_hosts(connection: Connection, _job: str, now: datetime) -> tuple[Turn, ...]:
    """List the hosts that Zoom told of lately, that hold something to come, or had a stray webinar."""
    coming = and_(event.c.end_at > now, binding.c.state != "cancelled")
    hosts = {
        *connection.execute(
            select(told_host.c.email, told_host.c.account).where(told_host.c.fetched_at > now - _RECENT)
        ),
        *connection.execute(select(binding.c.host, binding.c.account).select_from(_bound).where(coming)),
        *connection.execute(
            select(unbound_webinar.c.host, unbound_webinar.c.account).where(unbound_webinar.c.event_id.is_not(None))
        ),
    }
    return _hosts(hosts)


def unpublished_events(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the events that have a recording which the event record does not show."""
    shown = exists().where(
        publication.c.recording_uuid == recording.c.uuid,
        publication.c.event_id == recording.c.event_id,
        publication.c.state == "published",
    )
    settled = exists().where(  # such as a crumb, which is left out
        _mine(job), run.c.state == "done", run.c.finished > recording.c.fetched_at, run.c.finished > event.c.updated_at
    )
    query = (
        select(event.c.id, func.coalesce(event.c.account, ""))
        .select_from(event.join(recording, recording.c.event_id == event.c.id))
        .where(
            recording.c.fetched_at > now - _RECENT,
            or_(
                and_(recording.c.state == "completed", ~shown, ~settled),
                and_(recording.c.state.in_(("trashed", "deleted")), shown),
            ),
        )
        .distinct()
    )
    return _events(connection, query, job, now)


def ended_events(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the events that ended lately, each once: the job waits by itself for what is still to come."""
    seen = exists().where(_mine(job), run.c.state == "done", run.c.finished > event.c.end_at)
    query = select(event.c.id, binding.c.account).select_from(_bound)
    return _events(connection, query.where(_held(now), ~seen).order_by(event.c.end_at), job, now)


def waiting_webhooks(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the webhooks to which a message is due, unless a run sees to it, or a defect stopped one a moment ago."""
    mine = and_(run.c.job == job, run.c.subject_kind == "webhook", run.c.subject == delivery.c.webhook)
    at_it = exists().where(mine, IS_ACTIVE, or_(run.c.started.is_not(None), run.c.next_at <= now))
    broke = exists().where(mine, run.c.state == "failed", run.c.finished > now - _AFTER_FAILURE)
    due = select(delivery.c.webhook).distinct().where(WAITING, delivery.c.next_at <= now)
    names = connection.execute(due.where(~at_it, ~broke).order_by(delivery.c.webhook)).scalars()
    return tuple((Subject(kind="webhook", id=name), "") for name in names)


def the_service(_connection: Connection, _job: str, _now: datetime) -> tuple[Turn, ...]:
    """Name the service itself, whatever the time."""
    return ((Subject(kind="service", id="records"), ""),)


def host_subject(account: str, host: str) -> Subject:
    """Name a host of an account, as what a run is about; two accounts may name the same one."""
    return Subject(kind="host", id=f"{account}/{host}")


def host_of(run: Run) -> str:
    """Tell the host that a run is about."""
    return run.subject.id.removeprefix(f"{run.account}/")


def sweep_from(connection: Connection, job: str, account: str, host: str, now: datetime) -> datetime | None:
    """Tell since when a host's list is to be swept, or None: the first sweep of a UTC day goes back thirty days."""
    query = select(func.min(event.c.start_at)).select_from(_bound)
    due = query.where(_held(now), binding.c.account == account, binding.c.host == host)
    moment: datetime | None = connection.execute(due.where(~_swept(job, now))).scalar_one()
    if moment is None:
        moment = connection.execute(due.where(_is_fresh(now))).scalar_one()
    return moment


def removed_long_ago(
    connection: Connection, job: str, account: str, host: str, now: datetime
) -> tuple[tuple[str, str], ...]:
    """List the recordings (event, uuid) in Zoom's trash that the sweep's list does not reach, once a UTC day."""
    query = select(event.c.id, recording.c.uuid).select_from(_bound.join(recording, recording.c.event_id == event.c.id))
    due = query.where(
        _removed_long_ago(now),
        ~_swept(job, now),
        binding.c.account == account,
        binding.c.host == host,
    )
    return tuple((event_id, uuid) for event_id, uuid in connection.execute(due.order_by(event.c.id)))


def _held(until: datetime, within: timedelta = _RECENT) -> Any:
    return and_(
        event.c.end_at.between(until - within, until), event.c.status != "cancelled", binding.c.state != "cancelled"
    )


def _is_fresh(now: datetime) -> Any:
    return event.c.end_at > now - _COMES_LATE


def _removed_long_ago(now: datetime) -> Any:
    trashed = and_(recording.c.state == "trashed", recording.c.fetched_at > now - _IN_TRASH)
    return and_(trashed, event.c.end_at < now - _RECENT)


def _swept(job: str, now: datetime) -> Any:
    """Tell whether the host was swept on this UTC day."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return exists().where(
        run.c.job == job,
        run.c.subject_kind == "host",
        run.c.subject == binding.c.account + "/" + binding.c.host,
        run.c.state == "done",
        run.c.finished >= midnight,
    )


def _hosts(found: Iterable[Row[Any]]) -> tuple[Turn, ...]:
    return tuple((host_subject(account, email), account) for email, account in sorted(map(tuple, found)))


def _events(connection: Connection, due: Select[Any], job: str, now: datetime) -> tuple[Turn, ...]:
    """Leave out what has an open run already, or one that failed a moment ago and would fail again."""
    is_open = exists().where(_mine(job), IS_OPEN)
    failed = exists().where(
        _mine(job), run.c.state == "failed", run.c.finished > now - _AFTER_FAILURE, run.c.finished > event.c.updated_at
    )
    rows = sorted(map(tuple, connection.execute(due.where(~is_open, ~failed).limit(_AT_ONCE))))
    return tuple((Subject(kind="event", id=event_id), account) for event_id, account in rows)


def _mine(job: str) -> Any:
    return and_(run.c.job == job, run.c.subject_kind == "event", run.c.subject == event.c.id)
