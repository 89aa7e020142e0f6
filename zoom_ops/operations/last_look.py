"""What a process remembers of its last look at all coming events."""

from dataclasses import dataclass
from datetime import datetime

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
