"""Runs at the gate of a home: a few at once, none just after it did not answer, and no home for another."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.waiting import wait_until
from zoom_ops.errors import AmbiguousError, SettlingError, WaitingError
from zoom_ops.homes import Gate, HomeDownError, PacedError, UnauthorizedError


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self):  # type: ignore[no-untyped-def]
        return self.time

    def elapsed(self) -> float:
        return self.time.timestamp()

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing sleeps here")


def test_few_runs_at_once_are_let_to_a_home_and_the_others_wait_without_failing() -> None:
    gate = Gate(Clock(), patience_s=0)

    with ExitStack() as inside:
        for _ in range(2):
            inside.enter_context(gate.enter("indico", 2))
        with pytest.raises(SettlingError) as refused, gate.enter("indico", 2):
            pass
        with gate.enter("wordpress", 2):
            pass

    assert refused.value.until == NOW + timedelta(seconds=1)
    with gate.enter("indico", 2):
        pass


def test_runs_that_wait_enter_in_their_order_as_soon_as_a_place_is_free() -> None:
    gate, entered = Gate(Clock(), patience_s=60), list[int]()

    def enter(number: int) -> None:
        with gate.enter("indico", 1):
            entered.append(number)

    with ThreadPoolExecutor(3) as pool, gate.enter("indico", 1):
        for number in range(3):
            pool.submit(enter, number)
            wait_until(lambda number=number: gate.waiting("indico") == number + 1, "the run in the queue")
        with pytest.raises(SettlingError), gate.enter("indico", 1):  # the queue is full: it gets no thread
            pass

    assert entered == [0, 1, 2]


def test_runs_that_wait_for_slow_homes_leave_threads_to_the_others() -> None:
    gate, homes = Gate(Clock(), patience_s=60), ("indico", "wordpress")

    def enter(home: str) -> None:
        with gate.enter(home, 10):
            pass

    with ThreadPoolExecutor(30) as pool, ExitStack() as inside:
        for home in (*homes, "pretalx"):
            for _ in range(10):
                inside.enter_context(gate.enter(home, 10))
        for number in range(30):
            pool.submit(enter, homes[number % 2])
        wait_until(lambda: sum(map(gate.waiting, homes)) == 30, "the runs in the queues")
        with pytest.raises(SettlingError), gate.enter("pretalx", 10):
            pass
        with gate.enter("radicale", 10):
            pass


def test_runs_that_wait_are_turned_away_once_the_home_does_not_answer() -> None:
    gate = Gate(Clock(), patience_s=60)

    def enter() -> None:
        with gate.enter("indico", 1):
            pass

    with ThreadPoolExecutor(1) as pool:
        with suppress(HomeDownError), gate.enter("indico", 1):
            waiting = pool.submit(enter)
            wait_until(lambda: gate.waiting("indico") == 1, "the run in the queue")
            raise HomeDownError("indico does not answer.")
        with pytest.raises(SettlingError, match="did not answer just now"):
            waiting.result(timeout=60)


def test_home_whose_own_limit_is_reached_rests_until_it_has_room_and_says_so() -> None:
    gate, until = Gate(Clock(), patience_s=0), NOW + timedelta(seconds=3)

    with pytest.raises(PacedError), gate.enter("indico", 2):
        raise PacedError("The home indico waits for its turn.", until=until)
    with pytest.raises(SettlingError, match="waits for its turn") as refused, gate.enter("indico", 2):
        pass

    assert refused.value.until == until


def test_home_that_did_not_answer_is_left_alone_for_a_while_and_no_other() -> None:
    clock = Clock()
    gate = Gate(clock, patience_s=0)

    with pytest.raises(HomeDownError), gate.enter("indico", 2):
        raise HomeDownError("indico does not answer.")
    with pytest.raises(SettlingError, match="did not answer just now") as refused, gate.enter("indico", 2):
        pass
    with gate.enter("wordpress", 2):
        pass
    clock.time += timedelta(seconds=10)
    with gate.enter("indico", 2):
        pass

    assert refused.value.until == NOW + timedelta(seconds=10)


def test_home_that_says_when_it_may_be_asked_again_is_left_alone_until_then() -> None:
    gate = Gate(Clock(), patience_s=0)

    with pytest.raises(HomeDownError), gate.enter("indico", 2):
        raise HomeDownError("indico is busy: HTTP 429.", retry_at=NOW + timedelta(minutes=3))
    with pytest.raises(SettlingError) as refused, gate.enter("indico", 2):
        pass

    assert refused.value.until == NOW + timedelta(minutes=3)


def test_rest_that_a_home_asked_for_is_not_cut_short_by_another_run() -> None:
    gate = Gate(Clock(), patience_s=0)

    with suppress(HomeDownError), gate.enter("indico", 2):
        with suppress(HomeDownError), gate.enter("indico", 2):
            raise HomeDownError("indico is busy: HTTP 429.", retry_at=NOW + timedelta(minutes=3))
        raise HomeDownError("indico does not answer.")
    with pytest.raises(SettlingError, match="did not answer") as refused, gate.enter("indico", 2):
        pass

    assert refused.value.until == NOW + timedelta(minutes=3)


def test_home_that_hangs_in_the_middle_of_a_write_is_left_alone_for_a_while() -> None:
    gate = Gate(Clock(), patience_s=0)

    with pytest.raises(AmbiguousError), gate.enter("indico", 2):
        raise AmbiguousError("indico did not answer in time.")
    with pytest.raises(SettlingError) as refused, gate.enter("indico", 2):
        pass

    assert refused.value.until == NOW + timedelta(seconds=10)


def test_refused_credentials_are_tried_by_one_run_while_the_others_wait_with_the_reason() -> None:
    gate = Gate(Clock(), patience_s=0)

    with pytest.raises(WaitingError) as waits, gate.enter("indico", 2):
        raise UnauthorizedError("indico does not accept the credentials (HTTP 401).")
    with pytest.raises(SettlingError) as refused, gate.enter("indico", 2):
        pass

    assert str(waits.value) == str(refused.value) == "indico does not accept the credentials (HTTP 401)."
    assert waits.value.until == refused.value.until == NOW + timedelta(minutes=5)


def test_runs_that_are_turned_away_come_again_one_after_the_other() -> None:
    gate, times = Gate(Clock(), patience_s=0), []

    with pytest.raises(HomeDownError), gate.enter("indico", 2):
        raise HomeDownError("indico does not answer.")
    for _ in range(500):
        with pytest.raises(SettlingError) as refused, gate.enter("indico", 2):
            pass
        times.append(refused.value.until)

    assert times == [NOW + timedelta(seconds=10 + number / 20) for number in range(500)]
