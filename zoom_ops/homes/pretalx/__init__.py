"""pretalx: the sessions of one conference. Links to recordings are resources of a session."""

from typing import cast

from ...clock import Clock
from ..http import Limits
from ..port import EventRecords
from ..settings import HomeSettings
from .client import open_client
from .records import PretalxRecords
from .settings import Settings

__all__ = ["TITLE", "Settings", "open_home"]

TITLE = "pretalx"


def open_home(name: str, settings: HomeSettings, clock: Clock, limits: Limits) -> EventRecords:
    """Open a conference. No request is made."""
    client = open_client(name, cast(Settings, settings), clock, limits)
    return PretalxRecords(name, settings.url, client, clock)
