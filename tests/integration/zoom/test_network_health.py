"""A process steps aside when it loses its calls while others are answered, and not when all lose theirs."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import ACCOUNT
from tests.integration.service import TestClock
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.zoom_calls import record_call
from zoom_ops.zoom import Call
from zoom_ops.zoom.network_health import LOST, NetworkHealth

pytestmark = pytest.mark.both_databases

PAUSE_S = 60.0
SECOND = timedelta(seconds=1)

Make = Callable[[str, int | None], Call]


@pytest.fixture
def clock() -> TestClock:
    """A clock that is moved by hand."""
    return TestClock()


@pytest.fixture
def reach(database: Database, clock: TestClock) -> NetworkHealth:
    """The network health of one process of several."""
    return NetworkHealth(database, clock, PAUSE_S, alone=False)


@pytest.fixture
def make(database: Database, clock: TestClock) -> Make:
    """A function that makes a call with this status (None: no answer), and records it as any process does."""

    def make_one(account: str, status: int | None) -> Call:
        clock.advance(SECOND)
        call = Call(
            account=account,
            at=clock.now(),
            method="GET",
            path="/users",
            template="/users",
            status=status,
            tracking_id=None,
            strange=False,
            seconds=0.1,
        )
        with database.begin() as connection:
            record_call(connection, None, asdict(call))
        return call

    return make_one


def lose(reach: NetworkHealth, make: Make, times: int = LOST) -> None:
    for _ in range(times):
        reach.note(make(ACCOUNT, None))


def test_process_steps_aside_whose_calls_are_lost_while_others_are_answered(reach: NetworkHealth, make: Make) -> None:
    reach.note(make(ACCOUNT, None))
    make(ACCOUNT, 200)
    reach.note(make(ACCOUNT, None))
    assert reach.steps_aside() is False

    reach.note(make(ACCOUNT, None))

    assert reach.steps_aside()
    assert reach.is_lost


def test_process_goes_last_from_its_first_lost_call_until_it_is_answered(
    reach: NetworkHealth, database: Database, clock: TestClock, make: Make
) -> None:
    alone = NetworkHealth(database, clock, PAUSE_S, alone=True)
    at_first = reach.goes_last()

    for health in (reach, alone):
        health.note(make(ACCOUNT, None))
    lost = reach.goes_last(), alone.goes_last()
    reach.note(make(ACCOUNT, 404))

    assert (at_first, lost, reach.goes_last()) == (False, (True, False), False)


def test_process_goes_last_when_it_tries_again(reach: NetworkHealth, make: Make, clock: TestClock) -> None:
    lose(reach, make, LOST - 1)
    make(ACCOUNT, 200)
    lose(reach, make, 1)
    aside = reach.steps_aside()
    clock.advance(timedelta(seconds=PAUSE_S))

    assert (aside, reach.steps_aside(), reach.goes_last()) == (True, False, True)


@pytest.mark.parametrize("status", [None, 502])
def test_process_goes_on_whose_calls_are_lost_as_all_others_are(
    reach: NetworkHealth, make: Make, status: int | None
) -> None:
    make(ACCOUNT, 200)  # before
    for _ in range(3 * LOST):
        reach.note(make(ACCOUNT, None))
        make(ACCOUNT, status)

    assert reach.steps_aside() is False


def test_what_another_account_is_answered_proves_nothing(reach: NetworkHealth, make: Make) -> None:
    for _ in range(2 * LOST):
        reach.note(make(ACCOUNT, None))
        make("another", 200)

    assert reach.steps_aside() is False


def test_answers_of_its_own_prove_nothing_against_it(reach: NetworkHealth, make: Make) -> None:
    early = make(ACCOUNT, None)
    reach.note(make(ACCOUNT, 200))
    reach.note(early)
    lose(reach, make, LOST - 1)

    assert reach.steps_aside() is False


def test_it_tries_again_and_steps_aside_for_longer_and_longer_until_it_is_answered(
    reach: NetworkHealth, make: Make, clock: TestClock
) -> None:
    pauses = []
    for times in (LOST, 1, 1):
        lose(reach, make, times - 1)
        lost = make(ACCOUNT, None)
        make(ACCOUNT, 200)
        reach.note(lost)
        began = clock.elapsed()
        while reach.steps_aside():
            clock.advance(SECOND)
        pauses.append(clock.elapsed() - began)
    assert pauses == pytest.approx([PAUSE_S, 2 * PAUSE_S, 4 * PAUSE_S], abs=2)

    reach.note(make(ACCOUNT, 200))
    lose(reach, make, LOST - 1)
    make(ACCOUNT, 200)
    reach.note(make(ACCOUNT, None))

    began = clock.elapsed()
    while reach.steps_aside():
        clock.advance(SECOND)
    assert clock.elapsed() - began == pytest.approx(PAUSE_S, abs=2)


def test_it_goes_on_when_it_finds_that_by_now_nobody_is_answered(
    reach: NetworkHealth, make: Make, clock: TestClock
) -> None:
    lost = make(ACCOUNT, None)
    make(ACCOUNT, 200)
    for call in (lost, make(ACCOUNT, None), make(ACCOUNT, None)):
        reach.note(call)
    assert reach.steps_aside()
    clock.advance(SECOND * (PAUSE_S + 1))

    lose(reach, make)

    assert (reach.steps_aside(), reach.is_lost) == (False, True)


def test_call_that_was_under_way_and_is_answered_after_all_brings_it_back(reach: NetworkHealth, make: Make) -> None:
    lost = make(ACCOUNT, None)
    make(ACCOUNT, 200)
    for call in (lost, make(ACCOUNT, None), make(ACCOUNT, None)):
        reach.note(call)
    assert reach.steps_aside()

    reach.note(make(ACCOUNT, 404))

    assert (reach.steps_aside(), reach.is_lost) == (False, False)


def test_who_works_alone_never_steps_aside(database: Database, clock: TestClock, make: Make) -> None:
    alone = NetworkHealth(database, clock, PAUSE_S, alone=True)
    for _ in range(2 * LOST):
        alone.note(make(ACCOUNT, None))
        make(ACCOUNT, 200)

    assert alone.steps_aside() is False


def test_database_that_does_not_answer_proves_nothing(clock: TestClock, make: Make, tmp_path: Path) -> None:
    broken = open_database(f"sqlite:///{tmp_path}/empty.db", clock)  # without a table
    reach = NetworkHealth(broken, clock, PAUSE_S, alone=False)

    lose(reach, make)

    assert reach.steps_aside() is False


def test_window_of_evidence_begins_with_the_first_lost_call(reach: NetworkHealth, make: Make, clock: TestClock) -> None:
    lost = make(ACCOUNT, None)
    clock.advance(timedelta(minutes=20))
    make(ACCOUNT, 200)
    for call in (lost, make(ACCOUNT, None), make(ACCOUNT, None)):
        reach.note(call)

    assert reach.steps_aside()
