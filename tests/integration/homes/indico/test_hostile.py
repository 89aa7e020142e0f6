"""An Indico that means ill."""

from tests.integration.homes.hostile import SECRET, HostileHome
from zoom_ops.clock import SystemClock
from zoom_ops.homes import EventRecords, Limits, settings_of
from zoom_ops.homes.indico import open_home


class TestIndico(HostileHome):
    """What every kind bears."""

    number = "1"

    def open(self, url: str, limits: Limits) -> EventRecords:
        given = {"kind": "indico", "url": url, "token": SECRET, "categories": [1]}
        return open_home("home", settings_of("indico").model_validate(given), SystemClock(), limits)
