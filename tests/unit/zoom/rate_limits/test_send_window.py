"""The send window: late threads together send no more in a second than Zoom's limit."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.builders import NOW
from zoom_ops.clock import HeldClock
from zoom_ops.zoom.rate_limits.send_window import OwnSendWindow


@pytest.fixture
def clock() -> HeldClock:
    """A clock that stands still."""
    return HeldClock(NOW)


@pytest.fixture
def send_window(clock: HeldClock) -> OwnSendWindow:
    """A send window for three requests a second."""
    return OwnSendWindow({"LIGHT": 3, "MEDIUM": 1}, clock)


def send(send_window: OwnSendWindow, clock: HeldClock, count: int, way_s: float = 0.0) -> Iterator[float]:
    """Send `count` requests, one after the other; yield when each left."""
    for _ in range(count):
        with send_window.passing("LIGHT"):
            yield clock.elapsed()
            clock.advance(way_s)


def test_second_holds_no_more_than_the_limit_however_late_they_come(
    send_window: OwnSendWindow, clock: HeldClock
) -> None:
    clock.advance(5)

    left = list(send(send_window, clock, 7))

    assert left == pytest.approx([5, 5, 5, 6, 6, 6, 7])


def test_request_counts_from_its_answer_for_it_may_have_been_on_its_way(
    send_window: OwnSendWindow, clock: HeldClock
) -> None:
    left = list(send(send_window, clock, 4, way_s=0.05))

    assert left == pytest.approx([0, 0.05, 0.1, 1.05])


def test_request_that_is_answered_late_counts_for_the_longest_way_only(
    send_window: OwnSendWindow, clock: HeldClock
) -> None:
    with ExitStack() as under_way:
        for _ in range(3):
            under_way.enter_context(send_window.passing("LIGHT"))

        (left,) = send(send_window, clock, 1)

    assert left == pytest.approx(1.1)


def test_labels_do_not_stand_in_each_others_way(send_window: OwnSendWindow, clock: HeldClock) -> None:
    with send_window.passing("MEDIUM"), send_window.passing("LIGHT"):
        left = clock.elapsed()

    assert left == 0
