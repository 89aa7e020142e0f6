"""All metrics in Prometheus' text format: what this process counts, and what every process reads from the database."""

import platform
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from datetime import datetime, timedelta
from itertools import product
from threading import Lock, Thread

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection

from .. import __version__
from ..engine.listing import NEEDING, count_needing, load_last_done
from ..engine.runs import count_due
from ..engine.timetable import When, latest_fire, next_fire, when_of
from ..errors import ZoomOpsError
from ..stages import ALERT_KINDS, ALERTS
from ..store.alerts import SEVERITIES, count_alerts, list_kinds
from ..store.published import count_first
from ..store.schedules import AS_WRITTEN, load_schedule_settings
from ..store.webinars import load_used_today
from . import metrics
from .context import Context
from .growth import Growth
from .jobs.registry import Job
from .reconcile.pools import CHANGES_A_DAY, changes_left
from .watching.decide import KINDS

_STAGES = {
    kind: name for name, kind in reversed(tuple(ALERTS.items()))
}  # a recording that is missing counts as `recorded`
_SHARED = "The same from every process."
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_PAGE_S = (5, 15, 30, _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, _HOUR // 2, _HOUR, 6 * _HOUR, _DAY)
"""Seconds where the notification rings the jobs, ten minutes where a turn finds it, an hour until it counts as late."""
_TICK = timedelta(microseconds=1)
PATIENCE_S = 4.0


class Exposition:
    """Renders the metrics. It waits for the database for `patience_s` at most, and asks it one thing at a time.

    Prometheus gives a target up after ten seconds, and takes it for one that is down. A lost database may take longer.
    """

    def __init__(self, context: Context, jobs: Mapping[str, Job], patience_s: float = PATIENCE_S) -> None:
        self._context, self._jobs, self._patience_s = context, jobs, patience_s
        self._reading = Lock()  # held by the thread that reads
        self._growth = Growth()

    def render(self) -> bytes:
        """Render the metrics. Without the database `zoom_ops_database_up` is 0, and what is read from it is absent."""
        context = self._context
        metrics.begin_series(jobs=self._jobs, accounts=context.gateways, webhooks=context.webhooks)
        stored = self._read_in_time()
        up = GaugeMetricFamily(
            "zoom_ops_database_up", "1 while the database answers this process.", float(bool(stored))
        )
        read = CollectorRegistry(auto_describe=False)
        read.register(_Read((_build(context), _attack(context), up, *stored)))
        return generate_latest(metrics.registry) + generate_latest(read)

    def _read_in_time(self) -> tuple[Metric, ...]:
        """Read what the database holds; return nothing if it fails or does not answer in time."""
        answer = Future[tuple[Metric, ...]]()
        Thread(target=self._read_for, args=(answer,), name="metrics", daemon=True).start()
        try:
            return answer.result(self._patience_s)
        except (TimeoutError, ZoomOpsError):
            return ()

    def _read_for(self, answer: Future[tuple[Metric, ...]]) -> None:
        if not self._reading.acquire(timeout=self._patience_s):
            return
        try:
            answer.set_result(_read(self._context, self._jobs, self._growth))
        except Exception as error:
            answer.set_exception(error)
        finally:
            self._reading.release()


class _Read(Collector):
    """What was read, as a collector."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


def _read(context: Context, jobs: Mapping[str, Job], growth: Growth) -> tuple[Metric, ...]:
    with context.database.read() as connection:
        now = context.database.now(connection)
        return (
            *_alerts(connection),
            *_runs(connection, jobs, now),
            *_jobs(connection, jobs, now),
            _budgets(connection, context, now),
            _pages(connection, context, growth),
        )


def _attack(context: Context) -> Metric:
    most = float(context.alert_refusals)
    return GaugeMetricFamily("zoom_ops_alert_refusals", "So many refusals within five minutes open an alert.", most)


def _build(context: Context) -> Metric:
    return InfoMetricFamily(
        "zoom_ops_build",
        "The version of this process, its Python, and the kinds of its database and engine; always 1.",
        value={
            "version": __version__,
            "python": platform.python_version(),
            "database": context.database.engine.dialect.name,
            "engine": context.engine,
        },
    )


def _alerts(connection: Connection) -> Iterator[Metric]:
    counts = count_alerts(connection)
    by_kind = GaugeMetricFamily(
        "zoom_ops_alerts_open", f"Open alerts by kind and severity. {_SHARED}", labels=("kind", "severity")
    )
    for kind, severity in product(sorted({*ALERT_KINDS, *KINDS, *list_kinds(connection)}), SEVERITIES):
        by_kind.add_metric((kind, severity), counts.get((kind, severity), 0))
    yield by_kind
    late: dict[str, float] = {
        stage: sum(counts.get((kind, severity), 0) for severity in SEVERITIES) for kind, stage in _STAGES.items()
    }
    yield _gauge("zoom_ops_events_late", "Events that are late or stuck, by the stage of their life.", "stage", late)


def _runs(connection: Connection, jobs: Mapping[str, Job], now: datetime) -> Iterator[Metric]:
    due, oldest_s = count_due(connection, now)
    yield _value("zoom_ops_runs_due", "Runs whose time has come and that nobody has begun.", due)
    yield _value("zoom_ops_runs_due_oldest_seconds", "For how long the first of them has been due.", oldest_s)
    counts = count_needing(connection)
    names = sorted({*jobs, *(job for job, _ in counts)})
    for state in NEEDING:
        held = {job: counts.get((job, state), 0) for job in names}
        yield _gauge(
            f"zoom_ops_runs_{state}", f"Runs that are {state} and wait for a person, by job.", "job_name", held
        )


def _jobs(connection: Connection, jobs: Mapping[str, Job], now: datetime) -> Iterator[Metric]:
    ended = load_last_done(connection, jobs)
    yield _gauge(
        "zoom_ops_job_last_success_timestamp_seconds",
        "When a run of the job was last done, in seconds since 1970; 0 while none is known.",
        "job_name",
        {name: ended[name].timestamp() if name in ended else 0 for name in jobs},
    )
    settings = load_schedule_settings(connection)
    intervals = {
        name: _interval_s(when_of(name, job.when, settings), now)
        for name, job in jobs.items()
        if job.about == "service" and not settings.get(name, AS_WRITTEN).paused
    }
    yield _gauge(
        "zoom_ops_job_interval_seconds",
        "How long it is between two turns of a job that has work at every turn, the longer of the pauses around the "
        "latest one; absent while it is paused.",
        "job_name",
        intervals,
    )


def _interval_s(when: When, now: datetime) -> float:
    """Return the longer of the pauses before and after the latest turn: a cron line may leave out weekends."""
    latest = latest_fire(when, now)
    return max(next_fire(when, now) - latest, latest - latest_fire(when, latest - _TICK)).total_seconds()


def _budgets(connection: Connection, context: Context, now: datetime) -> Metric:
    """Read what is left of each host's day. A host is told by its place: its address is that of a person."""
    family = GaugeMetricFamily(
        "zoom_ops_host_day_changes_left",
        f"Creates and updates that Zoom still allows a host today (UTC), of {CHANGES_A_DAY}. The host is its place in "
        f"the setting HOSTS of its account, from 1. {_SHARED}",
        labels=("account", "host"),
    )
    for name, gateway in context.gateways.items():
        used = load_used_today(connection, name, now.date().isoformat())
        for place, email in enumerate(gateway.account.hosts, start=1):
            family.add_metric((name, str(place)), changes_left(used.get(email, 0)))
    return family


def _pages(connection: Connection, context: Context, growth: Growth) -> Metric:
    """Read how long recordings took to their page from the publications: one that a crash hid counts, too.

    Every process tells of all recordings since it was first asked.
    """
    family = HistogramMetricFamily(
        "zoom_ops_notification_to_page_seconds",
        "From the receipt of the first notification that a recording was complete until its first link stood on the "
        "page, of recordings since this process was first asked. It includes the wait for an approval.",
        labels=("account",),
    )
    counts = count_first(connection, _PAGE_S)
    bounds = (*(str(float(bound)) for bound in _PAGE_S), "+Inf")
    for account in context.gateways:
        within, seconds = counts.get(account, ((0,) * len(bounds), 0.0))
        grown, sum_s = growth.add(account, within, seconds)
        family.add_metric((account,), list(zip(bounds, grown, strict=True)), sum_s)
    return family


def _gauge(name: str, sentence: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, f"{sentence} {_SHARED}", labels=(label,))
    for key, value in values.items():
        family.add_metric((key,), value)
    return family


def _value(name: str, sentence: str, value: float) -> Metric:
    return GaugeMetricFamily(name, f"{sentence} {_SHARED}", value)
