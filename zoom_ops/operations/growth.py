"""Counters that only grow, made of counts in the database that may fall."""

from collections.abc import Sequence
from itertools import accumulate, pairwise


class Growth:
    """How a histogram of the database has grown since this process first looked.

    The counts there fall where an event is deleted or a backup is restored. Prometheus would take that for a new
    beginning, and count all of them once more.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[list[int], float]] = {}
        self._grown: dict[str, tuple[list[int], float]] = {}

    def add(self, key: str, within: Sequence[int], seconds: float) -> tuple[tuple[int, ...], float]:
        """Take the cumulative counts and the sum of now; return those of what came since the first look."""
        apart = [latter - former for former, latter in pairwise((0, *within))]
        seen, seconds_seen = self._seen.get(key, (apart, seconds))
        grown, seconds_grown = self._grown.get(key, ([0] * len(apart), 0.0))
        more = [max(0, now - before) for now, before in zip(apart, seen, strict=True)]
        grown = [held + new for held, new in zip(grown, more, strict=True)]
        seconds_grown += max(0.0, seconds - seconds_seen)
        self._seen[key], self._grown[key] = (apart, seconds), (grown, seconds_grown)
        return tuple(accumulate(grown)), seconds_grown
