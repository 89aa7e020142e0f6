"""The words of the console's figures."""

from datetime import timedelta

import pytest

from zoom_ops.web.console.figures.pages import write_counts, write_latencies, write_time

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "under 1 s"), (0.4, "under 1 s"), (42, "42 s"), (60, "1 min"), (190, "3 min 10 s"), (3_600, "1 h"),
        (3_605, "1 h"), (7_260, "2 h 1 min"), (90_000, "1 d 1 h"), (-1, "under 1 s"),
    ],
)  # fmt: skip
def test_time_is_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert write_time(timedelta(seconds=seconds)) == words


def test_counts_are_in_words_the_worst_last() -> None:
    assert write_counts({"failed": 2, "done": 1200, "parked": 0}) == "1,200 done, 2 failed"
    assert write_counts({}) == "no runs"


@pytest.mark.parametrize(
    ("told", "recordings", "words"),
    [
        ((), 0, ""),
        ((9,), 1, "Zoom told of 1 recording: it took 9 s."),
        ((9, 40, 30), 3, "Zoom told of 3 recordings: half of them took at most 30 s, 19 of 20 at most 40 s."),
        ((), 2, "2 were found by the sweep, before any notification came."),
    ],
)
def test_latencies_are_in_words(told: tuple[int, ...], recordings: int, words: str) -> None:
    assert write_latencies([number * SECOND for number in told], recordings) == words
