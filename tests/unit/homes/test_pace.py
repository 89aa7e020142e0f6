"""How often a home is asked: half of a minute's requests at once, and never a call that is broken off."""

import contextvars
from datetime import timedelta

import pytest

from tests.builders import NOW
from zoom_ops.errors import SettlingError
from zoom_ops.homes import PacedError
from zoom_ops.homes.pace import Pace


class Clock:
    """A clock that moves only while somebody sleeps."""

    def __init__(self) -> None:
        self.slept = 0.0

    def now(self):  # type: ignore[no-untyped-def]
        return NOW + timedelta(seconds=self.slept)

    def elapsed(self) -> float:
        return self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


def call(pace: Pace, requests: int, seconds: float = 1_000) -> None:
    with pace.call(seconds):
        for _ in range(requests):
            pace.count()


def test_burst_does_not_wait_and_no_minute_has_more_requests_than_allowed() -> None:
    clock, sent = Clock(), list[float]()
    pace = Pace("indico", clock, requests_a_minute=600, at_once=1)

    for _ in range(2_000):
        call(pace, 1)
        sent.append(round(clock.slept, 2))

    assert (sent[299], sent[300]) == (0.0, 0.2)
    assert max(sum(begin <= moment < begin + 60 for moment in sent) for begin in sent[::10]) <= 600


def test_call_that_has_begun_is_not_held_back_and_the_next_one_waits_for_it() -> None:
    clock = Clock()
    pace = Pace("indico", clock, requests_a_minute=2, at_once=1)

    call(pace, 5)
    at_end = clock.slept
    call(pace, 1)

    assert (at_end, round(clock.slept, 2)) == (0.0, 300.0)


def test_call_without_room_says_when_to_come_again_and_is_no_failure() -> None:
    clock = Clock()
    pace = Pace("indico", clock, requests_a_minute=60, at_once=1)
    call(pace, 40)

    with pytest.raises(
        PacedError, match=r"^The home indico waits for its turn: .* requests_a_minute allows\.$"
    ) as paced:
        call(pace, 1, seconds=2)
    assert paced.value.until
    clock.sleep((paced.value.until - clock.now()).total_seconds())
    call(pace, 1, seconds=0)

    assert isinstance(paced.value, SettlingError)  # what is known of failures stays
    assert round(clock.slept, 2) == 22.0


def test_call_in_a_call_takes_no_second_place() -> None:
    pace = Pace("indico", Clock(), requests_a_minute=60, at_once=1)

    with pace.call(0):
        call(pace, 1, seconds=0)
        with pytest.raises(PacedError, match="at_once"):
            contextvars.Context().run(call, pace, 1, 0)  # as in another thread
