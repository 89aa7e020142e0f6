"""Load the facts that decide what holds work up: the service's, and each subject's latest runs."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, or_, select

from ..engine.heartbeat import has_stopped, look_for_life
from ..engine.runs import Subject
from ..stages import AccountStop, RunFacts, ServiceFacts
from ..store.accounts.stops import Stop, load_stops
from ..store.db.partial_indexes import IS_NOT_DONE
from ..store.db.values import slices
from ..store.schedules import load_schedule_settings
from ..store.tables import run
from ..zoom import describe_stop
from .context import Context

LatestRuns = Mapping[tuple[str, Subject], RunFacts]  # by job and subject


def load_service_facts(context: Context, connection: Connection) -> ServiceFacts:
    """Load what is known of the service: its latest sign of life, stopped accounts, paused jobs."""
    is_performing, heard_at = look_for_life(connection, context.database.now(connection), context.alive_within)
    settings = load_schedule_settings(connection)
    return ServiceFacts(
        is_performing=is_performing and not has_stopped(connection),
        heard_at=heard_at,
        stops=tuple(_stop_of(stop) for stop in load_stops(connection) if stop.account in context.gateways),
        paused_jobs={name: setting.note for name, setting in settings.items() if setting.paused},
    )


def load_run_facts(connection: Connection, subjects: Iterable[Subject]) -> LatestRuns:
    """Load the latest run of each job for each subject, where that run is not done."""
    found: dict[tuple[str, Subject], RunFacts] = {}
    for some in slices(sorted(subjects, key=attrgetter("kind", "id"))):
        found |= _load_some(connection, some)
    return found


def _load_some(connection: Connection, subjects: Sequence[Subject]) -> LatestRuns:
    """Load the latest runs of subjects that are ordered by their kind."""
    by_kind = {kind: [subject.id for subject in of_kind] for kind, of_kind in groupby(subjects, attrgetter("kind"))}
    rows = connection.execute(_select_latest(tuple(by_kind)), {f"of_{kind}": ids for kind, ids in by_kind.items()})
    return {(row.job, Subject(kind=row.subject_kind, id=row.subject)): _facts_of(row) for row in rows}


@cache
def _select_latest(kinds: tuple[str, ...]) -> Select[Any]:
    """Build the query of runs about subjects of these kinds: one condition for each, along the index on subjects."""
    about = (
        and_(run.c.subject_kind == kind, run.c.subject.in_(bindparam(f"of_{kind}", expanding=True))) for kind in kinds
    )
    latest = select(func.max(run.c.id)).where(or_(*about)).group_by(run.c.subject_kind, run.c.subject, run.c.job)
    return select(run).where(run.c.id.in_(latest), IS_NOT_DONE)


def _stop_of(stop: Stop) -> AccountStop:
    return AccountStop(
        account=stop.account,
        verb=stop.verb,
        message=describe_stop(stop, stop.retry_at),
        since=stop.since,
        paused=stop.is_pause,
        retry_at=stop.retry_at,
    )


def _facts_of(row: Row[Any]) -> RunFacts:
    return RunFacts(
        id=row.id,
        job=row.job,
        state=row.state,
        error=row.error,
        missing=row.missing or "",
        failures=row.failures,
        waiting=row.waiting,
        since=row.created,
        next_at=row.next_at,
    )
