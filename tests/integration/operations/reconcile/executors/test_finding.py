"""A create whose answer is lost, on a host with hundreds of webinars or where Zoom refuses the look-up."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import ACCOUNT, AMARA, AN_OPERATOR, EVENT_ID, HOST, JONAS, an_event
from tests.integration.service import CREATE, LIST, LISTED, READ, SEAT, SEATED, MakeService, Service
from zoom_ops.errors import BadInputError, WaitingError
from zoom_ops.operations.admin.accounts import resume_account
from zoom_ops.operations.jobs.requests import retry_run
from zoom_ops.operations.views.runs import show_run

SECOND = timedelta(seconds=1)
TOPIC = "Tides of Tomorrow"
CUT = "How ports adapt to a rising sea. " * 10  # longer than Zoom's list shows
SCOPE_MISSING = {"status": 400, "code": 4711, "message": "Invalid access token, does not contain scopes:[a, b]."}
CROWDED = {"limits": False, "webhook_url": None, "webhook_secret": None}
HOST_UNKNOWN = {"status": 404, "code": 1001, "message": f"User does not exist: {HOST}."}

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


def ask_in_vain(service: Service, *, after_commit: bool = True) -> None:
    """Create a webinar whose answer is lost."""
    service.zoom.fault(CREATE, "drop_response", after_commit=after_commit)
    service.add(an_event())
    service.work()


def work_later(service: Service) -> None:
    """Perform what is due when the create may be looked up. No notification is awaited."""
    service.clock.advance(LISTED + SECOND)
    service.work()


def make_by_hand(service: Service, count: int, **fields: Any) -> None:
    """Create `count` webinars on the host as somebody else."""
    service.zoom.call_often("POST", f"/users/{HOST}/webinars", [{"topic": TOPIC, **fields}] * count)


@on_sqlite
def test_webinar_is_found_among_seven_hundred_of_its_topic_in_few_calls(make_service: MakeService) -> None:
    service = make_service(zoom=CROWDED)
    make_by_hand(service, 340, agenda="Seen as a whole")
    ask_in_vain(service)
    make_by_hand(service, 340, agenda="Seen as a whole")
    make_by_hand(service, 20, agenda=CUT)

    with service.calls() as calls:
        work_later(service)

    ours = [webinar for webinar in service.zoom.webinars() if EVENT_ID in webinar["agenda"]]
    assert [webinar["id"] for webinar in ours] == [service.shown()["webinar"]["id"]]
    assert sorted(set(calls)) == sorted({LIST, READ, SEAT, SEATED})
    assert calls.count(LIST) == 3
    assert calls.count(READ) == 21
    assert len(service.zoom.webinars()) == 701


@on_sqlite
def test_webinars_of_other_events_are_not_read(make_service: MakeService) -> None:
    service = make_service(zoom=CROWDED)
    others = [
        an_event(id=f"other-{day}", start=an_event().start + by, end=an_event().end + by, description=CUT)
        for day in range(1, 6)
        if (by := timedelta(days=day))
    ]
    service.zoom.fault(CREATE, "drop_response")
    service.add(an_event(description=CUT))
    service.work()
    service.add(*others)
    service.work()

    with service.calls() as calls:
        work_later(service)

    assert calls == [LIST, READ, SEAT, SEATED]
    assert len(service.zoom.webinars()) == 6


@on_sqlite
def test_too_many_to_read_are_left_to_an_operator(make_service: MakeService) -> None:
    service = make_service(zoom=CROWDED)
    ask_in_vain(service, after_commit=False)
    make_by_hand(service, 60, agenda=CUT)

    with service.calls() as calls:
        work_later(service)

    parked = service.run("create_webinars")
    assert parked["state"] == "parked"
    assert f"Too many new webinars on {HOST} could be the one" in parked["error"]
    assert calls == [LIST, *[READ] * 50]
    assert len(service.zoom.webinars()) == 60


def test_look_that_zoom_refuses_parks_and_says_what_to_look_for(service: Service) -> None:
    parked = park(service)

    marker = f"Reference: zoom_ops/{service.context.installation}/{EVENT_ID}"
    assert parked["state"] == "parked"
    assert f"zoom-ops runs show {parked['id']}. " in parked["error"]
    assert "User does not exist" in parked["error"]
    assert parked["open"]["action"] == "CreateWebinar"
    assert parked["open"]["since"].startswith("2040-01-24T12:00:")
    assert parked["open"]["look_for"] == f"a webinar of {HOST} whose agenda ends with: {marker} (topic: {TOPIC})"
    assert [way["command"] for way in parked["open"]["commands"]] == [
        f"zoom-ops runs retry {parked['id']}",
        f"zoom-ops events adopt {EVENT_ID} WEBINAR_ID",
        f"zoom-ops runs retry {parked['id']} --not-done",
    ]
    assert len(service.zoom.webinars()) == 1


def test_look_for_which_a_scope_is_missing_waits_for_it_and_says_what_is_open(service: Service) -> None:
    ask_in_vain(service)
    service.zoom.fault(LIST, "http", **SCOPE_MISSING)
    service.later(LISTED + SECOND)
    waiting = service.run("create_webinars")

    resume_account(service.context, ACCOUNT, AN_OPERATOR)
    service.settle()

    assert (waiting["state"], waiting["open"]["action"]) == ("waiting", "CreateWebinar")
    assert "add the scopes a, b" in waiting["error"]
    assert_one_webinar(service)


def test_look_that_was_refused_is_made_again_when_the_run_is_retried(service: Service) -> None:
    parked = park(service)

    retry_run(service.context, parked["id"], AN_OPERATOR)
    service.settle()

    assert_one_webinar(service)


def test_webinar_that_an_operator_found_is_adopted_and_seated_once(service: Service) -> None:
    park(service)

    service.adopt(service.zoom.webinar()["id"])
    service.settle()

    assert_one_webinar(service)


def test_operator_who_found_nothing_has_it_done(service: Service) -> None:
    parked = park(service, after_commit=False)

    retry_run(service.context, parked["id"], AN_OPERATOR, not_done=True)
    service.settle()

    assert_one_webinar(service)
    assert show_run(service.context.database, parked["id"])["open"] is None


def test_nothing_is_decided_while_the_change_may_be_under_way(service: Service) -> None:
    ask_in_vain(service)
    run, webinar = service.run("create_webinars"), service.zoom.webinar()["id"]

    with pytest.raises(WaitingError, match=r"may still be under way; decide after 12:00:\d\d UTC"):
        retry_run(service.context, run["id"], AN_OPERATOR, not_done=True)
    with pytest.raises(WaitingError, match="may still be under way"):
        service.adopt(webinar)
    service.later(LISTED + SECOND)

    assert_one_webinar(service)


def test_not_done_is_refused_where_nothing_is_open(service: Service) -> None:
    service.add(an_event())
    service.settle()

    with pytest.raises(BadInputError, match=f"Nothing is open for {EVENT_ID}"):
        retry_run(service.context, service.run("create_webinars")["id"], AN_OPERATOR, not_done=True)

    assert_one_webinar(service)


@pytest.mark.parametrize("write", [SEAT, "DELETE /webinars/*/panelists/*"], ids=["seating", "removal"])
def test_people_of_a_webinar_that_is_gone_since_are_given_up(service: Service, write: str) -> None:
    service.add(an_event())
    service.settle()
    service.zoom.fault(write, "drop_response", after_commit=False)
    guest = JONAS.model_copy(update={"name": "Mei-Ling Chen", "email": "mei-ling.chen@example.org"})
    service.change(performers=(AMARA,) if "DELETE" in write else (*an_event().performers, guest))
    service.settle()
    service.zoom.call("DELETE", f"/webinars/{service.zoom.webinar()['id']}")
    service.await_notifications()

    for _ in range(3):
        service.later(LISTED + SECOND)

    assert service.shown()["webinar"]["state"] == "gone"
    assert [run.error for run in service.runs(states=["failed"])] == []


def park(service: Service, *, after_commit: bool = True) -> Any:
    """Park the create of a webinar, because it cannot be looked up."""
    ask_in_vain(service, after_commit=after_commit)
    service.zoom.fault(LIST, "http", **HOST_UNKNOWN)
    service.later(LISTED + SECOND)
    parked = service.run("create_webinars")
    assert parked["state"] == "parked"
    return parked


def assert_one_webinar(service: Service) -> None:
    """Assert one webinar, bound to the event. Each person is seated and was invited once."""
    assert service.zoom.webinar()["id"] == service.shown()["webinar"]["id"]
    assert service.zoom.panelists() == service.zoom.invitations() == sorted([AMARA.email, JONAS.email])
    assert service.runs(states=["active", "parked"]) == ()
