"""Hosts: never two webinars of one at once, a buffer between them, and a sentence where none is free."""

import threading
from datetime import timedelta
from itertools import count

from tests.builders import ACCOUNT, EVENT_ID, HOST, JONAS, OTHER_HOST, START, an_event
from tests.integration.service import CREATE, UPDATE, MakeService, Service
from zoom_ops.events import Event

HOUR = timedelta(hours=1)
LATER_ID = "harbour-talks-deep-water"
UNKNOWN_HOST = "nobody@example.org"


def another_event(event_id: str = LATER_ID, **changes: object) -> Event:
    """Build an event that overlaps with EVENT_ID."""
    return an_event(**{"id": event_id, "name": event_id, "start": START + HOUR, "end": START + 2 * HOUR} | changes)


def test_event_waits_while_its_host_is_taken_and_goes_on_when_it_is_freed(service: Service) -> None:
    service.add(an_event(), another_event())
    service.settle()
    (waiting,) = [run for run in service.runs() if run.waiting]
    planned = service.plan().waiting

    other = str({EVENT_ID, LATER_ID}.difference({waiting.subject.id}).pop())
    name = service.event(other).name

    service.change(other, status="cancelled")
    service.settle()
    service.later(timedelta(minutes=16))

    assert waiting.error is not None
    assert str(waiting.error).startswith("No host is free from 2040-01-31")
    assert str(waiting.error).endswith(f"of 1 host, 1 taken by “{name}”.")
    assert (waiting.subject.id, str(waiting.error)) in planned
    assert service.zoom.webinar()["id"] == service.shown(waiting.subject.id)["webinar"]["id"]


def test_overlapping_events_get_different_hosts(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST, OTHER_HOST))
    service.add(an_event(), another_event())

    service.settle()

    assert sorted(webinar["host"] for webinar in service.zoom.webinars()) == sorted([HOST, OTHER_HOST])


def test_host_rests_between_two_webinars(service: Service) -> None:
    end = an_event().end
    too_soon = another_event("too-soon", start=end + timedelta(minutes=14), end=end + HOUR)
    in_time = another_event("in-time", start=end + timedelta(minutes=15), end=end + HOUR)
    service.add(an_event())
    service.settle()

    service.add(too_soon)
    service.settle()
    service.add(in_time)
    service.settle()

    assert service.run("create_webinars", "too-soon")["state"] == "waiting"
    assert service.run("create_webinars", "in-time")["state"] == "done"


def test_events_created_at_once_never_share_a_host(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST, OTHER_HOST))
    barrier = threading.Barrier(4)
    service.add(*(another_event(f"event-{number}") for number in range(4)))
    chosen = service.context.gateways[ACCOUNT].get_host
    calls = count()

    def look_up_together(email: str) -> object:
        if next(calls) < barrier.parties:
            barrier.wait(60)
        return chosen(email)

    service.context.gateways[ACCOUNT].get_host = look_up_together  # type: ignore[assignment, method-assign]
    service.settle()

    hosts = [webinar["host"] for webinar in service.zoom.webinars()]
    assert sorted(hosts) == sorted([HOST, OTHER_HOST])
    assert sum(run.waiting for run in service.runs()) == 2


def test_event_fails_where_no_host_is_licensed_and_others_go_on(make_service: MakeService) -> None:
    users = ({"email": HOST, "webinar": False}, {"email": OTHER_HOST})
    service = make_service(zoom={"users": users}, accounts={ACCOUNT: (HOST,), "second": (OTHER_HOST,)})
    service.add(an_event(account=ACCOUNT), another_event(account="second"))

    service.settle()

    failed = service.run("create_webinars")
    assert failed["state"] == "failed"
    assert failed["error"].startswith(f"No host of account {ACCOUNT} has a webinar licence: {HOST}. Give one of them")
    assert (EVENT_ID, failed["error"]) in service.plan().refused
    assert service.zoom.webinar()["host"] == OTHER_HOST


def test_event_that_takes_place_after_all_in_another_account_gets_a_host_there(make_service: MakeService) -> None:
    service = make_service(accounts={ACCOUNT: (HOST,), "second": (OTHER_HOST,)})
    service.add()
    service.settle()
    service.change(status="cancelled")
    service.settle()

    service.change(status="scheduled", account="second")
    service.settle()

    assert service.zoom.webinar()["host"] == OTHER_HOST
    assert service.shown()["webinar"]["account"] == "second"


def test_host_that_zoom_does_not_know_is_passed_over(make_service: MakeService) -> None:
    service = make_service(hosts=(UNKNOWN_HOST, HOST), zoom={"users": ({"email": HOST},)})
    service.add(an_event())

    service.settle()

    assert service.zoom.webinar()["host"] == HOST


def test_host_for_too_few_is_passed_over(make_service: MakeService) -> None:
    users = ({"email": HOST, "capacity": 100}, {"email": OTHER_HOST, "capacity": 1000})
    profiles = {"large": 'capacity = 500\n[settings]\nauto_recording = "cloud"\n'}
    service = make_service(hosts=(HOST, OTHER_HOST), zoom={"users": users}, profiles=profiles)
    service.add(an_event(profile="large"))

    service.settle()

    assert service.zoom.webinar()["host"] == OTHER_HOST


def test_licence_lost_meanwhile_fails_the_run_and_frees_the_host(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST,))
    service.zoom.fault(CREATE, "http", status=400, code=200, message="Webinar plan is missing.")
    service.add(an_event())
    service.settle()

    service.clock.advance(timedelta(minutes=16))  # somebody gives the licence back
    service.add(another_event())
    service.settle()

    failed = service.run("create_webinars")
    assert failed["state"] == "failed"
    assert failed["error"].startswith(f"No host of account {ACCOUNT} has a webinar licence: {HOST}. Give one of them")
    assert service.run("create_webinars", LATER_ID)["state"] == "done"


def test_moved_event_that_now_overlaps_waits_for_an_operator(service: Service) -> None:
    evening = another_event(start=START + 6 * HOUR, end=START + 7 * HOUR)
    service.add(an_event(), evening)
    service.settle()

    with service.calls() as calls:
        service.change(LATER_ID, start=START + HOUR, end=START + 2 * HOUR)
        service.settle()

    run = service.run("create_webinars", LATER_ID)
    assert calls == []
    assert run["state"] == "parked"
    assert f"overlaps on its host with {EVENT_ID}" in run["error"]


def test_change_of_the_title_is_no_matter_of_the_hosts_time(service: Service) -> None:
    at_the_same_time = {"topic": "By hand", "type": 5, "start_time": "2040-01-31T14:30:00Z", "duration": 60}
    number = service.zoom.call("POST", f"/users/{HOST}/webinars", at_the_same_time)["id"]
    service.add(an_event())
    service.settle()
    service.add(another_event())
    service.settle()
    service.adopt(number, LATER_ID)
    service.settle()

    service.change(LATER_ID, name="Deeper Water")
    service.settle()

    adopted = next(webinar for webinar in service.zoom.webinars() if webinar["id"] == number)
    assert adopted["topic"] == "Deeper Water"


def test_host_is_taken_for_the_time_of_the_webinar_also_when_a_move_is_refused(service: Service) -> None:
    service.add(an_event())
    service.settle()
    service.zoom.fault(UPDATE, "http", status=400, code=300, message="Invalid field.")
    service.change(start=START + 6 * HOUR, end=START + 7 * HOUR)
    service.settle()

    service.add(another_event(), another_event("evening", start=START + 6 * HOUR, end=START + 7 * HOUR))
    service.settle()

    assert service.run("create_webinars")["state"] == "failed"
    assert service.run("create_webinars", LATER_ID)["state"] == "waiting"


def test_event_cancelled_before_it_got_a_webinar_holds_no_host(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=500, after_commit=False)
    service.add(an_event())
    service.work()
    service.change(status="cancelled")
    service.later(timedelta(minutes=1))
    service.later(timedelta(minutes=1))

    service.add(another_event())
    service.settle()

    assert service.run("create_webinars", LATER_ID)["state"] == "done"


def test_host_has_a_hundred_changes_a_day(make_service: MakeService) -> None:
    service = make_service()
    service.use_up(HOST, 90)
    service.add(an_event(performers=(JONAS,)))
    service.settle()
    waiting = service.run("create_webinars")

    service.later(timedelta(hours=13))

    assert waiting["state"] == "waiting"
    assert "creates and updates a day" in waiting["error"]
    assert len(service.zoom.webinars()) == 1


def test_operator_has_the_last_ten_changes_of_a_day(service: Service) -> None:
    service.use_up(HOST, 95)
    service.add(an_event())
    service.settle()

    service.apply(EVENT_ID, force=True)

    assert len(service.zoom.webinars()) == 1
