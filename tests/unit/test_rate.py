"""A rate limit as a value: what is counted, and what has to wait."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from zoom_ops.rate import Counters, Rate

RATE = Rate(at_once=3, every=timedelta(seconds=2))


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


def test_burst_is_let_in_and_the_next_attempt_waits_for_its_interval() -> None:
    ahead, waits = seconds(-60), []
    for _ in range(4):
        ahead, wait = RATE.count(ahead)
        waits.append(wait)

    assert waits == [seconds(0), seconds(0), seconds(0), seconds(2)]
    assert ahead == seconds(6), "the attempt that waits is not counted"


def test_counter_of_a_clock_that_was_put_back_is_cut_to_the_burst() -> None:
    assert RATE.count(seconds(86_400)) == (seconds(6), seconds(2))


@given(st.lists(st.timedeltas(min_value=timedelta(0), max_value=seconds(9)), min_size=1, max_size=50))
def test_no_span_of_time_lets_in_more_than_its_burst_and_its_intervals(pauses: list[timedelta]) -> None:
    now, counter, counted = timedelta(0), timedelta(0), []
    for pause in pauses:
        now += pause
        ahead, wait = RATE.count(counter - now)
        counter = now + ahead
        if not wait:
            counted.append(now)

    for first, at in enumerate(counted):
        for last in range(first, len(counted)):
            assert last - first + 1 <= RATE.at_once + (counted[last] - at) / RATE.every


def test_counters_of_made_up_keys_are_few_and_forget_the_newest_burst_last() -> None:
    counters = Counters(RATE, most=10)
    for _ in range(3):
        counters.count("guesser", seconds(0))

    for number in range(1000):
        counters.count(f"made up {number}", seconds(number / 1000))

    assert len(counters) <= 10
    assert counters.wait_of("guesser", seconds(1)) == seconds(1)
    assert counters.count("guesser", seconds(3)) == seconds(0)
