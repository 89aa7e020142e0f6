"""How often a write is tried while other people write to the same record."""

from collections.abc import Callable, Iterator

from ..clock import Clock

_TRIES = 3
_PAUSE_S = 0.5  # at most, before another try


def iter_tries(clock: Clock, chance: Callable[[], float]) -> Iterator[int]:
    """Iterate over the tries of a write, from 0, and rest before another one. `chance` gives a number below 1."""
    for number in range(_TRIES):
        if number:
            clock.sleep(_PAUSE_S * (number - 1 + chance()))
        yield number
