"""A calendar on a CalDAV server (RFC 4791), such as Radicale or Nextcloud."""

from ...clock import Clock
from ..http import Limits
from ..port import EventRecords
from .client import CalDav
from .records import CalDavRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "CalDAV"


def open_home(name: str, settings: Settings, clock: Clock, limits: Limits) -> EventRecords:
    """Open a calendar. No request is made."""
    return CalDavRecords(name, settings, CalDav(name, settings, clock, limits), clock)
