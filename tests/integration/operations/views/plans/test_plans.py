"""Plans: a plan shows changes and makes none, an unsafe change is refused, and an operator may force it."""

from datetime import timedelta

import pytest

from tests.builders import AMARA, END, EVENT_ID, HOST, JONAS, MEI, START, an_event
from tests.integration.service import CREATE, LIST, READ, SEAT, SEATED, UPDATE, MakeService, Service
from zoom_ops.errors import NotFoundError, ParkedError, ZoomOpsError
from zoom_ops.events import Event

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BY_HAND = {
    "topic": "By hand",
    "agenda": "Made by hand.",
    "type": 5,
    "start_time": "2040-01-31T13:30:00Z",
    "duration": 75,
    "timezone": "America/New_York",
}


def test_plan_shows_everything_and_does_nothing(service: Service) -> None:
    service.add()

    with service.calls() as calls:
        overview = service.plan()

    (create,) = overview.actions
    changes = {change.field: (change.old, change.new) for change in create.changes()}
    assert (create.event, create.kind) == (EVENT_ID, "CreateWebinar")
    assert changes["host"] == (None, HOST)
    assert changes["topic"] == (None, "Tides of Tomorrow")
    assert changes["start"] == (None, "2040-01-31T13:30:00Z")
    assert calls == [LIST]  # what others made on the host
    assert service.zoom.webinars() == []


def test_plan_of_a_changed_event_shows_old_and_new(service: Service) -> None:
    service.add()
    service.settle()
    service.change(name="Tides of Today", performers=(AMARA,))

    overview = service.plan(EVENT_ID)

    changes = [(action.kind, change) for action in overview.actions for change in action.changes()]
    assert [(kind, change.field, change.old, change.new) for kind, change in changes] == [
        ("UpdateWebinar", "topic", "Tides of Tomorrow", "Tides of Today"),
        ("RemovePanelist", "panelist", JONAS.name, None),
    ]


def test_plan_keeps_its_digest_until_it_changes(service: Service) -> None:
    service.add()

    first, again = service.plan().digest, service.plan().digest
    service.change(name="Tides of Today")

    assert first == again
    assert service.plan().digest != first


def test_apply_does_what_the_plan_shows(service: Service) -> None:
    service.add()

    overview = service.apply()

    assert [action.kind for action in overview.actions] == ["CreateWebinar"]
    assert service.zoom.panelists() == sorted([AMARA.email, JONAS.email])
    assert service.plan().actions == ()


def test_plan_of_an_unknown_event_names_the_nearest(service: Service) -> None:
    service.add()

    with pytest.raises(NotFoundError, match=f"Did you mean {EVENT_ID}"):
        service.plan("harbour-talks-tides")


def test_event_that_cannot_be_planned_hides_no_other(make_service: MakeService) -> None:
    service = make_service()
    service.add(an_event(), an_event(id="other", profile="default", start=START + 5 * HOUR, end=END + 5 * HOUR))
    service.write(an_event(id="other", profile="gone", start=START + 5 * HOUR, end=END + 5 * HOUR))

    overview = service.plan()

    assert [action.event for action in overview.actions] == [EVENT_ID]
    ((event, sentence),) = overview.refused
    assert event == "other"
    assert "wants the profile 'gone'" in sentence


def test_dry_run_of_a_job_shows_its_part_only(service: Service) -> None:
    service.add()
    service.settle()
    service.change(name="Tides of Today", performers=(AMARA,))

    with service.calls() as calls:
        (plan,) = service.preview("register_panelists")

    assert [action.kind for action in plan.actions] == ["RemovePanelist"]
    assert calls == []


def test_time_is_not_changed_shortly_before_the_start_unless_forced(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(START - 10 * MINUTE - service.clock.now())
    service.change(start=START + HOUR, end=END + HOUR)
    with service.calls() as calls:
        service.settle()
    parked = service.run("create_webinars")

    service.apply(EVENT_ID, force=True)

    assert [call for call in calls if call == UPDATE] == []
    assert parked["state"] == "parked"
    assert "starts or started within 15 minutes; start would change." in parked["error"]
    assert service.zoom.webinar()["start_time"] == "2040-01-31T14:30:00Z"
    assert service.run("create_webinars")["state"] == "done"


def test_title_and_panelists_are_changed_also_shortly_before_the_start(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(START - 10 * MINUTE - service.clock.now())

    with service.calls() as calls:
        service.change(name="Tides of Today", performers=(AMARA, JONAS, MEI))
        service.settle()

    assert [call for call in calls if call not in (READ, SEATED)] == [UPDATE, SEAT]
    assert service.zoom.webinar()["topic"] == "Tides of Today"


def test_live_webinar_is_not_cancelled_unless_forced(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(START + 30 * MINUTE - service.clock.now())
    service.zoom.hold(live_s=3600)
    service.settle()

    service.cancel()
    service.settle()

    run = service.run("create_webinars")
    assert run["state"] == "parked"
    assert "is live; it would be cancelled." in run["error"]
    assert len(service.zoom.webinars()) == 1


def test_webinar_whose_end_nobody_told_of_is_not_live_for_ever(service: Service) -> None:
    service.add()
    service.settle()
    service.zoom.hold(practice=True, start="2040-01-24T12:00:00Z", live_s=60)
    service.await_notifications()
    service.stop_hearing()
    service.later(timedelta(days=2))
    service.hear()

    service.change(start=START + HOUR, end=END + HOUR)
    service.settle()

    assert service.zoom.webinar()["start_time"] == "2040-01-31T14:30:00Z"


def test_many_cancellations_at_once_are_refused(service: Service) -> None:
    events = [_on_day(number) for number in range(12)]
    service.add(*events)
    service.settle()

    service.add(*(event.model_copy(update={"status": "cancelled"}) for event in events[:8]))
    service.settle()

    parked = service.runs(states=("parked",))
    assert len(service.zoom.webinars()) == 12
    assert len(parked) == 8
    assert {str(run.error) for run in parked} == {
        "8 of the account's 12 upcoming webinars would be cancelled within an hour. An operator may do it with --force."
    }


def test_many_cancellations_are_made_if_an_operator_insists(service: Service) -> None:
    events = [_on_day(number) for number in range(12)]
    service.add(*events)
    service.settle()
    service.add(*(event.model_copy(update={"status": "cancelled"}) for event in events[:8]))
    service.settle()

    service.apply(force=True)

    assert len(service.zoom.webinars()) == 4
    assert service.runs(states=("parked",)) == ()


def test_few_cancellations_are_made(service: Service) -> None:
    events = [_on_day(number) for number in range(12)]
    service.add(*events)
    service.settle()

    service.add(*(event.model_copy(update={"status": "cancelled"}) for event in events[:3]))
    service.settle()
    service.add(events[3].model_copy(update={"status": "cancelled"}))
    service.settle()

    (parked,) = service.runs(states=("parked",))
    assert len(service.zoom.webinars()) == 9
    assert parked.subject.id == events[3].id
    assert str(parked.error).startswith("4 of the account's 12 upcoming webinars would be cancelled")


def test_adopted_webinar_becomes_as_the_event_says_and_invites_nobody_twice(service: Service) -> None:
    number = service.zoom.call("POST", f"/users/{HOST}/webinars", BY_HAND)["id"]
    people = [{"email": AMARA.email, "name": AMARA.name}, {"email": MEI.email, "name": MEI.name}]
    service.zoom.call("POST", f"/webinars/{number}/panelists", {"panelists": people})
    service.write(an_event())

    service.adopt(number)
    with service.calls() as calls:
        service.settle()

    assert CREATE not in calls, calls
    assert service.zoom.webinar()["topic"] == "Tides of Tomorrow"
    assert service.zoom.panelists() == sorted([AMARA.email, JONAS.email, MEI.email])
    assert service.zoom.invitations() == sorted([AMARA.email, JONAS.email, MEI.email])


def test_webinar_of_our_own_that_is_adopted_again_keeps_whom_we_seated(service: Service) -> None:
    service.add()
    service.settle()

    service.adopt(service.zoom.webinar()["id"])
    service.change(performers=(AMARA,))
    service.settle()

    assert service.zoom.panelists() == [AMARA.email]
    assert service.zoom.invitations() == sorted([AMARA.email, JONAS.email])


def test_webinar_of_another_event_is_not_adopted(service: Service) -> None:
    service.add(an_event(), an_event(id="other", start=START + 5 * HOUR, end=END + 5 * HOUR))
    service.settle()
    number = service.shown("other")["webinar"]["id"]
    service.cancel()
    service.settle()

    with pytest.raises(ParkedError, match=f"Webinar {number} belongs to event other."):
        service.adopt(number)


def test_event_with_a_webinar_adopts_no_second_one(service: Service) -> None:
    service.add()
    service.settle()
    number = service.zoom.call("POST", f"/users/{HOST}/webinars", BY_HAND)["id"]

    with pytest.raises(ParkedError, match="Cancel that one first"):
        service.adopt(number)


def test_unknown_webinar_is_not_adopted(service: Service) -> None:
    service.add()

    with pytest.raises(ZoomOpsError, match="Webinar does not exist: 81234567890"):
        service.adopt(81234567890)


def test_webinar_that_we_neither_made_nor_adopted_is_never_touched(service: Service) -> None:
    number = service.zoom.call("POST", f"/users/{HOST}/webinars", BY_HAND)["id"]
    service.add(an_event(), an_event(id="other", name="By hand", start=START + 5 * HOUR, end=END + 5 * HOUR))
    service.settle()
    service.cancel()
    service.cancel("other")
    service.settle()

    (left,) = service.zoom.webinars()
    assert (left["id"], left["topic"], left["agenda"]) == (number, "By hand", "Made by hand.")


def _on_day(number: int) -> Event:
    days = timedelta(days=number)
    return an_event(id=f"day-{number}", name=f"Day {number}", performers=(), start=START + days, end=END + days)
