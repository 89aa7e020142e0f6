"""Which subjects are due when a job has its turn: a turn catches what no notification reported."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, and_, bindparam, exists, func, or_, select

from ..engine.runs import Run, Subject
from ..planning import ASK_AGAIN_AFTER, LOOK_AGAIN, expiring_until, is_expiry_news
from ..store.alerting.messages import WAITING as TO_OPERATORS
from ..store.backups.restoration import find_restoration, is_older
from ..store.db.partial_indexes import IS_ACTIVE, IS_OPEN
from ..store.event_queries import IS_DRAFT
from ..store.published import IS_OUTDATED, IS_SHOWN, list_hosts_to_look
from ..store.tables import binding, cloud_storage, delivery, event, operator_message, recording, run, unbound_webinar
from ..store.tables import host as host_table
from ..store.webhook_deliveries import WAITING
from ..store.webinars import list_unheld_cancelled
from ..webinars import REMOVED
from .reconcile.known import READ_AGAIN_AFTER, READ_AGAIN_BEFORE

Turn = tuple[Subject, str]  # what a run is about, and its account
_Receivers = tuple[
    Literal["webhook", "target"], Column[str], ColumnElement[bool], timedelta
]  # pause after a failed run
Selection = Callable[[Connection, str, datetime], tuple[Turn, ...]]

_AT_ONCE = 2_000
_HOSTS_AT_ONCE = 500  # for the weekly look, spread over the week also after a long stop
_LOOKS_AT_ONCE = 20_000
_RECENT = timedelta(days=30)
_AFTER_FAILURE = timedelta(hours=1)
_TELLS_AGAIN = timedelta(minutes=5)
_COMES_LATE = timedelta(days=3)  # so long after an event a recording, a part or a transcript may still appear
_LATE_DELETION = timedelta(days=14)  # a stop of this length delays what operators are told, and no more
_IN_TRASH = timedelta(days=31)  # Zoom keeps a recording in its trash for 30 days; one day is added
_bound = event.join(binding, binding.c.event_id == event.c.id)


def unplanned_events(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the events whose webinar is missing, is behind the record, or is due for a look before they begin.

    Also those for which it is time to ask Zoom again to record them, or to look at what has changed: the account's
    storage, or the host's right to record.
    """
    missing = and_(binding.c.event_id.is_(None), event.c.status.in_(("scheduled", "rescheduled")))
    behind = and_(binding.c.event_id.is_not(None), event.c.revision > binding.c.planned_revision)
    aged = and_(
        binding.c.state == "bound",
        binding.c.known_at < now - READ_AGAIN_AFTER,
        event.c.start_at < now + READ_AGAIN_BEFORE,
    )
    query = select(event.c.id, func.coalesce(binding.c.account, event.c.account, "")).select_from(
        event.outerjoin(binding, binding.c.event_id == event.c.id)
    )
    may_ask = _may_ask_again(job, now)
    waits = or_(missing, behind, aged, may_ask, _recording_changed(job), *_older(connection))
    due = query.where(event.c.end_at > now, ~IS_DRAFT, waits)
    never_held = list_unheld_cancelled(connection, now - _RECENT, now)  # those that are over keep no webinar
    unheld = query.where(event.c.id.in_(never_held), behind)
    over = _events(connection, unheld, job, now) if never_held else ()
    return (*_events(connection, due.order_by(event.c.end_at), job, now), *over)


def unseated_events(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the events whose panelists are behind the record."""
    query = select(event.c.id, binding.c.account).select_from(_bound)
    due = query.where(event.c.end_at > now, binding.c.state == "bound", event.c.revision > binding.c.seated_revision)
    return _events(connection, due.order_by(event.c.end_at), job, now)


def unfetched_hosts(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the hosts that held a webinar in the last three days; once a UTC day, those of the last thirty days.

    Once a UTC day, hosts of older events are due, too, while recordings of theirs are in Zoom's trash.
    The query runs day by day. Over a month at once, in years of events, PostgreSQL would read all bindings.
    """
    query = select(binding.c.host, binding.c.account).distinct().select_from(_bound)
    removed = _bound.join(recording, recording.c.event_id == event.c.id)
    hosts = {*connection.execute(query.select_from(removed).where(_removed_long_ago(now), ~_swept(job, now)))}
    recent = query.where(or_(event.c.end_at > now - _COMES_LATE, ~_swept(job, now)))
    of_day = recent.where(_held(bindparam("since"), bindparam("until")))  # built once: 30 statements take long to build
    for until in (now - timedelta(days=days) for days in range(_RECENT.days)):
        hosts.update(connection.execute(of_day, {"since": until - timedelta(days=1), "until": until}))
    return _hosts(hosts)


def unchecked_hosts(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the hosts of published recordings that are due for the weekly look: a few at once, the longest due first.

    Left out: a run is open, or one failed within the hour.
    """
    failed = and_(run.c.state == "failed", run.c.finished > now - _AFTER_FAILURE)
    busy = select(run.c.subject).where(run.c.job == job, run.c.subject_kind == "host", or_(IS_OPEN, failed))
    left_out = set(connection.execute(busy).scalars())
    due = list_hosts_to_look(connection, now, LOOK_AGAIN, rows=_LOOKS_AT_ONCE)
    hosts = [row for row in due if f"{row.account}/{row.host}" not in left_out]
    return _hosts(hosts[:_HOSTS_AT_ONCE])


def known_hosts(connection: Connection, _job: str, now: datetime) -> tuple[Turn, ...]:
    """List the hosts that Zoom reported lately, that have an upcoming webinar, or that had a stray one."""
    coming = and_(event.c.end_at > now, binding.c.state != "cancelled")
    hosts = {
        *connection.execute(
            select(host_table.c.email, host_table.c.account).where(host_table.c.fetched_at > now - _RECENT)
        ),
        *connection.execute(select(binding.c.host, binding.c.account).select_from(_bound).where(coming)),
        *connection.execute(
            select(unbound_webinar.c.host, unbound_webinar.c.account).where(unbound_webinar.c.event_id.is_not(None))
        ),
    }
    return _hosts(hosts)


def unpublished_events(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the events whose page does not show a recording, or still shows a removed one.

    Also those that have changed since: the recording may be for others now.
    """
    settled = exists().where(  # for example a recording that is too short
        _mine(job), run.c.state == "done", run.c.finished > recording.c.fetched_at, run.c.finished > event.c.updated_at
    )
    query = (
        select(event.c.id, func.coalesce(event.c.account, ""))
        .select_from(event.join(recording, recording.c.event_id == event.c.id))
        .where(
            recording.c.fetched_at > now - _RECENT,
            or_(
                and_(recording.c.state == "completed", or_(~IS_SHOWN, IS_OUTDATED), ~settled),
                and_(recording.c.state.in_(REMOVED), IS_SHOWN),
            ),
        )
        .distinct()
    )
    return _events(connection, query, job, now)


def expiring_events(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the events of which Zoom deletes a recording soon, when operators must hear of it or hear it again."""
    told = select(func.max(run.c.finished)).where(_mine(job), run.c.state == "done").scalar_subquery()
    columns = (event.c.id, func.coalesce(event.c.account, ""), recording.c.auto_delete_date, told)
    query = select(*columns).select_from(event.join(recording, recording.c.event_id == event.c.id))
    days = (now - _LATE_DELETION).date().isoformat(), expiring_until(now).isoformat()
    rows = connection.execute(
        query.where(recording.c.auto_delete_date.between(*days), recording.c.state == "completed")
    )
    events = {
        (event_id, account)
        for event_id, account, day, told_at in rows
        if is_expiry_news(date.fromisoformat(day), told_at, now)
    }
    return tuple((Subject(kind="event", id=event_id), account) for event_id, account in sorted(events)[:_AT_ONCE])


def ended_events(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the events that ended lately, each once. The job itself waits for what is still to come."""
    done = exists().where(_mine(job), run.c.state == "done", run.c.finished > event.c.end_at)
    query = select(event.c.id, binding.c.account).select_from(_bound)
    return _events(connection, query.where(_held(now - _RECENT, now), ~done).order_by(event.c.end_at), job, now)


def waiting_webhooks(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the webhooks with a due message. Left out: a run is at work or due, or one failed within the hour."""
    return _with_due_message(connection, job, now, ("webhook", delivery.c.webhook, WAITING, _AFTER_FAILURE))


def waiting_targets(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the targets of alerts with a due message. Left out: a run is at work or due, or one failed just now."""
    return _with_due_message(connection, job, now, ("target", operator_message.c.target, TO_OPERATORS, _TELLS_AGAIN))


def _with_due_message(connection: Connection, job: str, now: datetime, receivers: _Receivers) -> tuple[Turn, ...]:
    kind, name, waiting, pause = receivers
    mine = and_(run.c.job == job, run.c.subject_kind == kind, run.c.subject == name)
    in_progress = exists().where(mine, IS_ACTIVE, or_(run.c.started.is_not(None), run.c.next_at <= now))
    failed = exists().where(mine, run.c.state == "failed", run.c.finished > now - pause)
    due = select(name).distinct().where(waiting, name.table.c.next_at <= now)
    names = connection.execute(due.where(~in_progress, ~failed).order_by(name)).scalars()
    return tuple((Subject(kind=kind, id=each), "") for each in names)


def the_service(_connection: Connection, _job: str, _now: datetime) -> tuple[Turn, ...]:
    """Return the service itself, at any time."""
    return ((Subject(kind="service", id="records"), ""),)


def the_backups(_connection: Connection, _job: str, _now: datetime) -> tuple[Turn, ...]:
    """Return the service itself, at any time, apart from its records: a long copy keeps no other work waiting."""
    return ((Subject(kind="service", id="backups"), ""),)


def the_watch(_connection: Connection, _job: str, _now: datetime) -> tuple[Turn, ...]:
    """Return the service itself, at any time, apart from its records: a watch waits for no long deletion."""
    return ((Subject(kind="service", id="watch"), ""),)


def host_of(run: Run) -> str:
    """Return the host that a run is about."""
    return run.subject.id.removeprefix(f"{run.account}/")


def sweep_from(connection: Connection, job: str, account: str, host: str, now: datetime) -> datetime | None:
    """Return since when to sweep a host's list, or None. The first sweep of a UTC day goes back thirty days."""
    query = select(func.min(event.c.start_at)).select_from(_bound)
    due = query.where(_held(now - _RECENT, now), binding.c.account == account, binding.c.host == host)
    moment: datetime | None = connection.execute(due.where(~_swept(job, now))).scalar_one()
    if moment is None:
        moment = connection.execute(due.where(event.c.end_at > now - _COMES_LATE)).scalar_one()
    return moment


def removed_long_ago(
    connection: Connection, job: str, account: str, host: str, now: datetime
) -> tuple[tuple[str, str], ...]:
    """List the recordings (event, uuid) in Zoom's trash that are too old for the sweep's list, once a UTC day."""
    query = select(event.c.id, recording.c.uuid).select_from(_bound.join(recording, recording.c.event_id == event.c.id))
    due = query.where(_removed_long_ago(now), ~_swept(job, now), binding.c.account == account, binding.c.host == host)
    return tuple((event_id, uuid) for event_id, uuid in connection.execute(due.order_by(event.c.id)))


def _older(connection: Connection) -> tuple[Any, ...]:
    """Build the condition that a webinar was not read again since the database was restored; none where it was not."""
    restoration = find_restoration(connection)
    return (is_older(restoration, binding.c),) if restoration else ()


def _may_ask_again(job: str, now: datetime) -> Any:
    """Build the condition that Zoom dropped auto_recording over a day ago, and for no webinar of the host since."""
    of_host = binding.alias()
    day_ago = now - ASK_AGAIN_AFTER
    lately = exists().where(
        of_host.c.account == binding.c.account,
        of_host.c.host == binding.c.host,
        of_host.c.state == "bound",
        of_host.c.recording_refused_at > day_ago,
    )
    done = exists().where(_mine(job), run.c.state == "done", run.c.finished > day_ago)
    return and_(binding.c.state == "bound", binding.c.recording_refused_at <= day_ago, ~lately, ~done)


def _recording_changed(job: str) -> Any:
    """Build the condition that since its last run the account's storage, or the host's right to record, has changed."""
    last = exists().where(_mine(job), run.c.state == "done")
    of_account = cloud_storage.c.account == binding.c.account
    of_host = and_(host_table.c.account == binding.c.account, host_table.c.email == binding.c.host)
    stale = [
        exists()
        .where(condition, moment.is_not(None), ~last.where(run.c.finished > moment).correlate(event, moment.table))
        .correlate(event, binding)
        for condition, moment in (
            (of_account, cloud_storage.c.changed_at),
            (of_host, host_table.c.right_changed_at),
        )
    ]
    return and_(binding.c.state == "bound", or_(*stale))


def _held(since: Any, until: Any) -> Any:
    return and_(event.c.end_at.between(since, until), event.c.status != "cancelled", binding.c.state != "cancelled")


def _removed_long_ago(now: datetime) -> Any:
    trashed = and_(recording.c.state.in_(("trashed", "gone")), recording.c.fetched_at > now - _IN_TRASH)
    return and_(trashed, event.c.end_at < now - _RECENT)


def _swept(job: str, now: datetime) -> Any:
    """Build the condition that the host was swept on this UTC day."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return exists().where(
        run.c.job == job,
        run.c.subject_kind == "host",
        run.c.subject == binding.c.account + "/" + binding.c.host,
        run.c.state == "done",
        run.c.finished >= midnight,
    )


def _hosts(rows: Iterable[Row[Any]]) -> tuple[Turn, ...]:
    """Build the turns of hosts. Two accounts may have the same host, so the account is in the subject's id."""
    return tuple(
        (Subject(kind="host", id=f"{account}/{email}"), account) for email, account in sorted(map(tuple, rows))
    )


def _events(connection: Connection, due: Select[Any], job: str, now: datetime) -> tuple[Turn, ...]:
    """Select due events without an open run, and without a run that failed within the hour and would fail again."""
    is_open = exists().where(_mine(job), IS_OPEN)
    failed = exists().where(
        _mine(job), run.c.state == "failed", run.c.finished > now - _AFTER_FAILURE, run.c.finished > event.c.updated_at
    )
    rows = sorted(map(tuple, connection.execute(due.where(~is_open, ~failed).limit(_AT_ONCE))))
    return tuple((Subject(kind="event", id=event_id), account) for event_id, account in rows)


def _mine(job: str) -> Any:
    return and_(run.c.job == job, run.c.subject_kind == "event", run.c.subject == event.c.id)
