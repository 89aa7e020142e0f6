"""What this process counts for /metrics.

Each process counts its own: add up what they say. No label is called `job` or `endpoint`, for Prometheus gives its
targets labels of these names.
"""

from collections.abc import Iterable
from itertools import product
from typing import Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics

from ..engine.runs import OUTCOMES
from ..zoom import list_calls

NotificationOutcome = Literal[
    "stored", "noted", "replayed", "validated", "unknown_kind", "meeting", "stale", "not_json", "bad_signature",
    "unknown_account",
]  # fmt: skip
UNANSWERED = "unanswered"  # in place of a status
HOME_CALL_OUTCOMES = ("asked", "refused")
DELIVERY_OUTCOMES = ("taken", "refused", "unanswered", "skipped")

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter, which nobody asks for
registry = CollectorRegistry()
ProcessCollector(registry=registry)
notifications = Counter(
    "zoom_ops_notifications",
    "Notifications from Zoom to this process, by what became of them.",
    ["outcome"],
    registry=registry,
)
runs = Counter(
    "zoom_ops_runs",
    "Attempts of runs by this process, by job and how they ended: done, waiting, retried, parked, failed.",
    ["job_name", "outcome"],
    registry=registry,
)
run_duration = Histogram(
    "zoom_ops_run_duration_seconds",
    "How long the attempts of runs by this process took.",
    ["job_name"],
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600),  # from one quick call to the pace of a long sweep
    registry=registry,
)
zoom_calls = Counter(
    "zoom_ops_zoom_calls",
    "Calls of this process to Zoom by endpoint, tokens among them. The status is unanswered where no answer came.",
    ["account", "method", "path", "status"],
    registry=registry,
)
zoom_call_duration = Histogram(
    "zoom_ops_zoom_call_duration_seconds",
    "How long calls of this process to Zoom took, until the answer was read, by endpoint.",
    ["account", "method", "path"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30),  # from Zoom's usual answer to the deadline of a call
    registry=registry,
)
home_calls = Counter(
    "zoom_ops_home_calls",
    "Calls of homes to this process, by what became of them: asked (for a pull), refused.",
    ["outcome"],
    registry=registry,
)
refusals = Counter(
    "zoom_ops_refusals",
    "What this process refused to clients, by kind: sign-ins, tokens, connections, streams, bodies, headers.",
    ["kind"],
    registry=registry,
)
networks_shut_out = Gauge(
    "zoom_ops_networks_shut_out",
    "Networks whose connections the system drops now, before this process sees them.",
    registry=registry,
)
deliveries = Counter(
    "zoom_ops_deliveries",
    "Messages of this process to webhooks, by attempt and how it ended.",
    ["webhook", "outcome"],
    registry=registry,
)
zoom_out_of_reach = Gauge(
    "zoom_ops_zoom_out_of_reach",
    "1 from when this process steps aside, for it does not reach Zoom and others do, until it is answered.",
    registry=registry,
)
for _outcome in get_args(NotificationOutcome):
    notifications.labels(_outcome)
for _outcome in HOME_CALL_OUTCOMES:
    home_calls.labels(_outcome)


def note_run(job: str, outcome: str, seconds: float) -> None:
    """Count and measure an attempt of a run, which ended with one of OUTCOMES."""
    runs.labels(job, outcome).inc()
    run_duration.labels(job).observe(seconds)


def note_call(labels: tuple[str, str, str], status: int | None, seconds: float) -> None:
    """Count and measure a call. `labels`: the account, the method, and the path as a template, without ids."""
    zoom_calls.labels(*labels, UNANSWERED if status is None else str(status)).inc()
    zoom_call_duration.labels(*labels).observe(seconds)


def begin_series(*, jobs: Iterable[str], accounts: Iterable[str], webhooks: Iterable[str]) -> None:
    """Give what is counted by job, call or webhook a first value of 0, so that the first increase is seen."""
    for job in jobs:
        run_duration.labels(job)
        for outcome in OUTCOMES:
            runs.labels(job, outcome)
    for account, (method, path, status) in product(accounts, list_calls()):
        zoom_call_duration.labels(account, method, path)
        for answer in (status, "429", UNANSWERED):
            zoom_calls.labels(account, method, path, answer)
    for webhook in webhooks:
        for ended in DELIVERY_OUTCOMES:
            deliveries.labels(webhook, ended)
