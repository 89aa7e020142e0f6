"""Practice, then broadcast, in one instance: as the account's policy says."""

import json
from typing import Any

import pytest

from tests.sandbox.practice import Client


def held(client: Client, **recordings: Any) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """Hold a webinar after a rehearsal of 20 minutes; return its recording, first file, and Zoom's word."""
    client.control("POST", "/policy", {"recordings": recordings})
    webinar = client.a_webinar()
    how = {"start": "2031-01-31T13:30:00Z", "minutes": 60, "rehearsal_minutes": 20, "processing_s": 0}
    client.control("POST", f"/webinars/{webinar['id']}/hold", how)
    recording = client.get(f"/meetings/{webinar['id']}/recordings")
    bodies = [json.loads(note["body"]) for note in client.control("GET", "/state").json()["notifications"]]
    (ended,) = [body["payload"]["object"] for body in bodies if body["event"] == "webinar.ended"]
    return recording, recording["recording_files"][0], ended["practice_session"]


@pytest.mark.parametrize(("means", "said"), [("used", True), ("this_session", False)])
def test_zoom_says_practice_where_the_account_means_that_it_was_used(client: Client, means: str, said: bool) -> None:
    assert held(client, practice_session_means=means)[2] is said


@pytest.mark.parametrize(("recorded", "begin"), [(True, "2031-01-31T13:10:00Z"), (False, "2031-01-31T13:30:00Z")])
def test_recording_begins_with_rehearsal_or_broadcast(client: Client, recorded: bool, begin: str) -> None:
    recording, file, _ = held(client, rehearsal_recorded=recorded)

    assert (recording["start_time"], recording["duration"]) == ("2031-01-31T13:10:00Z", 80)
    assert (file["recording_start"], file["recording_end"]) == (begin, "2031-01-31T14:30:00Z")


def test_policy_of_recordings_with_an_unknown_value_is_refused(client: Client) -> None:
    order = {"recordings": {"practice_session_means": "perhaps"}}

    assert client.control("POST", "/policy", order).status_code == 400
