"""The account's policy of recordings: who may record to the cloud, and how full its storage is."""

from datetime import timedelta
from typing import Any

from tests.sandbox.practice import Client

STORAGE = "recording.cloud_storage_usage_updated"


def settings_of(client: Client, email: str) -> Any:
    return client.get(f"/users/{email}/settings")["recording"]["cloud_recording"]


def notifications(client: Client) -> list[Any]:
    return [sent for sent in client.control("GET", "/state").json()["notifications"] if sent["event"] == STORAGE]


def test_a_host_without_the_right_gets_no_cloud_recording(client: Client) -> None:
    made = client.a_webinar(settings={"auto_recording": "cloud"})
    client.control("POST", "/policy", {"recordings": {"cloud_recording": False}})
    refused = client.a_webinar(settings={"auto_recording": "cloud", "host_video": True})

    assert (refused["settings"]["auto_recording"], refused["settings"]["host_video"]) == ("none", True)
    assert settings_of(client, made["host_email"]) is False
    assert client.call("PATCH", f"/webinars/{refused['id']}", {"settings": {"auto_recording": "cloud"}}).ok
    assert client.get(f"/webinars/{refused['id']}")["settings"]["auto_recording"] == "none"
    assert "recording.started" not in held(client, made["id"])


def test_the_right_may_be_missing_for_some_hosts(client: Client) -> None:
    made = client.a_webinar(settings={"auto_recording": "cloud"})
    client.control("POST", "/policy", {"recordings": {"no_cloud_recording": ["Other@example.org"]}})

    assert settings_of(client, made["host_email"]) is True
    assert made["settings"]["auto_recording"] == "cloud"
    assert "recording.started" in held(client, made["id"])


def test_a_full_storage_is_notified_and_takes_no_recording(client: Client) -> None:
    made = client.a_webinar(settings={"auto_recording": "cloud"})
    client.control("POST", "/policy", {"recordings": {"storage_full": True}})
    full = held(client, made["id"])
    client.control("POST", "/policy", {"recordings": {"storage_full": True}})
    client.control("POST", "/policy", {"recordings": {"storage_full": False, "storage_used_percentage": 85}})

    assert "recording.started" not in full
    assert len(notifications(client)) == 2  # the second order changed nothing
    assert "recording.started" in held(client, made["id"])


def held(client: Client, webinar_id: int) -> list[str]:
    """Hold a webinar and return the kinds of the notifications about it."""
    before = len(client.control("GET", "/state").json()["notifications"])
    client.control("POST", f"/webinars/{webinar_id}/hold", {"record": "auto", "processing_s": 0})
    client.control("POST", "/clock", {"advance_s": timedelta(seconds=1).total_seconds()})
    return [sent["event"] for sent in client.control("GET", "/state").json()["notifications"][before:]]
