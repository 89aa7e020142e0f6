"""The right to send requests at once, taken before the intent to send them is written down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import local

from ...clock import Clock
from ...errors import AmbiguousError, ConfigurationError, TemporaryError
from ..endpoints import Endpoint
from ..errors import AccountStoppedError
from .limits import Limits


@dataclass(kw_only=True)
class _Reservation:
    verb: Endpoint
    host: str
    day: str  # of the host's 100; empty where the verb does not count
    place: float = 0.0  # when it comes
    began: float | None = None  # when it was taken: the deadline of a write counts from then
    used: bool = False


class Reservations:
    """What this thread may send: places in the account's pace, and one of the host's 100 a day."""

    def __init__(self, warm: Callable[[], None], limits: Limits, clock: Clock) -> None:
        self._warm = warm  # gets a token, so that the next request can go at once
        self._limits = limits
        self._clock = clock
        self._thread = local()

    @contextmanager
    def take(self, *verbs: Endpoint, host: str = "", operator: bool = False) -> Iterator[None]:
        """Take what the next `verbs` of this thread, all of one label, need; the host's day has back what is not used.

        They stand at once: a write and the look that follows it, so that the look has not to wait for its place. The
        first place is waited for here, and the deadline of what is sent in it begins here, before the intent is
        written: who takes this work over knows when the call must have ended, even if this process is frozen meanwhile.
        """
        self._warm()
        slots = self._open(verbs, host, operator=operator)
        slots[0].began = self._clock.elapsed()
        self._thread.slots = slots
        try:
            yield
        finally:
            self._thread.slots = []
            for slot in slots:
                if not slot.used:
                    self._give_back(slot)

    @contextmanager
    def use(self, verb: Endpoint, host: str) -> Iterator[float | None]:
        """Use the slot that was taken, or take one, and tell when its deadline began, if not now.

        What was certainly not sent does not count.
        """
        slot = self._find(verb, host) or self._open((verb,), host)[0]
        slot.used = True
        try:
            self._limits.wait_for(verb.label, slot.place)
            yield slot.began
        except AmbiguousError:
            raise
        except (TemporaryError, ConfigurationError, AccountStoppedError):
            self._give_back(slot)
            raise

    def _find(self, verb: Endpoint, host: str) -> _Reservation | None:
        taken: list[_Reservation] = getattr(self._thread, "slots", [])
        return next((one for one in taken if not one.used and one.verb is verb and one.host == host), None)

    def _open(self, verbs: tuple[Endpoint, ...], host: str, *, operator: bool = False) -> list[_Reservation]:
        counted = any(verb.counted for verb in verbs)
        places, day = self._limits.reserve(verbs[0].label, len(verbs), host=host if counted else "", operator=operator)
        return [
            _Reservation(verb=verb, host=host, day=day, place=place)
            if verb.counted
            else _Reservation(verb=verb, host="", day="", place=place)
            for verb, place in zip(verbs, places, strict=True)
        ]

    def _give_back(self, slot: _Reservation) -> None:
        if slot.day:
            self._limits.uncount(slot.host, slot.day)
            slot.day = ""
