"""A WordPress that means ill."""

import pytest

from tests.integration.homes.hostile import LIMITS, SECRET, Connection, HostileHome, Server
from zoom_ops.clock import SystemClock
from zoom_ops.errors import ParkedError
from zoom_ops.homes import EventRecords, Limits, settings_of
from zoom_ops.homes.wordpress import open_home


class TestWordPress(HostileHome):
    """What every kind bears."""

    def open(self, url: str, limits: Limits) -> EventRecords:
        given = {"kind": "wordpress", "url": url, "login": "bot", "application_password": SECRET, "everything": True}
        return open_home("home", settings_of("wordpress").model_validate(given), SystemClock(), limits)


def test_pages_without_end_are_not_asked_for() -> None:
    def go_on(connection: Connection) -> None:
        connection.answer("[]", headers={"X-WP-Total": "1", "X-WP-TotalPages": "999999999"})

    with Server(go_on) as server, pytest.raises(ParkedError):
        TestWordPress().open(server.url, LIMITS).list_changed("")

    assert len(server.asked) == 2
