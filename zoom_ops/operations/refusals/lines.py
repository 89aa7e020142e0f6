"""The log lines of refusals, so few that an attack does not fill the disk."""

from collections import Counter
from itertools import islice

import structlog

from ...clock import Clock
from .counting import Counts, RefusalKind

log = structlog.get_logger()
AT_ONCE = 20  # pairs of kind and network with a line of their own in a minute, as they come
AT_THE_END = 10  # and at the end of the minute, of those with more refusals
_MINUTE_S = 60
_MOST = 1_000  # pairs whose refusals are held back; of more only the kind is


class RefusalLines:
    """Writes what is refused to the log, for one thread.

    The first refusal of a kind from a network is written at once, the others once a minute with their number. A minute
    has at most AT_ONCE + AT_THE_END lines and one for each kind, which counts whatever has no line of its own.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock, self._began = clock, clock.elapsed()
        self._written = set[tuple[RefusalKind, str]]()  # in this minute
        self._held = Counts()

    def write(self, counts: Counts) -> None:
        """Write what is due of these refusals and of those that were held back. Call it often, also with nothing."""
        if self._clock.elapsed() - self._began >= _MINUTE_S:
            self._end_minute()
        for key, count in counts.items():
            kind, network = key
            if network and key not in self._written and len(self._written) < AT_ONCE:
                self._written.add(key)
                _write(kind, network, count)
            else:
                self._held[key if key in self._held or len(self._held) < _MOST else (kind, "")] += count

    @property
    def holds_back(self) -> bool:
        """Whether something is to be written at the end of the minute."""
        return bool(self._held)

    def end(self) -> None:
        """Write what is held back, when the process ends."""
        self._end_minute()

    def _end_minute(self) -> None:
        """Write what is held back: lines for the networks with the most, and one a kind for all others."""
        most = (key for key, _ in self._held.most_common() if key[1])
        named = tuple(islice(most, AT_THE_END))
        for kind, network in named:
            _write(kind, network, self._held.pop((kind, network)))
        others = Counter[RefusalKind]()
        for (kind, _), count in self._held.items():
            others[kind] += count
        for kind, count in others.items():
            _write(kind, None, count)
        self._began, self._written, self._held = self._clock.elapsed(), set(named), Counts()


def _write(kind: RefusalKind, network: str | None, count: int) -> None:
    log.warning("refused", kind=kind, address=network, count=count)
