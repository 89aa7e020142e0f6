"""Users and their settings."""

from tests.sandbox.practice import HOST, Client


def test_settings_are_cut_to_the_fields_asked_for(client: Client) -> None:
    path = f"/users/{HOST}/settings?custom_query_fields="

    assert client.get(f"{path}recording.auto_recording,recording.local_recording") == {
        "recording": {"auto_recording": "none", "local_recording": True}
    }
    whole = client.get(f"{path}recording")
    assert client.get(f"{path}recording,recording.local_recording") == whole
    assert client.get(f"{path}meeting_authentication.x&option=meeting_authentication") == {}
