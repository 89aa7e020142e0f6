"""Links that will die: operators hear of it ahead, and a page never leads for long to a recording that is gone."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.builders import END, EVENT_ID, HOST, START, an_event
from tests.integration.operations.recordings.test_fetch import ADDRESS, RECORDINGS, SWEEP, held
from tests.integration.operations.recordings.test_monotonic import NONE, recover, trash, twice
from tests.integration.service import MakeService, Service
from zoom_ops.operations.views.alerts import show_alerts

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TURN, WEEK = timedelta(minutes=30), timedelta(days=7)
JOBS = ("fetch_recordings", "check_recordings", "publish_recordings", "report_expiring_recordings")
EMPTY = {"do": "http", "status": 200, "body": {"meetings": []}}
DELETED_ON = date(2040, 5, 30)  # 120 days after the event, as the practice Zoom's policy has it


def test_deletion_by_zoom_is_told_14_and_3_days_ahead_and_then_followed(service: Service) -> None:
    held(service)
    shown = service.shown()["recordings"][0]["expires"]
    told: dict[str, str] = {}
    go_to(service, datetime(2040, 5, 10, 12, tzinfo=END.tzinfo))

    while service.published():
        pass_time(service, DAY, step=12 * HOUR)
        for sentence in alerts(service, "recording_expires"):
            told.setdefault(sentence, f"{service.clock.now():%Y-%m-%d}")

    first, last = told
    assert shown == str(DELETED_ON)
    assert list(told.values()) == ["2040-05-16", "2040-05-27"]
    assert first == (
        f"Zoom deletes the recording of event {EVENT_ID} in the account of {HOST} on 2040-05-30. After that the page "
        "shows no recording. To keep it, at Zoom: Recordings, this recording, turn off Auto delete. Or download it "
        "before."
    )
    assert last == f"Only a few days are left: {first}"
    assert service.clock.now() < datetime(2040, 6, 2, 12, tzinfo=END.tzinfo)
    assert alerts(service, "recording_expires") == []
    assert "was deleted" not in alerts(service, "recording_gone")[0]


def test_recording_that_is_kept_after_all_is_told_no_longer(service: Service) -> None:
    held(service)
    go_to(service, datetime(2040, 5, 20, tzinfo=END.tzinfo))
    pass_time(service, HOUR)
    before = alerts(service, "recording_expires")

    (recording,) = service.zoom.state()["recordings"]
    service.zoom.call("PATCH", f"/meetings/{twice(recording['uuid'])}/recordings/settings", {"auto_delete": False})
    pass_time(service, WEEK, step=6 * HOUR)
    after = alerts(service, "recording_expires"), service.shown()["recordings"][0]["expires"]
    pass_time(service, 4 * WEEK, step=DAY)

    assert (len(before), after) == (1, ([], None))
    assert (service.published(), alerts(service, "recording_gone")) == ([ADDRESS], [])


def test_recording_that_waits_for_approval_is_told_too(make_service: MakeService) -> None:
    service = make_service(profiles={"default": 'review = "required"\n'})
    held(service)
    go_to(service, datetime(2040, 5, 20, tzinfo=END.tzinfo))
    pass_time(service, HOUR)

    assert (service.published(), len(alerts(service, "recording_expires"))) == ([], 1)


def test_recording_that_nobody_publishes_is_not_told(service: Service) -> None:
    service.add(an_event(consent="do_not_record"))
    service.settle()
    held(service)
    go_to(service, datetime(2040, 5, 20, tzinfo=END.tzinfo))
    pass_time(service, HOUR)

    assert alerts(service, "recording_expires") == []


@pytest.mark.parametrize("months", [1, 5])
def test_recording_that_is_gone_without_a_word_is_withdrawn_within_a_week(service: Service, months: int) -> None:
    kept_for_good(service)
    go_to(service, END + months * 31 * DAY)
    pass_time(service, DAY, step=6 * HOUR)
    service.stop_hearing()

    trash(service)
    pass_time(service, 6 * DAY, step=12 * HOUR)
    until = 6 * DAY + within(service, DAY, lambda: not service.published())
    gone = alerts(service, "recording_gone")
    recover(service)
    back = within(service, DAY + 6 * HOUR, service.published, step=6 * HOUR)

    assert until <= WEEK
    assert back <= DAY + 6 * HOUR
    assert gone == [
        f"Zoom no longer has the recording of 2040-01-31 of event {EVENT_ID}: the list of {HOST} leaves it out, and "
        "two looks did not find it. The page shows it no longer. Somebody deleted it, or Zoom did by itself. To bring "
        "it back, restore it at Zoom within 30 days: Recordings, Trash. The page then follows. If it may stay away: "
        f"zoom-ops run fetch_recordings --event {EVENT_ID} --force"
    ]
    assert alerts(service) == []


def test_operator_who_forces_a_look_ends_the_alert(service: Service) -> None:
    gone_long_ago(service)

    service.ask("fetch_recordings", EVENT_ID, force=True)

    assert (service.published(), alerts(service)) == ([], [])


def test_recording_is_withdrawn_at_once_when_zoom_tells(service: Service) -> None:
    kept_for_good(service)
    go_to(service, END + 100 * DAY)

    trash(service)
    before = service.clock.ahead
    service.settle()

    assert service.clock.ahead == before
    assert (service.published(), alerts(service)) == ([], [])


def test_notification_that_comes_before_zoom_has_done_it_is_looked_into_again(service: Service) -> None:
    kept_for_good(service)
    (recording,) = service.zoom.state()["recordings"]
    service.tell("recording.trashed", {"id": recording["id"], "uuid": recording["uuid"], "type": 5})
    service.settle()
    shown = service.published()
    service.stop_hearing()
    trash(service)

    assert shown == [ADDRESS]
    assert within(service, 2 * HOUR, lambda: not service.published()) <= 2 * HOUR


LIES: dict[str, list[dict[str, Any]]] = {
    "empty lists": [{"match": SWEEP, **EMPTY}],
    "pages of a proxy": [{"match": SWEEP, "do": "html"}, {"match": RECORDINGS, "do": "html"}],
    "empty lists, and looks that fail": [{"match": SWEEP, **EMPTY}, {"match": RECORDINGS, "do": "http"}],
    "failing lists, and nothing to be found": [{"match": SWEEP, "do": "http"}, {"match": RECORDINGS, **NONE}],
    "a host that is unknown": [{"match": SWEEP, "do": "http", "status": 404, "code": 1001}],
}


@pytest.mark.parametrize("lies", LIES.values(), ids=LIES)
def test_failures_at_zoom_withdraw_nothing(service: Service, lies: list[dict[str, Any]]) -> None:
    kept_for_good(service)
    go_to(service, END + 100 * DAY)
    for lie in lies:
        service.zoom.control("POST", "/faults", lie)

    pass_time(service, 2 * DAY, step=6 * HOUR)

    assert service.published() == [ADDRESS]


def test_one_look_that_finds_nothing_withdraws_nothing(service: Service) -> None:
    kept_for_good(service)
    go_to(service, END + 100 * DAY)
    for match, lie in ((SWEEP, EMPTY), (RECORDINGS, NONE)):
        service.zoom.control("POST", "/faults", {"match": match, **lie, "times": 1})

    pass_time(service, 2 * DAY, step=6 * HOUR)

    assert (service.published(), alerts(service)) == ([ADDRESS], [])


def test_failed_list_is_asked_for_again_and_what_is_gone_is_found(service: Service) -> None:
    kept_for_good(service)
    go_to(service, END + 100 * DAY)
    service.stop_hearing()
    trash(service)
    service.zoom.fault(SWEEP, "http", status=500, times=3)

    assert within(service, DAY, lambda: not service.published()) <= DAY


def test_host_who_is_no_longer_at_zoom_is_an_alert_and_no_loop(service: Service) -> None:
    kept_for_good(service)
    go_to(service, END + 100 * DAY)
    service.zoom.control("POST", "/faults", {"match": SWEEP, "do": "http", "status": 404, "code": 1001})

    with service.calls() as calls:
        pass_time(service, 5 * DAY, step=6 * HOUR)
    told = alerts(service)
    service.stop_hearing()
    trash(service)
    until = within(service, WEEK, lambda: not service.published(), step=6 * HOUR)

    assert (calls.count(SWEEP), calls.count(RECORDINGS)) == (1, 1)
    assert told == [
        f"Zoom no longer knows the host {HOST}, who holds 1 recording on our pages: the user was deleted or "
        "deactivated. Each recording is still looked for once a week, as it may be another user's now. Check at Zoom, "
        f"Users. If the user stays away, take {HOST} out of HOSTS and dismiss this alert."
    ]
    assert until <= WEEK


def test_week_costs_a_page_for_each_host_and_month(service: Service) -> None:
    never_deletes(service)
    events = [an_event(id=f"tides-{n}", name=f"Tides {n}", **when(n)) for n in range(6)]
    for event in events:  # some months have two events
        service.add(event)
        service.settle()
        service.clock.advance(event.end_utc - service.clock.now())
        service.zoom.hold(service.zoom.webinars()[-1]["id"])
        service.settle()
    go_to(service, events[-1].end_utc + 60 * DAY)
    pass_time(service, DAY, step=6 * HOUR)  # after the long leap every month is due

    with service.calls() as calls:
        pass_time(service, WEEK - HOUR, step=6 * HOUR)

    assert [len(service.published(event.id)) for event in events] == [1] * len(events)
    months = len({(event.start_utc.year, event.start_utc.month) for event in events})
    assert calls == [SWEEP] * months


def when(number: int) -> dict[str, datetime]:
    start = START + number * 14 * DAY
    return {"start": start, "end": start + HOUR}


def kept_for_good(service: Service) -> None:
    """Hold and publish the event at an account that deletes nothing by itself."""
    never_deletes(service)
    held(service)


def never_deletes(service: Service) -> None:
    service.zoom.control("POST", "/policy", {"recordings": {"auto_delete_days": 0}})


def gone_long_ago(service: Service) -> None:
    kept_for_good(service)
    go_to(service, END + 100 * DAY)
    service.stop_hearing()
    trash(service, "delete")
    within(service, DAY, lambda: not service.published())


def go_to(service: Service, moment: datetime) -> None:
    """Move time on, without a turn of any job meanwhile."""
    service.clock.advance(moment - service.clock.now())


def pass_time(service: Service, how_long: timedelta, *, step: timedelta = TURN) -> None:
    until = service.clock.now() + how_long
    while service.clock.now() < until:
        service.clock.advance(step)
        service.tick(*JOBS)
        service.work()


def within(service: Service, longest: timedelta, true: Callable[[], object], *, step: timedelta = HOUR) -> timedelta:
    """Let time pass until a condition is true, at most so long; return how long it took."""
    began = service.clock.now()
    while not true() and service.clock.now() < began + longest:
        pass_time(service, step, step=step)
    return service.clock.now() - began if true() else timedelta.max


def alerts(service: Service, *kinds: str) -> list[str]:
    return [alert["sentence"] for alert in show_alerts(service.context.database) if not kinds or alert["kind"] in kinds]
