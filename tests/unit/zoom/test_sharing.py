"""Zoom's answers about who may open recordings."""

from typing import Any

import pytest

from zoom_ops.webinars import Sharing
from zoom_ops.zoom.sharing import describe_recordings, parse_sharing

HOST = "host@example.org"
CLOUD = {"recording": {"cloud_recording": True}}
OPTIONS = [{"name": "Staff", "default_option": False}, {"name": "Everybody at Tidewater", "default_option": True}]


@pytest.mark.parametrize(
    ("answer", "sharing"),
    [
        ({}, Sharing()),
        ({"share_recording": "Internally"}, Sharing(shared="internally")),
        ({"recording_authentication": "true"}, Sharing(sign_in=True)),
        ({"share_recording": "everybody", "on_demand": 1, "viewer_download": "no"}, Sharing()),
        ({"share_recording": "none", "viewer_download": False}, Sharing(shared="none", viewer_download=False)),
        ({"password": "0123abc!"}, Sharing(needs_passcode=True, passcode="0123abc!")),
        ({"password": ""}, Sharing(needs_passcode=False)),
        ({"password": 123}, Sharing()),
        ({"authentication_option": "signIn_1"}, Sharing(sign_in_name="signIn_1")),
        ({"authentication_option": "signIn_1", "authentication_name": "Staff"}, Sharing(sign_in_name="Staff")),
    ],
)  # fmt: skip
def test_sharing_is_parsed_leniently(answer: dict[str, Any], sharing: Sharing) -> None:
    assert parse_sharing(answer) == sharing


def test_passcode_is_in_no_text_of_the_value() -> None:
    assert "0123abc!" not in repr(parse_sharing({"password": "0123abc!"}))


@pytest.mark.parametrize(
    ("settings", "authentication", "words"),
    [
        (CLOUD, {"recording_authentication": False}, "will be open without signing in to Zoom"),
        (CLOUD, {"recording_authentication": True}, "only for people who sign in to Zoom."),
        (CLOUD, {"recording_authentication": True, "authentication_options": OPTIONS}, "(Everybody at Tidewater)"),
        (
            CLOUD,
            {"authentication_options": {"recording_authentication": {"recording_authentication": True}}},
            "only for people who sign in to Zoom.",
        ),
        (CLOUD, {}, "could not be seen"),
        ({}, {"recording_authentication": [], "authentication_options": 7}, "could not be seen"),
        ({"recording": {"cloud_recording": False}}, {}, "cannot record to the cloud"),
    ],
)
def test_recordings_of_a_host_are_described(settings: Any, authentication: Any, words: str) -> None:
    assert words in describe_recordings(HOST, settings, authentication)
