"""Wagtail 8: pages about events, by the API v3. Links to recordings are rows of a list in the page."""

from ...clock import Clock
from ..http import Limits
from ..port import EventRecords
from .client import Wagtail
from .records import WagtailRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "Wagtail"


def open_home(name: str, settings: Settings, clock: Clock, limits: Limits) -> EventRecords:
    """Open a site. No request is made."""
    return WagtailRecords(name, settings, Wagtail(name, settings, clock, limits), clock)
