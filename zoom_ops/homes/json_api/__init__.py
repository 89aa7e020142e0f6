"""Any system with a JSON API, as the file of the home describes it."""

from ...clock import Clock
from ..http import Limits
from ..port import EventRecords
from .client import JsonApi
from .records import JsonApiRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "JSON API"


def open_home(name: str, settings: Settings, clock: Clock, limits: Limits) -> EventRecords:
    """Open an API. No request is made."""
    return JsonApiRecords(name, settings, JsonApi(name, settings, clock, limits), clock)
