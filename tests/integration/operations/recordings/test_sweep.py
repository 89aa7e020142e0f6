"""Without any notification everything still happens, on schedule, at one call a page and host."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import ACCOUNT, END, EVENT_ID, HOST, NOW, START, an_event
from tests.integration.operations.recordings.test_fetch import ADDRESS, RECORDINGS, SWEEP
from tests.integration.operations.recordings.test_monotonic import link, recover, trash
from tests.integration.served import visit_pages
from tests.integration.service import SHARING, UPDATE, MakeService, Service

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TURN = timedelta(minutes=30)  # the period of the sweep, the longest of the jobs
DEAF = {"webhook_url": None, "webhook_secret": None}  # a Zoom app without an event subscription


def pass_time(service: Service, until: datetime, *, step: timedelta = TURN) -> None:
    """Move time on in steps, and fire every job's schedule after each step."""
    while service.clock.now() < until:
        service.clock.advance(min(step, until - service.clock.now()))
        service.tick()
        service.work()


def within(service: Service, longest: timedelta, true: Callable[[], object], *, step: timedelta = TURN) -> None:
    """Assert that a condition becomes true within a time, by the jobs' schedule alone."""
    until = service.clock.now() + longest
    while not true() and service.clock.now() < until:
        pass_time(service, min(until, service.clock.now() + step), step=step)
    if not true():  # on a busy machine an answer may come too late: it is requested again
        service.clock.advance(10 * SECOND)
        service.work()
    assert true(), "it did not happen within the schedule"


def test_whole_life_without_a_word_from_zoom(make_service: MakeService) -> None:
    service = make_service(zoom=DEAF)
    zoom = service.zoom
    service.write(an_event())

    within(service, TURN, lambda: len(zoom.webinars()) == 1 and len(zoom.panelists()) == 2)
    webinar_id = zoom.webinar()["id"]
    pass_time(service, NOW + 2 * DAY, step=DAY)
    zoom.call("PATCH", f"/webinars/{webinar_id}", {"topic": "Renamed by hand"})
    within(service, DAY + HOUR, lambda: zoom.webinar()["topic"] != "Renamed by hand", step=6 * HOUR)
    pass_time(service, START, step=DAY)

    service.clock.advance(END - service.clock.now())
    zoom.hold(minutes=40, processing_s=3600, transcript=True, start="2040-01-31T13:30:00Z")
    within(service, HOUR + TURN, service.published)
    with visit_pages(service) as pages:
        assert pages.leads_to() == link(service)
        within(service, HOUR + TURN, lambda: "TRANSCRIPT" in kinds(service))
        zoom.hold(minutes=20, start="2040-01-31T14:20:00Z")
        within(service, TURN, lambda: len(service.published()) == 2)
        assert service.published() == [ADDRESS, f"{ADDRESS}?part=2"]
        assert pages.leads_to(part=2)

    assert [note["attempts"] for note in zoom.state()["notifications"] if note["attempts"]] == []


def test_recovered_recording_is_found_without_a_word(service: Service) -> None:
    held_unheard(service)
    within(service, TURN, service.published)
    uuid = service.shown()["recordings"][0]["uuid"]
    trash(service)
    service.tell("recording.trashed", {"id": service.zoom.webinar()["id"], "uuid": uuid, "type": 5})
    service.settle()
    withdrawn = service.published()

    recover(service)

    within(service, TURN, service.published)
    assert withdrawn == []


def test_webinar_deleted_by_hand_is_noticed_by_the_daily_look(service: Service) -> None:
    service.add()
    service.settle()
    service.stop_hearing()
    service.zoom.call("DELETE", f"/webinars/{service.zoom.webinar()['id']}")

    within(service, DAY + HOUR, lambda: "webinar_gone" in service.happened(), step=6 * HOUR)

    assert service.shown()["webinar"]["state"] == "gone"


def test_changed_event_changes_its_webinar_without_a_word(service: Service) -> None:
    service.add()
    service.settle()
    service.stop_hearing()

    service.write(an_event(name="Tides of Yesterday"))

    with service.calls() as calls:
        within(service, TURN, lambda: "Yesterday" in service.zoom.webinar()["topic"])
    assert calls.count(UPDATE) == 1


@pytest.mark.parametrize("count", [12, pytest.param(40, marks=pytest.mark.long)])
def test_host_of_many_events_is_swept_with_one_call(service: Service, count: int) -> None:
    events = [a_short_event(number) for number in range(count)]
    service.add(*events)
    service.settle()
    service.stop_hearing()
    service.clock.advance(events[-1].end_utc - service.clock.now())
    for webinar in service.zoom.webinars():
        service.zoom.hold(webinar["id"], minutes=10)

    with service.calls() as calls:
        service.tick("fetch_recordings")
        service.settle()
    with service.calls() as idle:
        for _ in range(3):
            service.clock.advance(TURN)
            service.tick()
            service.settle()

    counted = [calls.count(call) for call in (SWEEP, RECORDINGS, SHARING)]
    assert (counted, len(calls)) == ([1, count, count], 1 + 2 * count)
    assert idle == [SWEEP] * 3
    assert [service.published(event.id) for event in events if len(service.published(event.id)) != 1] == []


@pytest.mark.parametrize(("days", "pages"), [(2, 1), (21, 1), (29, 2)])
def test_recording_is_found_after_weeks_of_silence(service: Service, days: int, pages: int) -> None:
    held_unheard(service)
    service.clock.advance(days * DAY)

    with service.calls() as calls:
        service.tick("fetch_recordings")
        service.settle()

    assert service.published() == [ADDRESS]
    assert sorted(calls) == [RECORDINGS, SHARING] + [SWEEP] * pages


def test_recording_that_began_the_day_before_is_found(service: Service) -> None:
    midnight = datetime.fromisoformat("2040-02-01T00:05:00+00:00")
    service.add(an_event(start=midnight, end=midnight + HOUR))
    service.settle()
    service.stop_hearing()
    service.clock.advance(midnight + 2 * HOUR - service.clock.now())
    service.zoom.hold(start="2040-01-31T23:50:00Z", minutes=70)

    within(service, TURN, service.published)

    assert service.shown()["recordings"][0]["start"] == "2040-01-31T23:50:00+00:00"


def test_old_host_is_swept_once_a_day(service: Service) -> None:
    held_unheard(service)
    within(service, TURN, service.published)
    service.clock.advance(10 * DAY)

    with service.calls() as calls:
        for _ in range(20):
            service.clock.advance(6 * HOUR)
            service.tick("fetch_recordings")
            service.settle()

    assert calls == [SWEEP] * len(calls)
    assert len(calls) in (5, 6)


def test_same_host_of_two_accounts_is_swept_in_both(make_service: MakeService) -> None:
    service = make_service(accounts={"second": (HOST,)})
    service.add(an_event(), an_event(id="other", account="second", start=START + 2 * HOUR, end=END + 2 * HOUR))
    service.settle()
    service.stop_hearing()
    service.clock.advance(END + 2 * HOUR - service.clock.now())
    for webinar in service.zoom.webinars():
        service.zoom.hold(webinar["id"])

    service.tick("fetch_recordings")
    service.settle()

    assert [len(service.published(event_id)) for event_id in (EVENT_ID, "other")] == [1, 1]
    assert {run.account for run in service.runs() if run.subject.kind == "host"} == {ACCOUNT, "second"}


def test_practice_session_is_not_published_where_nobody_says_that_it_was_one(service: Service) -> None:
    service.add()
    service.settle()
    service.stop_hearing()
    service.clock.advance(END - service.clock.now())
    service.zoom.hold(practice=True, minutes=20, start="2040-01-31T12:45:00Z")
    service.tick("fetch_recordings")
    service.settle()
    practised, parked = service.published(), service.run("publish_recordings")

    service.zoom.hold(start="2040-01-31T13:30:00Z")
    within(service, TURN, service.published)

    assert (practised, parked["state"]) == ([], "parked")
    assert parked["error"].startswith("Recorded 07:45 to 08:05 (20 min), before the event (08:30 to 09:45, America/")
    assert service.published() == [ADDRESS]
    assert service.shown()["recordings"][1]["start"] == "2040-01-31T13:30:00+00:00"


def test_recording_from_before_the_event_is_published_once_an_operator_says_so(service: Service) -> None:
    service.add()
    service.settle()
    service.stop_hearing()
    service.clock.advance(END - service.clock.now())
    service.zoom.hold(minutes=20, start="2040-01-31T12:45:00Z")
    within(service, TURN, lambda: service.runs(states=("parked",)))

    service.approve("practice")
    service.settle()

    assert service.published() == [ADDRESS]


def test_recording_from_before_the_event_waits_for_an_operator_also_where_zoom_says_that_it_was_no_practice(
    service: Service,
) -> None:
    service.add()
    service.settle()
    service.stop_hearing()
    service.clock.advance(END - service.clock.now())
    (instance,) = service.zoom.hold(minutes=20, start="2040-01-31T12:45:00Z")
    within(service, TURN, lambda: service.runs(states=("parked",)))

    ended = {"id": str(service.zoom.webinar()["id"]), "uuid": instance["uuid"], "end_time": "2040-01-31T13:05:00Z"}
    service.tell("webinar.ended", ended | {"practice_session": False})
    service.settle()
    unasked, parked = service.published(), service.run("publish_recordings")["error"]
    service.approve("practice")
    service.settle()

    assert unasked == []
    assert "Zoom says that it was no practice session." in parked
    assert service.published() == [ADDRESS]


def test_live_webinar_is_left_alone_though_nobody_told_that_it_began(service: Service) -> None:
    service.add()
    service.settle()
    service.stop_hearing()
    service.clock.advance(START + 30 * MINUTE - service.clock.now())

    service.change(end=END + HOUR)
    service.settle()

    run = service.run("create_webinars")
    assert run["state"] == "parked"
    assert "is live; duration would change." in run["error"]


def held_unheard(service: Service) -> None:
    """Hold and record the event. Zoom's notifications of it are lost."""
    service.add()
    service.settle()
    service.stop_hearing()
    service.clock.advance(END - service.clock.now())
    service.zoom.hold()


def a_short_event(number: int) -> Any:
    start = START + number * 25 * MINUTE
    return an_event(id=f"tides-{number}", name=f"Tides {number}", start=start, end=start + 10 * MINUTE, performers=())


def kinds(service: Service) -> set[str]:
    return {file["kind"] for entry in service.shown()["recordings"] for file in entry["files"]}
