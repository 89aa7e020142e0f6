"""Files of events at web addresses, such as a calendar to subscribe to. They are only read."""

from ...clock import Clock
from ..http import Limits
from .client import FeedClient
from .records import FeedRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "feed"


def open_home(name: str, settings: Settings, clock: Clock, limits: Limits) -> FeedRecords:
    """Open a home. No request is made."""
    return FeedRecords(name, settings, FeedClient(name, settings, clock, limits), clock)
