"""The time from Zoom's notification to the page."""

from datetime import datetime, timedelta

import pytest

from tests.builders import NOW
from zoom_ops.operations.views.figures.latency import share_within
from zoom_ops.store.recordings import latency_of

SECOND = timedelta(seconds=1)


def test_latency_runs_from_the_receipt_to_the_publication() -> None:
    assert latency_of(NOW - 42 * SECOND, NOW) == 42 * SECOND


@pytest.mark.parametrize("received", [None, NOW + SECOND])
def test_latency_of_a_recording_that_the_sweep_found_is_none(received: datetime | None) -> None:
    assert latency_of(received, NOW) is None


@pytest.mark.parametrize(
    ("count", "share", "rank"), [(1, 0.5, 1), (2, 0.5, 1), (3, 0.5, 2), (20, 0.95, 19), (21, 0.95, 20), (1, 0.95, 1)]
)
def test_share_within_is_the_nearest_rank(count: int, share: float, rank: int) -> None:
    latencies = [number * SECOND for number in range(count, 0, -1)]

    assert share_within(latencies, share) == rank * SECOND


def test_share_of_nothing_is_none() -> None:
    assert share_within([], 0.5) is None
