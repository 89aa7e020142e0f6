"""Counters for /metrics."""

from prometheus_client import CollectorRegistry, Counter, generate_latest

registry = CollectorRegistry()
notifications = Counter(
    "zoom_ops_notifications", "Notifications from Zoom, by what became of them.", ["outcome"], registry=registry
)
runs = Counter("zoom_ops_runs", "Attempts of runs, by job and how they ended.", ["job", "outcome"], registry=registry)
zoom_calls = Counter("zoom_ops_zoom_calls", "Calls to Zoom.", ["account", "method", "status"], registry=registry)


def exposition() -> bytes:
    """Write the counters down in Prometheus' text format."""
    return generate_latest(registry)
