"""A time that notes until when what is decided by it stays decided so, as time goes on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import Any, SupportsIndex

_OWN = frozenset(("_plain", "_ahead", "_horizon", "tzinfo", "__class__"))  # what says nothing of the time


class Horizon:
    """Until when what was made of a time would be made of a later time, too."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.until = datetime.max.replace(tzinfo=UTC)

    def covers(self, moment: datetime) -> bool:
        """Return whether the same would be made of this time."""
        return self.now <= moment < self.until

    def end_at(self, moment: datetime) -> None:
        """Note that something else may be made of the time from this moment on."""
        self.until = min(self.until, moment)


class Moment(datetime):
    """The time of a horizon, or one that lies a fixed span before or after it.

    A comparison with another time holds until both are equal: this ends the horizon. All else that is asked of it, such
    as its day, its text or the span to another time, ends the horizon at once.
    """

    _plain: datetime
    _ahead: timedelta  # of the time of its horizon
    _horizon: Horizon

    def __new__(cls, horizon: Horizon, ahead: timedelta = timedelta()) -> "Moment":
        at = horizon.now + ahead
        date, time = (at.year, at.month, at.day), (at.hour, at.minute, at.second, at.microsecond)
        moment = super().__new__(cls, *date, *time, tzinfo=at.tzinfo)
        moment._plain, moment._ahead, moment._horizon = at, ahead, horizon
        return moment

    def __getattribute__(self, name: str) -> Any:
        return object.__getattribute__(self, name) if name in _OWN else getattr(_tell(self), name)

    def __add__(self, span: timedelta) -> "Moment":
        return Moment(self._horizon, self._ahead + span)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return Moment(self._horizon, self._ahead - other) if isinstance(other, timedelta) else _tell(self) - other

    def __rsub__(self, other: datetime) -> timedelta:
        return other - _tell(self)

    def __lt__(self, other: Any) -> bool:
        return _compare(lt, self, other)

    def __le__(self, other: Any) -> bool:
        return _compare(le, self, other)

    def __gt__(self, other: Any) -> bool:
        return _compare(gt, self, other)

    def __ge__(self, other: Any) -> bool:
        return _compare(ge, self, other)

    def __eq__(self, other: object) -> bool:
        return _compare(eq, self, other)

    def __ne__(self, other: object) -> bool:
        return _compare(ne, self, other)

    def __hash__(self) -> int:
        return hash(_tell(self))

    def __str__(self) -> str:
        return str(_tell(self))

    def __repr__(self) -> str:
        return repr(_tell(self))

    def __format__(self, form: str) -> str:
        return format(_tell(self), form)

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return _tell(self).__reduce_ex__(protocol)


def _compare(comparison: Callable[[Any, Any], bool], moment: Moment, other: Any) -> bool:
    if isinstance(other, Moment):  # both go on with the time
        return comparison(moment._plain, other._plain)
    if isinstance(other, datetime) and other >= moment._plain:
        moment._horizon.end_at(other - moment._ahead)
    return comparison(moment._plain, other)


def _tell(moment: Moment) -> datetime:
    """Return the time itself: whatever is made of it holds for this time only."""
    moment._horizon.end_at(moment._horizon.now)
    return moment._plain
