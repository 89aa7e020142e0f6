"""Webinars that Zoom treats unlike others: converted to a meeting, made by Zoom Events, simulive."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import END, EVENT_ID, START
from tests.integration.operations.recordings.test_fetch import ADDRESS
from tests.integration.service import UPDATE, Service
from zoom_ops.store.alerts import list_alerts

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def created(service: Service) -> int:
    """Create the event's webinar and return its number."""
    service.add()
    service.settle()
    return int(service.zoom.webinar()["id"])


def in_portal(service: Service, webinar_id: int, what: str, **order: Any) -> None:
    """Do something in the practice Zoom's portal, and let its notifications in."""
    service.zoom.control("POST", f"/webinars/{webinar_id}/{what}", order)
    service.settle()


def alerts(service: Service) -> dict[str, str]:
    """Return the sentences of the open alerts about the event, by kind."""
    with service.app.database.read() as connection:
        return {row.kind: str(row.sentence) for row in list_alerts(connection, subject=EVENT_ID)}


@pytest.mark.parametrize("told", [True, False])
def test_converted_webinar_waits_for_an_operator_who_is_told_the_ways_on(service: Service, told: bool) -> None:
    number = created(service)
    if not told:
        service.stop_hearing()
    in_portal(service, number, "convert")
    service.change(name="Tides of Today")
    service.settle()

    ((_, sentence),) = service.plan().refused
    assert f"Webinar {number} was made a meeting at Zoom" in sentence
    assert f"zoom-ops events adopt {EVENT_ID} {number}" in sentence
    assert service.run("create_webinars")["state"] == "parked"
    assert "webinar_gone" in service.happened()


def test_converted_webinar_that_is_converted_back_is_the_events_again(service: Service) -> None:
    number = created(service)
    in_portal(service, number, "convert")
    in_portal(service, number, "convert", to="webinar")
    service.adopt(number)
    service.settle()
    assert (service.plan().refused, service.plan().actions) == ((), ())
    assert service.run("create_webinars")["state"] == "done"


@pytest.mark.parametrize("told", [True, False])
def test_recording_of_a_converted_webinar_is_published(service: Service, told: bool) -> None:
    number = created(service)
    in_portal(service, number, "convert")
    service.clock.advance(END - service.clock.now())
    if not told:
        service.stop_hearing()
    service.zoom.control("POST", f"/webinars/{number}/hold", {"processing_s": 0, "transcript": False})
    service.settle()
    service.clock.advance(31 * MINUTE)
    service.tick("fetch_recordings")
    service.settle()
    assert service.published() == [ADDRESS]


def test_meetings_of_others_are_no_business_of_ours(service: Service) -> None:
    created(service)
    assert service.tell("recording.completed", {"id": 99, "uuid": "b3RoZXI=", "type": 2}).status == 204
    assert service.zoom.state()["recordings"] == []


def test_cancelled_event_whose_webinar_is_a_meeting_names_what_is_left_to_do(service: Service) -> None:
    number = created(service)
    service.stop_hearing()
    in_portal(service, number, "convert")
    service.cancel()
    service.settle()

    assert f"its webinar {number} was made a meeting at Zoom" in alerts(service)["webinar_converted"]
    assert "webinar_cancelled" not in service.happened()


def test_converted_webinar_without_a_recording_says_where_to_look(service: Service) -> None:
    number = created(service)
    in_portal(service, number, "convert")
    service.clock.advance(END - service.clock.now())
    service.tick()
    service.later(2 * DAY)
    assert f"Webinar {number}" in alerts(service)["recording_missing"]
    assert "was made a meeting at Zoom" in alerts(service)["recording_missing"]


def test_change_of_a_webinar_of_zoom_events_parks_and_is_sent_once(service: Service) -> None:
    number = created(service)
    in_portal(service, number, "origin", made_by_events=True)
    service.change(name="Tides of Today")
    service.settle()
    for _ in range(3):
        service.later(HOUR)
        service.tick()
        service.settle()
    service.change(name="Tides of Yesterday")
    service.settle()

    refused = [request for request in service.zoom.control("GET", "/requests") if request["method"] == "PATCH"]
    assert len(refused) == 1
    ((_, sentence),) = service.plan().refused
    assert f"Webinar {number} was made in Zoom Events" in sentence
    assert "Change there: title." in sentence
    assert service.run("create_webinars")["state"] == "parked"


def test_webinar_of_zoom_events_that_was_changed_there_needs_nothing_more(service: Service) -> None:
    number = created(service)
    in_portal(service, number, "origin", made_by_events=True)
    topic = service.zoom.webinar()["topic"]
    service.change(name="Tides of Today")
    service.settle()
    assert service.run("create_webinars")["state"] == "parked"

    in_portal(service, number, "origin", made_by_events=False)  # as Zoom Events itself may
    service.zoom.call("PATCH", f"/webinars/{number}", {"topic": topic.replace("Tomorrow", "Today")})
    service.settle()
    assert (service.plan().refused, service.run("create_webinars")["state"]) == ((), "done")


def test_cancelled_webinar_of_zoom_events_is_to_be_deleted_there(service: Service) -> None:
    number = created(service)
    in_portal(service, number, "origin", made_by_events=True)
    service.cancel()
    service.settle()

    ((_, sentence),) = service.plan().refused
    assert "The event is cancelled: delete the webinar there." in sentence
    assert [webinar["id"] for webinar in service.zoom.webinars()] == [number]


def test_simulive_webinar_is_noticed_and_no_recording_of_it_is_missed(service: Service) -> None:
    service.add()
    service.settle()
    number = int(service.zoom.webinar()["id"])
    in_portal(service, number, "origin", is_simulive=True)
    service.clock.advance(START - service.clock.now() - DAY)
    service.tick()
    service.settle()
    assert "is simulive" in alerts(service)["webinar_simulive"]
    assert f"zoom-ops events import FILE --id {EVENT_ID}" in alerts(service)["webinar_simulive"]

    service.clock.advance(END - service.clock.now())
    service.zoom.hold(record="auto")
    service.settle()
    service.tick()
    service.later(2 * DAY)
    assert "recording_missing" not in alerts(service)


def test_started_simulive_webinar_parks_with_a_way_on(service: Service) -> None:
    message = "You cannot update or delete simulive webinars that have started using this method."
    service.zoom.fault(UPDATE, "http", status=400, code=3000, times=None, message=message)
    number = created(service)
    service.change(name="Tides of Today")
    service.settle()
    run = service.run("create_webinars")
    assert run["state"] == "parked"
    assert f"Simulive webinar {number} has started" in str(run)
