"""Runs at the gate of a home: a few at once, none just after it did not answer, and no home for another."""

from contextlib import ExitStack
from datetime import timedelta

import pytest

from tests.builders import NOW
from zoom_ops.errors import SettlingError
from zoom_ops.homes import Gate, HomeDownError
from zoom_ops.homes.gate import AT_ONCE


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
    gate = Gate(Clock())

    with ExitStack() as inside:
        for _ in range(AT_ONCE):
            inside.enter_context(gate.enter("indico"))
        with pytest.raises(SettlingError) as refused, gate.enter("indico"):
            pass
        with gate.enter("wordpress"):
            pass

    assert refused.value.until == NOW + timedelta(seconds=2)
    with gate.enter("indico"):
        pass


def test_home_that_did_not_answer_is_left_alone_for_a_while_and_no_other() -> None:
    clock = Clock()
    gate = Gate(clock)

    with pytest.raises(HomeDownError), gate.enter("indico"):
        raise HomeDownError("indico does not answer.")
    with pytest.raises(SettlingError, match="did not answer just now") as refused, gate.enter("indico"):
        pass
    with gate.enter("wordpress"):
        pass
    clock.time += timedelta(seconds=10)
    with gate.enter("indico"):
        pass

    assert refused.value.until == NOW + timedelta(seconds=10)


def test_home_that_says_when_it_may_be_asked_again_is_left_alone_until_then() -> None:
    gate = Gate(Clock())

    with pytest.raises(HomeDownError), gate.enter("indico"):
        raise HomeDownError("indico is busy: HTTP 429.", retry_at=NOW + timedelta(minutes=3))
    with pytest.raises(SettlingError) as refused, gate.enter("indico"):
        pass

    assert refused.value.until == NOW + timedelta(minutes=3)
