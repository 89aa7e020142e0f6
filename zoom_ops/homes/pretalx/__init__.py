"""pretalx: the sessions of one conference. Links to recordings are resources of a session."""

from ...clock import Clock
from ..http import Limits
from ..port import EventRecords
from .client import Pretalx
from .records import PretalxRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "pretalx"


def open_home(name: str, settings: Settings, clock: Clock, limits: Limits) -> EventRecords:
    """Open a conference. No request is made."""
    return PretalxRecords(name, settings, Pretalx(name, settings, clock, limits), clock)
