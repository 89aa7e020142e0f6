"""Wagtail 8: pages about events, by the API v3. Links to recordings are rows of a list in the page."""

from typing import cast

from ...clock import Clock
from ..http import Limits
from ..port import EventRecords
from ..settings import HomeSettings
from .client import open_client
from .records import WagtailRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "Wagtail"


def open_home(name: str, settings: HomeSettings, clock: Clock, limits: Limits) -> EventRecords:
    """Open a site. No request is made."""
    chosen = cast(Settings, settings)
    return WagtailRecords(name, chosen, open_client(name, chosen, clock, limits), clock)
