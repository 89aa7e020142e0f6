"""A pretalx that means ill."""

from tests.integration.homes.hostile import SECRET, HostileHome
from zoom_ops.clock import SystemClock
from zoom_ops.homes import EventRecords, Limits, settings_of
from zoom_ops.homes.pretalx import open_home


class TestPretalx(HostileHome):
    """What every kind bears."""

    record_id = "ABCDEF"

    def open(self, url: str, limits: Limits) -> EventRecords:
        given = {"kind": "pretalx", "url": url, "event": "wsis", "token": SECRET}
        return open_home("home", settings_of("pretalx").model_validate(given), SystemClock(), limits)
