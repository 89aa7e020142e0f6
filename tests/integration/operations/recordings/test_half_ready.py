"""Recordings that Zoom shows before it has processed all of their files."""

from datetime import timedelta
from typing import Any

from tests.builders import END, EVENT_ID
from tests.integration.operations.recordings.test_fetch import ADDRESS, RECORDINGS, SWEEP, held
from tests.integration.service import Service

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HALF: dict[str, Any] = {"id": "", "file_type": "", "status": "", "recording_start": "2040-01-31T13:30:00Z"}


def show_half_ready(service: Service) -> None:
    """Let the practice Zoom show recordings while it processes them."""
    service.zoom.control("POST", "/policy", {"recordings": {"half_ready": True}})


def answer_of(service: Service) -> dict[str, Any]:
    """Return Zoom's answer about the only recording, as it is when all of it is ready."""
    (recording,) = service.zoom.state()["recordings"]
    uuid = recording["uuid"].replace("/", "%252F")
    return dict(service.zoom.call("GET", f"/meetings/{uuid}/recordings"))


def leave_half(service: Service) -> dict[str, Any]:
    """Hold the webinar. From now on one file of its recording stays half-ready; return Zoom's answer."""
    service.add()
    service.settle()
    service.stop_hearing()
    service.clock.advance(END - service.clock.now())
    service.zoom.hold()
    whole = answer_of(service)
    half = whole | {"recording_files": [*whole["recording_files"], HALF]}
    service.zoom.fault(RECORDINGS, "http", status=200, body=half, times=None)
    service.zoom.fault(SWEEP, "http", status=200, body={"meetings": [half]}, times=None)
    return half


def states(service: Service) -> list[str]:
    """List the states of the event's recordings."""
    return [entry["state"] for entry in service.shown()["recordings"]]


def test_recording_with_a_half_ready_file_is_published_once_all_of_it_is_ready(service: Service) -> None:
    show_half_ready(service)
    held(service, processing_s=3600)
    service.ask("fetch_recordings", EVENT_ID)
    assert (states(service), service.published()) == (["processing"], [])

    service.later(2 * HOUR)
    assert service.published() == [ADDRESS]
    (entry,) = service.shown()["recordings"]
    assert {file["kind"] for file in entry["files"]} == {"MP4", "M4A", "CHAT"}


def test_sweep_waits_for_a_half_ready_recording(service: Service) -> None:
    show_half_ready(service)
    held(service, tell=False, processing_s=3600)
    service.clock.advance(31 * MINUTE)
    service.tick("fetch_recordings")
    service.settle()
    assert service.published() == []

    service.clock.advance(2 * HOUR)
    service.tick("fetch_recordings")
    service.settle()
    assert service.published() == [ADDRESS]


def test_file_that_stays_half_ready_holds_the_others_back_for_two_days(service: Service) -> None:
    leave_half(service)
    service.ask("fetch_recordings", EVENT_ID)
    service.later(DAY)
    assert (states(service), service.published()) == (["processing"], [])

    service.later(DAY + 3 * HOUR)
    assert service.published() == [ADDRESS]
    assert all(file["kind"] for file in service.shown()["recordings"][0]["files"])


def test_sweep_takes_a_recording_of_which_one_file_stays_half_ready(service: Service) -> None:
    leave_half(service)
    service.clock.advance(2 * DAY + 3 * HOUR)
    service.tick("fetch_recordings")
    service.settle()
    assert service.published() == [ADDRESS]


def test_published_recording_stays_while_zoom_processes_it_again(service: Service) -> None:
    held(service)
    before = service.shown()["recordings"]
    service.zoom.fault(RECORDINGS, "http", status=200, body=answer_of(service) | {"recording_files": [HALF]})
    service.ask("fetch_recordings", EVENT_ID)
    assert service.shown()["recordings"] == before


def test_timeline_without_id_and_status_is_complete(service: Service) -> None:
    held(service, timeline=True)
    (entry,) = service.shown()["recordings"]
    assert (entry["state"], "TIMELINE" in {file["kind"] for file in entry["files"]}) == ("published", True)
