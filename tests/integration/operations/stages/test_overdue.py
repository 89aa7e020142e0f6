"""A recording that is overdue raises an alert, once, until it appears. No notification comes at all."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import AN_OPERATOR, END, EVENT_ID, HOST, an_event
from tests.integration.service import MakeService, Service
from zoom_ops.errors import NotFoundError
from zoom_ops.operations.views.alerts import dismiss_alert, show_alerts

LATE = END + timedelta(minutes=2 * 75) + timedelta(hours=24)  # the event lasts 75 minutes
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def deaf(service: Service) -> Service:
    """A service that hears no notification. Its webinar is to be recorded."""
    service.stop_hearing()
    service.add(an_event())
    service.settle()
    return service


def go_to(service: Service, moment: Any) -> None:
    """Move time on to a moment, and fire every job's schedule then."""
    service.clock.advance(moment - service.clock.now())
    turn(service)


def turn(service: Service) -> None:
    """Fire every job's schedule, and settle."""
    service.tick()
    service.settle()


def alerts(service: Service) -> list[tuple[str, str, bool]]:
    """List the alerts so far: kind, event, whether it is cleared."""
    return [
        (alert["kind"], alert["subject"], alert["cleared"] is not None)
        for alert in show_alerts(service.context.database, cleared=True)
    ]


def test_recording_is_missed_once_it_is_late_and_not_before(deaf: Service) -> None:
    go_to(deaf, END + HALF_HOUR)
    deaf.zoom.hold(record=False)
    go_to(deaf, LATE - timedelta(minutes=1))
    before = alerts(deaf)
    waiting = deaf.run("report_missing_recordings")

    go_to(deaf, LATE + timedelta(minutes=1))
    for _ in range(5):
        go_to(deaf, deaf.clock.now() + timedelta(hours=7))

    assert before == []
    assert waiting["error"] == "The recording is not there yet; it counts as missing from 2040-02-01 17:15 UTC on."
    assert alerts(deaf) == [("recording_missing", EVENT_ID, False)]
    (alert,) = show_alerts(deaf.context.database)
    assert alert["sentence"] == (
        f"Event {EVENT_ID} ended on 2040-01-31 14:45 UTC, and Zoom has no recording. Check at Zoom: was it recorded, "
        f"and to the cloud? Is the storage of {HOST} full? Was it recorded by consent? Once Zoom has it: "
        f"zoom-ops run fetch_recordings --event {EVENT_ID}"
    )


def test_webinar_that_was_never_held_is_told_as_such(deaf: Service) -> None:
    go_to(deaf, END + HALF_HOUR)
    go_to(deaf, LATE + timedelta(minutes=1))

    (alert,) = show_alerts(deaf.context.database)
    assert "was never held, as far as Zoom knows" in alert["sentence"]
    assert "cancel or postpone the event" in alert["sentence"]


def test_alert_is_cleared_when_the_recording_appears(deaf: Service) -> None:
    go_to(deaf, END + HALF_HOUR)
    go_to(deaf, LATE + timedelta(minutes=1))
    deaf.zoom.hold(start=(END - timedelta(minutes=75)).isoformat())

    go_to(deaf, LATE + timedelta(days=1))
    go_to(deaf, deaf.clock.now() + HALF_HOUR)

    assert alerts(deaf) == [("recording_missing", EVENT_ID, True)]
    assert deaf.published() != []


def test_recording_that_came_in_time_raises_nothing(deaf: Service) -> None:
    deaf.zoom.hold()
    go_to(deaf, END + HALF_HOUR)
    turn(deaf)

    go_to(deaf, LATE + timedelta(minutes=1))

    assert deaf.published() != []
    assert alerts(deaf) == []
    assert deaf.run("report_missing_recordings")["state"] == "done"


@pytest.mark.parametrize("change", [{"consent": "do_not_record"}, {"status": "cancelled"}])
def test_recording_that_nobody_expects_is_not_missed(service: Service, change: dict[str, str]) -> None:
    service.stop_hearing()
    service.add(an_event())
    service.settle()
    service.change(**change)
    service.settle()

    go_to(service, END + HALF_HOUR)
    go_to(service, LATE + timedelta(minutes=1))

    assert alerts(service) == []


def test_margin_is_a_setting(make_service: MakeService) -> None:
    service = make_service(settings={"ZOOM_OPS_RECORDING_MARGIN_S": "3600"})
    service.stop_hearing()
    service.add(an_event())
    service.settle()

    go_to(service, END + HALF_HOUR)
    go_to(service, END + timedelta(minutes=2 * 75 + 61))

    assert alerts(service) == [("recording_missing", EVENT_ID, False)]


def test_alert_that_an_operator_dismissed_stays_away(deaf: Service) -> None:
    go_to(deaf, END + HALF_HOUR)
    go_to(deaf, LATE + timedelta(minutes=1))
    (alert,) = show_alerts(deaf.context.database)

    dismiss_alert(deaf.context.database, alert["id"], AN_OPERATOR)
    for _ in range(3):
        go_to(deaf, deaf.clock.now() + timedelta(days=1))

    assert alerts(deaf) == [("recording_missing", EVENT_ID, True)]
    with pytest.raises(NotFoundError):
        dismiss_alert(deaf.context.database, alert["id"], AN_OPERATOR)


def test_missing_recordings_cost_one_call_each(deaf: Service) -> None:
    go_to(deaf, END + HALF_HOUR)
    go_to(deaf, LATE - timedelta(minutes=31))
    turn(deaf)

    with deaf.calls() as calls:
        go_to(deaf, LATE + timedelta(minutes=1))
        go_to(deaf, LATE + timedelta(hours=2))

    assert [call for call in calls if "instances" in call] == ["GET /past_webinars/*/instances"]
