"""Recordings that the practice Zoom deletes by itself, as the account's policy says."""

from urllib.parse import quote

import pytest

from tests.sandbox.practice import Client

DAY_S = 86_400


@pytest.mark.parametrize(("days", "tells"), [(30, False), (30, True)])
def test_recording_goes_to_the_trash_on_its_day(client: Client, days: int, tells: bool) -> None:
    client.control("POST", "/policy", {"recordings": {"auto_delete_days": days, "auto_delete_tells": tells}})
    path = held(client)
    shown = client.get(path)
    told_before = trashed(client)

    client.advance((days + 1) * DAY_S)
    client.renew()

    assert (shown["auto_delete"], len(shown["auto_delete_date"])) == (True, 10)
    assert client.call("GET", path).json()["code"] == 3301
    assert trashed(client) - told_before == int(tells)
    assert client.call("PUT", f"{path}/status", {"action": "recover"}).ok


def test_recording_stays_where_its_deletion_is_switched_off(client: Client) -> None:
    path = held(client)

    assert client.call("PATCH", f"{path}/settings", {"auto_delete": False}).ok
    client.advance(200 * DAY_S)
    client.renew()

    shown = client.get(path)
    assert (shown["auto_delete"], "auto_delete_date" in shown) == (False, False)


def held(client: Client) -> str:
    """Hold a webinar; return the path of its recording."""
    (instance,) = client.hold(client.a_webinar(), processing_s=0, transcript=False)
    return f"/meetings/{quote(quote(instance['uuid'], safe=''), safe='')}/recordings"


def trashed(client: Client) -> int:
    return sum(notification["event"] == "recording.trashed" for notification in client.state()["notifications"])
