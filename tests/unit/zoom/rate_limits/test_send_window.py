"""The last stop before a request leaves: late threads together send no more in a second than Zoom takes."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.builders import NOW
from zoom_ops.clock import HeldClock
from zoom_ops.zoom.rate_limits.send_window import OwnSendWindow


@pytest.fixture
def clock() -> HeldClock:
    """Hold the time."""
    return HeldClock(NOW)


@pytest.fixture
def valve(clock: HeldClock) -> OwnSendWindow:
    """Make a valve for three a second."""
    return OwnSendWindow({"LIGHT": 3, "MEDIUM": 1}, clock)


def send(valve: OwnSendWindow, clock: HeldClock, count: int, way_s: float = 0.0) -> Iterator[float]:
    """Send so many, one after the other; tell when each left."""
    for _ in range(count):
        with valve.passing("LIGHT"):
            yield clock.elapsed()
            clock.advance(way_s)


def test_second_holds_no_more_than_the_limit_however_late_they_come(valve: OwnSendWindow, clock: HeldClock) -> None:
    clock.advance(5)

    left = list(send(valve, clock, 7))

    assert left == pytest.approx([5, 5, 5, 6, 6, 6, 7])


def test_request_counts_from_its_answer_for_it_may_have_been_on_its_way(valve: OwnSendWindow, clock: HeldClock) -> None:
    left = list(send(valve, clock, 4, way_s=0.05))

    assert left == pytest.approx([0, 0.05, 0.1, 1.05])


def test_request_that_is_answered_late_counts_for_the_longest_way_only(valve: OwnSendWindow, clock: HeldClock) -> None:
    with ExitStack() as under_way:
        for _ in range(3):
            under_way.enter_context(valve.passing("LIGHT"))

        (left,) = send(valve, clock, 1)

    assert left == pytest.approx(1.1)


def test_labels_do_not_stand_in_each_others_way(valve: OwnSendWindow, clock: HeldClock) -> None:
    with valve.passing("MEDIUM"), valve.passing("LIGHT"):
        left = clock.elapsed()

    assert left == 0
