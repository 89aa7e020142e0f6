"""A Wagtail that means ill."""

from tests.integration.homes.hostile import SECRET, HostileHome
from zoom_ops.clock import SystemClock
from zoom_ops.homes import EventRecords, Limits, settings_of
from zoom_ops.homes.wagtail import open_home


class TestWagtail(HostileHome):
    """What every kind bears."""

    record_id = "12"

    def open(self, url: str, limits: Limits) -> EventRecords:
        given = {"kind": "wagtail", "url": url, "token": SECRET}
        return open_home("home", settings_of("wagtail").model_validate(given), SystemClock(), limits)
