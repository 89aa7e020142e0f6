"""Schedules, and when their turns come."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from ..errors import BadInputError, ZoomOpsError
from ..store.schedules import AS_WRITTEN, ScheduleSetting
from .cron import Cron, latest_time, next_time, parse_cron
from .runs import Request

When = timedelta | Cron
"""When turns come: at an interval, aligned to a fixed start, or by a cron line. Every process computes them alike."""

ALIGNED_TO = datetime(2020, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The turns of a job: when they come, and the runs that each of them submits."""

    name: str
    when: When
    requests: Callable[[Connection, datetime], Iterable[Request]]
    lost: Callable[[ZoomOpsError], object] = lambda _error: None  # called once for a turn that cannot be written now


def when_of(name: str, written: When, settings: Mapping[str, ScheduleSetting]) -> When:
    """Return when the turns of a schedule come: as an operator says, else as the job file does (`written`).

    It does so, too, where the operator's time zone is none of this machine's.
    """
    setting = settings.get(name, AS_WRITTEN)
    if setting.cron:
        with suppress(BadInputError):
            return parse_cron(setting.cron, setting.zone or "UTC")
    return setting.every or written


def next_fire(when: When, now: datetime) -> datetime:
    """Return when the next turn comes, after `now`."""
    return next_time(when, now) if isinstance(when, Cron) else latest_fire(when, now) + when


def latest_fire(when: When, now: datetime) -> datetime:
    """Return when the latest turn came, at `now` at the latest."""
    return latest_time(when, now) if isinstance(when, Cron) else now - (now - ALIGNED_TO) % when


def turn_of(when: When, fire_time: datetime, now: datetime) -> datetime:
    """Return the turn that `fire_time`, by this machine's clock, means by the database's clock.

    Where the clocks differ by as much as lies between two turns, this is the turn nearest to `now`.
    """
    if isinstance(when, Cron):
        is_near = latest_time(when, fire_time - _TICK) < now < next_time(when, fire_time)
    else:
        is_near = abs(fire_time - now) < when
    if is_near:
        return fire_time
    return min(latest_fire(when, now), next_fire(when, now), key=lambda turn: abs(turn - now))


def turn_after(when: When, missed_turn: datetime, now: datetime) -> datetime:
    """Return the turn to take in place of a missed one: the latest, so that all missed turns count as one."""
    return max(missed_turn, latest_fire(when, now))
