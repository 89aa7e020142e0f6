"""Notices of a plan: alerts that last as long as they do, and hold nothing back."""

from typing import Any

from tests.builders import EVENT_ID, an_event
from tests.integration.service import Service
from zoom_ops.store.alerts import list_alerts


def open_alerts(service: Service) -> list[str]:
    """List the kinds of the open alerts about the event."""
    with service.app.database.read() as connection:
        return [row.kind for row in list_alerts(connection, subject=EVENT_ID)]


def lock(service: Service, **settings: Any) -> None:
    """Let the practice Zoom lock some settings of webinars."""
    service.zoom.control("POST", "/policy", {"settings": {"locked": settings}})


def test_an_event_that_zoom_will_not_record_is_noticed_and_held_back_by_nothing(service: Service) -> None:
    lock(service, auto_recording="none")
    service.add(an_event())
    service.settle()

    assert service.run("create_webinars")["state"] == service.run("register_panelists")["state"] == "done"
    assert open_alerts(service) == ["not_recorded"]
    ((event_id, sentence),) = service.plan().notices
    assert (event_id, service.plan().actions, service.plan().refused) == (EVENT_ID, (), ())
    assert "auto_recording = none" in sentence
    assert [alert["sentence"] for alert in service.shown()["alerts"]] == [sentence]


def test_an_event_that_is_recorded_gets_no_notice(service: Service) -> None:
    service.add(an_event())
    service.settle()
    assert (open_alerts(service), service.plan().notices, service.shown()["alerts"]) == ([], (), [])


def test_a_notice_ends_with_its_cause(service: Service) -> None:
    lock(service, auto_recording="none")
    service.add(an_event())
    service.settle()
    service.change(consent="do_not_record")
    service.settle()
    assert (open_alerts(service), service.plan().notices) == ([], ())
