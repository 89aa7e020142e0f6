"""Cancelling an event that is over: what was held stays, what was never held goes, and no host stays blocked."""

from datetime import timedelta

import pytest

from tests.builders import EVENT_ID, HOST, NOW, START, an_event
from tests.integration.service import DELETE, MakeService, Service
from tests.waiting import wait_until
from zoom_ops.errors import ParkedError, TemporaryError
from zoom_ops.operations.events.orders.cancelling import get_cancellable
from zoom_ops.operations.views.impact import impact_of_cancelling
from zoom_ops.store.recordings import load_instances
from zoom_ops.store.webinars import find_booking

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AFTER = START + DAY - NOW


def effects(service: Service) -> tuple[str, ...]:
    """Return what the operator reads before the event is cancelled."""
    return impact_of_cancelling(service.context, get_cancellable(service.context, EVENT_ID))


def booked(service: Service, event_id: str = EVENT_ID) -> str | None:
    """Return the host whose time the event takes."""
    with service.app.database.read() as connection:
        booking = find_booking(connection, event_id)
    return booking[0] if booking else None


def has_ended(service: Service) -> bool:
    """Return whether the end of what was held is known."""
    with service.app.database.read() as connection:
        rows = load_instances(connection, EVENT_ID)
    return bool(rows) and all(row.ended_at for row in rows)


def test_event_that_was_never_held_is_cancelled_afterwards_and_nobody_is_mailed(service: Service) -> None:
    service.add()
    service.settle()
    number = service.zoom.webinar()["id"]
    service.later(AFTER)

    announced = effects(service)
    service.cancel()
    service.settle()

    assert announced == (f"Deletes webinar {number} at Zoom. Nobody is mailed.",)
    assert service.zoom.webinars() == []
    assert service.zoom.calls().count(DELETE) == 1
    assert (service.event().status, booked(service)) == ("cancelled", None)
    assert service.plan().actions == ()


def test_event_that_was_held_is_not_cancelled_and_the_way_is_named(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(START - NOW)
    service.zoom.hold()
    service.settle()
    service.later(DAY)
    (recording,) = service.shown()["recordings"]

    with pytest.raises(ParkedError) as refused:
        service.cancel()

    assert str(refused.value) == (
        "It was held on 2040-01-31, so it keeps its webinar and recordings and cannot be cancelled. "
        f"To take its recording off the page: zoom-ops events withhold {EVENT_ID} {recording['uuid']}"
    )
    assert service.event().status == "scheduled"
    assert DELETE not in service.zoom.calls()


def test_event_whose_notifications_were_lost_is_cancelled_only_if_zoom_knows_of_no_instance(service: Service) -> None:
    service.add()
    service.settle()
    service.stop_hearing()
    service.clock.advance(START - NOW)
    service.zoom.hold(record=False)
    service.clock.advance(DAY)

    with pytest.raises(ParkedError, match="It was held on 2040-01-31"):
        service.cancel()

    assert service.event().status == "scheduled"


def test_event_is_not_cancelled_while_zoom_cannot_say_whether_it_was_held(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(AFTER)
    service.zoom.fault("GET /past_webinars/*/instances", "http", status=500, times=99)

    with pytest.raises(TemporaryError):
        service.cancel()

    assert service.event().status == "scheduled"


def test_rehearsal_does_not_make_an_event_held(service: Service) -> None:
    service.add()
    service.settle()
    service.zoom.hold(practice=True, record=False, start="2040-01-24T12:00:00Z")
    wait_until(lambda: has_ended(service))  # on a busy machine its notification may be late
    service.later(AFTER)

    service.cancel()
    service.settle()

    assert service.zoom.webinars() == []


def test_host_is_not_blocked_by_an_event_that_was_put_into_the_past_and_cancelled(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST,))
    service.add()
    service.settle()
    service.change(start=NOW - 2 * DAY, end=NOW - 2 * DAY + HOUR, display_times=())
    service.settle()
    blocked = booked(service)

    service.cancel()
    service.settle()
    service.add(an_event(id="tides-at-last"))
    service.settle()

    assert blocked == HOST
    assert (booked(service), booked(service, "tides-at-last")) == (None, HOST)
    assert len(service.zoom.webinars()) == 1


def test_webinar_of_a_cancelled_event_is_deleted_by_the_schedule_too(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(AFTER)
    get_cancellable(service.context, EVENT_ID)  # Zoom says that it was never held
    service.write(service.event().model_copy(update={"status": "cancelled"}))

    planned = [action.kind for action in service.plan().actions]
    service.tick("create_webinars")
    service.settle()

    assert planned == ["CancelWebinar"]
    assert service.zoom.webinars() == []


def test_event_without_a_webinar_may_be_cancelled_when_it_is_over(service: Service) -> None:
    service.add(an_event(start=NOW - 2 * DAY, end=NOW - 2 * DAY + HOUR, display_times=()))
    service.settle()

    announced = effects(service)
    service.cancel()

    assert announced == ("No webinar of it is to come; nothing is deleted at Zoom, and nobody is mailed.",)
    assert service.event().status == "cancelled"


def test_cancelling_says_what_the_daemon_will_refuse(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(START - NOW - timedelta(minutes=5))

    deletes, *_, refused = effects(service)

    assert deletes.startswith("Deletes webinar")
    assert refused.endswith("it would be cancelled. An operator may do it with --force.")


def test_event_of_an_unknown_profile_can_be_cancelled(service: Service) -> None:
    service.write(an_event(profile="gone"))

    (announced,) = effects(service)
    service.cancel()

    assert announced.startswith("What becomes of its webinar is not known yet.")
    assert service.event().status == "cancelled"
