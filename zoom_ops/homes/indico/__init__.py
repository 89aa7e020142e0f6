"""Indico: the events of some categories. Links to recordings are materials of an event."""

from typing import cast

from ...clock import Clock
from ..http import Limits
from ..port import EventRecords
from ..settings import HomeSettings
from .client import open_client
from .records import IndicoRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "Indico"


def open_home(name: str, settings: HomeSettings, clock: Clock, limits: Limits) -> EventRecords:
    """Open the categories of an Indico. No request is made."""
    own = cast(Settings, settings)
    return IndicoRecords(name, own, open_client(name, own, clock, limits), clock)
