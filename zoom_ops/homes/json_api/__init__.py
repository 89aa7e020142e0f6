"""Any system with a JSON API, as the file of the home describes it."""

from ...clock import Clock
from ..http import Limits
from .client import JsonClient
from .records import JsonRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "JSON API"


def open_home(name: str, settings: Settings, clock: Clock, limits: Limits) -> JsonRecords:
    """Open a home. No request is made."""
    return JsonRecords(name, settings, JsonClient(name, settings, clock, limits), clock)
