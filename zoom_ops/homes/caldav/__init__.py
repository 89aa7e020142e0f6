"""A calendar on a CalDAV server (RFC 4791), such as Radicale or Nextcloud."""

from ...clock import Clock
from ..http import Limits
from .client import CalDavClient
from .records import CalDavRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "CalDAV"


def open_home(name: str, settings: Settings, clock: Clock, limits: Limits) -> CalDavRecords:
    """Open a home. No request is made."""
    return CalDavRecords(name, settings, CalDavClient(name, settings, clock, limits), clock)
