"""Practice, then broadcast, in one instance: as the account's policy says."""

from typing import Any

import pytest

from tests.sandbox.practice import Client, Receiver, part


def held(client: Client, **recordings: Any) -> dict[str, Any]:
    """Hold a webinar after a rehearsal of 20 minutes, under a policy of recordings; return its recording."""
    client.control("POST", "/policy", {"recordings": recordings})
    (instance,) = client.hold(client.a_webinar(), start="2031-01-31T13:30:00Z", minutes=60, rehearsal_minutes=20)
    recording: dict[str, Any] = client.get(f"/meetings/{part(instance['uuid'])}/recordings")
    return recording


@pytest.mark.parametrize(("means", "said"), [("used", True), ("this_session", False)])
def test_zoom_says_practice_where_the_account_means_that_it_was_used(
    notifying_client: Client, receiver: Receiver, means: str, said: bool
) -> None:
    held(notifying_client, practice_session_means=means)
    receiver.wait_for("webinar.ended")

    (ended,) = receiver.bodies("webinar.ended")
    assert ended["payload"]["object"]["practice_session"] is said


@pytest.mark.parametrize(("recorded", "begin"), [(True, "2031-01-31T13:10:00Z"), (False, "2031-01-31T13:30:00Z")])
def test_recording_begins_with_rehearsal_or_broadcast(client: Client, recorded: bool, begin: str) -> None:
    recording = held(client, rehearsal_recorded=recorded)

    file = recording["recording_files"][0]
    assert (recording["start_time"], recording["duration"]) == ("2031-01-31T13:10:00Z", 80)
    assert (file["recording_start"], file["recording_end"]) == (begin, "2031-01-31T14:30:00Z")


def test_policy_of_recordings_with_an_unknown_value_is_refused(client: Client) -> None:
    order = {"recordings": {"practice_session_means": "perhaps"}}

    assert client.control("POST", "/policy", order).status_code == 400
