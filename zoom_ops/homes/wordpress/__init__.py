"""WordPress: pages, posts or entries of a type of its own whose text announces an event."""

from ...clock import Clock
from ..http import Limits
from ..port import EventRecords
from .client import WordPress
from .records import WordPressRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "WordPress"


def open_home(name: str, settings: Settings, clock: Clock, limits: Limits) -> EventRecords:
    """Open a site. No request is made."""
    return WordPressRecords(name, settings, WordPress(name, settings, clock, limits), clock)
