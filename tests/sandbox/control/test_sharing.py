"""What viewers of the practice Zoom's recordings meet, by policy."""

from typing import Any

import pytest
import requests

from tests.sandbox.practice import Client


def recorded(client: Client, **policy: Any) -> tuple[str, Any]:
    """Hold a webinar under a policy for recordings; return the path of its recording and the recording."""
    client.control("POST", "/policy", {"recordings": policy})
    webinar = client.a_webinar()
    client.hold(webinar)
    path = f"/meetings/{webinar['id']}/recordings"
    return path, client.get(path)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({}, "Passcode"),
        ({"passcode_required": False}, "<video"),
        ({"passcode_right": False}, "Passcode"),
        ({"share": "internally"}, "Sign in to watch this recording."),
        ({"authentication": True}, "Sign in to watch this recording."),
        ({"on_demand": True}, "Register to watch this recording."),
        ({"share": "none"}, "This recording is not shared."),
    ],
)
def test_share_page_behaves_as_the_policy_says(client: Client, policy: dict[str, Any], words: str) -> None:
    path, recording = recorded(client, **policy)
    settings = client.get(f"{path}/settings")

    assert words in requests.get(recording["share_url"], timeout=60).text
    assert settings["share_recording"] == policy.get("share", "publicly")
    assert settings["recording_authentication"] is policy.get("authentication", False)
    assert settings["on_demand"] is policy.get("on_demand", False)


def test_registrant_passes_the_registration(client: Client) -> None:
    path, _ = recorded(client, on_demand=True, passcode_required=False)
    client.call("PATCH", f"{path}/settings", {"approval_type": 0})
    registrant = {"first_name": "Ada", "email": "ada@example.org"}
    link = client.call("POST", f"{path}/registrants", registrant).json()["share_url"]
    assert "<video" in requests.get(link, timeout=60).text


def test_no_answer_holds_a_passcode_without_the_right(client: Client) -> None:
    path, recording = recorded(client, passcode_right=False)
    listed = client.get("/users/host@example.org/recordings", **{"from": "2031-01-31", "to": "2031-02-01"})
    told = client.control("GET", "/state").json()["notifications"]

    for answer in (recording, client.get(f"{path}/settings"), *listed["meetings"]):
        assert {"password", "recording_play_passcode"} & answer.keys() == set()
    assert "recording_play_passcode" not in str(told)


def test_user_settings_say_what_recordings_ask_for(client: Client) -> None:
    option = {"option": "recording_authentication"}
    before = client.get("/users/host@example.org/settings", **option)["recording_authentication"]
    client.control("POST", "/policy", {"recordings": {"authentication": True}})
    after = client.get("/users/host@example.org/settings", **option)["recording_authentication"]
    assert (before, after) == (False, True)


def test_unknown_keys_are_refused(client: Client) -> None:
    for order in ({"recordings": {"shares": "none"}}, {"recordings": {"share": "everybody"}}):
        assert client.control("POST", "/policy", order).status_code == 400
