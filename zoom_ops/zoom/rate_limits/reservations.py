"""Reservations: the right to send requests at once, taken before the intent is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import local

from ...clock import Clock
from ...errors import AmbiguousError, ConfigurationError, TemporaryError
from ..endpoints import Endpoint
from ..errors import AccountStoppedError
from .limits import Limits


class Reservations:
    """The reservations of each thread: places in the account's pace, and a share of the host's 100 a day."""

    def __init__(self, warm: Callable[[], None], limits: Limits, clock: Clock) -> None:
        self._warm = warm  # gets a token, so that the next request can go at once
        self._limits, self._clock, self._thread = limits, clock, local()

    @contextmanager
    def take(self, *endpoints: Endpoint, host: str = "", operator: bool = False) -> Iterator[None]:
        """Reserve what the next requests of this thread need; all `endpoints` have one label.

        A write and the read that follows it are reserved together, so that the read need not wait for its place. This
        waits for the first place. The deadline of its request begins here, before the intent is written: so the
        process that takes over this work knows when the call must have ended, even if this process is frozen meanwhile.
        An unused reservation does not count against the host's day.

        Raises WaitingError, RateLimitedError, or the errors of getting a token.
        """
        self._warm()
        reservations = self._open(endpoints, host, operator=operator)
        reservations[0].began = self._clock.elapsed()
        self._thread.reservations = reservations
        try:
            yield
        finally:
            self._thread.reservations = []
            for reservation in reservations:
                if not reservation.used:
                    self._give_back(reservation)

    @contextmanager
    def use(self, endpoint: Endpoint, host: str) -> Iterator[float | None]:
        """Use this thread's reservation, or take a new one; yield when its deadline began, or None for now.

        A request that was certainly not sent does not count against the host's day.
        """
        taken: list[_Reservation] = getattr(self._thread, "reservations", [])
        fitting = (free for free in taken if not free.used and free.endpoint is endpoint and free.host == host)
        reservation = next(fitting, None) or self._open((endpoint,), host)[0]
        reservation.used = True
        try:
            self._limits.wait_for(endpoint.label, reservation.place)
            yield reservation.began
        except AmbiguousError:
            raise
        except (TemporaryError, ConfigurationError, AccountStoppedError):
            self._give_back(reservation)
            raise

    def _open(self, endpoints: tuple[Endpoint, ...], host: str, *, operator: bool = False) -> list["_Reservation"]:
        label = endpoints[0].label
        counted_host = host if any(endpoint.counted for endpoint in endpoints) else ""
        places, day = self._limits.reserve(label, len(endpoints), host=counted_host, operator=operator)
        reservations = [
            _Reservation(endpoint=endpoint, host=host if endpoint.counted else "", place=place)
            for endpoint, place in zip(endpoints, places, strict=True)
        ]
        if counting := [reservation for reservation in reservations if reservation.endpoint.counted]:
            counting[0].day = day  # one was counted: a write, and the look that follows it does not count
        return reservations

    def _give_back(self, reservation: "_Reservation") -> None:
        if reservation.day:
            self._limits.uncount(reservation.host, reservation.day)
            reservation.day = ""


@dataclass(kw_only=True)
class _Reservation:
    endpoint: Endpoint
    host: str
    place: float  # when the request may leave
    day: str = ""  # on which it counts among the host's 100; empty if the endpoint does not count
    began: float | None = None  # since when the deadline of a write counts
    used: bool = False
