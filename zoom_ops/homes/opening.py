"""A home, opened as its file describes it."""

from ..clock import Clock
from .http import Limits
from .kinds import load_kind
from .port import EventRecords
from .settings import HomeSettings


def open_home(
    name: str, settings: HomeSettings, clock: Clock, *, connect_s: float = 3, read_s: float = 10, deadline_s: float = 15
) -> EventRecords:
    """Open the home that a file describes. Times are in seconds; `deadline_s` limits all requests of one call."""
    limits = Limits(
        connect_s=connect_s,
        read_s=read_s,
        deadline_s=deadline_s,
        requests_a_minute=settings.requests_a_minute,
        at_once=settings.at_once,
    )
    return load_kind(settings.kind).open_home(name, settings, clock, limits)
