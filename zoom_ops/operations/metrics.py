"""Counters and gauges for /metrics."""

from contextlib import suppress

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from ..engine.runs import count_due
from ..errors import ZoomOpsError
from ..stages import ALERTS
from ..store.alerts import count_alerts
from ..store.db.connect import Database

_STAGES = {
    kind: name for name, kind in reversed(tuple(ALERTS.items()))
}  # a recording that is missing counts as `recorded`

registry = CollectorRegistry()
notifications = Counter(
    "zoom_ops_notifications", "Notifications from Zoom, by what became of them.", ["outcome"], registry=registry
)
runs = Counter("zoom_ops_runs", "Attempts of runs, by job and how they ended.", ["job", "outcome"], registry=registry)
zoom_calls = Counter("zoom_ops_zoom_calls", "Calls to Zoom.", ["account", "method", "status"], registry=registry)
deliveries = Counter(
    "zoom_ops_deliveries",
    "Messages to webhooks, by attempt and how it ended.",
    ["webhook", "outcome"],
    registry=registry,
)
open_alerts = Gauge(
    "zoom_ops_alerts_open", "Open alerts by kind; none where there is none.", ["kind"], registry=registry
)
late_events = Gauge(
    "zoom_ops_events_late", "Events that are late or stuck, by the stage of their life.", ["stage"], registry=registry
)
due_runs = Gauge("zoom_ops_runs_due", "Runs whose time has come and that nobody has begun.", registry=registry)
oldest_due = Gauge(
    "zoom_ops_runs_due_oldest_seconds", "For how long the first of them has been due.", registry=registry
)
zoom_out_of_reach = Gauge(
    "zoom_ops_zoom_out_of_reach",
    "1 from when this process steps aside, for it does not reach Zoom and others do, until it is answered.",
    registry=registry,
)


def exposition(database: Database) -> bytes:
    """Render the metrics in Prometheus' text format.

    Open alerts and due runs are read from the database, so every process reports the same values.
    """
    with suppress(ZoomOpsError):  # without the database the last known values stay
        with database.read() as connection:
            counts = count_alerts(connection)
            due, oldest_s = count_due(connection, database.now(connection))
        due_runs.set(due)
        oldest_due.set(oldest_s)
        for kind, stage in _STAGES.items():
            late_events.labels(stage).set(counts.get(kind, 0))
        open_alerts.clear()
        for kind, count in counts.items():
            open_alerts.labels(kind).set(count)
    return generate_latest(registry)
