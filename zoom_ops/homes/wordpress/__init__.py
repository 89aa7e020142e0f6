"""WordPress: pages, posts or entries of a type of its own whose text announces an event."""

from typing import cast

from ...clock import Clock
from ..http import Limits
from ..port import EventRecords
from ..settings import HomeSettings
from .client import open_client
from .records import WordPressRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "WordPress"


def open_home(name: str, settings: HomeSettings, clock: Clock, limits: Limits) -> EventRecords:
    """Open a site. No request is made."""
    site = cast(Settings, settings)
    return WordPressRecords(name, site, open_client(name, site, clock, limits), clock)
