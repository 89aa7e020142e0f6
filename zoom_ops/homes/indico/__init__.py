"""Indico: the events of some categories. Links to recordings are materials of an event."""

from ...clock import Clock
from ..http import Limits
from ..port import EventRecords
from .client import Indico
from .records import IndicoRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "Indico"


def open_home(name: str, settings: Settings, clock: Clock, limits: Limits) -> EventRecords:
    """Open the categories of an Indico. No request is made."""
    return IndicoRecords(name, settings, Indico(name, settings, clock, limits), clock)
