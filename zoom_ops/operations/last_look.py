"""What a process remembers of its last look at events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from ..moments import Horizon, Moment

Made = TypeVar("Made")

MOST_NAMED = 1_000  # events that a look names one by one; of more it reads all that are to come


@dataclass(frozen=True, kw_only=True)
class LastLook:
    """Which coming events had nothing to plan, and which others there were."""

    version: int = -1  # of records, bindings and seats: see `load_plan_version`
    configuration: int = 0  # a hash of what decides beside them
    at: datetime | None = None
    nothing: frozenset[tuple[str, int]] = frozenset()  # events, each with a hash of all that decides about it
    others: frozenset[str] = frozenset()

    def still_holds(self, version: int, configuration: int, now: datetime) -> bool:
        """Return whether all other events that are to come have nothing to plan now, either: nothing has changed."""
        is_same = (version, configuration) == (self.version, self.configuration)
        return is_same and self.at is not None and self.at <= now


@dataclass(frozen=True, kw_only=True)
class Conclusion(Generic[Made]):
    """What was made of something known and of the time, and until when the same would be made of it."""

    known: Any  # a value, which equals another with the same facts
    horizon: Horizon
    made: Made

    def follows_from(self, known: Any, now: datetime) -> bool:
        """Return whether the same would be made of what is known now."""
        return self.horizon.covers(now) and bool(self.known == known)


@dataclass(frozen=True, kw_only=True)
class LastConclusions(Generic[Made]):
    """The conclusions of the last look, by event."""

    by_event: Mapping[str, Conclusion[Made]] = field(default_factory=dict)

    def conclude(self, event_id: str, known: Any, now: datetime, make: Callable[[datetime], Made]) -> Conclusion[Made]:
        """Return the last conclusion about an event if it holds now; else make one. `make` depends on nothing else."""
        last = self.by_event.get(event_id)
        if last is not None and last.follows_from(known, now):
            return last
        horizon = Horizon(now)
        return Conclusion(known=known, made=make(Moment(horizon)), horizon=horizon)
