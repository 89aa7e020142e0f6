"""An event that is to be recorded is recorded, or operators are told: from the plan before it to the alert after it."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import ACCOUNT, END, EVENT_ID, HOST, NOW, OTHER_HOST, START, an_event
from tests.integration.service import UPDATE, MakeService, Service, sign, take
from zoom_ops.operations.admin.doctor import check_installation
from zoom_ops.store.alerts import list_alerts

DAY = timedelta(days=1)
LATE = END + timedelta(minutes=2 * 75) + DAY + timedelta(minutes=1)
STORAGE = "recording.cloud_storage_usage_updated"
HELD = {"start": START.isoformat(), "record": "auto"}
Obstruct = Callable[[Service], None]


def obey(service: Service, **policy: Any) -> None:
    """Change the policy of the practice Zoom."""
    service.zoom.control("POST", "/policy", policy)


def lock(service: Service, value: str = "none") -> None:
    obey(service, settings={"locked": {"auto_recording": value}})


def unlock(service: Service) -> None:
    obey(service, settings={"locked": {}})


def open_alerts(service: Service, subject: str | None = EVENT_ID) -> dict[str, str]:
    """Return the open alerts about an event, or about all: sentences by kind."""
    with service.app.database.read() as connection:
        return {row.kind: str(row.sentence) for row in list_alerts(connection, subject=subject)}


def go_to(service: Service, moment: datetime) -> None:
    """Move time on to a moment, fire every job's schedule, and settle."""
    service.clock.advance(moment - service.clock.now())
    service.tick()
    service.settle()


def told(service: Service) -> str:
    """Return what is told of the event, where plan, `events show` and alert say the same."""
    ((event_id, sentence),) = service.plan(EVENT_ID).notices
    assert event_id == EVENT_ID
    assert open_alerts(service) == {"not_recorded": sentence}
    assert [alert["sentence"] for alert in service.shown()["alerts"]] == [sentence]
    return sentence


REASONS: dict[str, tuple[Obstruct, tuple[str, ...]]] = {
    "lock": (
        lock,
        (
            *("keeps auto_recording = none.", "unlocks Automatic recording", "Account Settings"),
            f"zoom-ops apply --event {EVENT_ID} --force",
        ),
    ),
    "local": (
        lambda service: lock(service, "local"),
        ("keeps auto_recording = local; a local recording stays on the host's computer.", "unlocks Automatic"),
    ),
    "right": (
        lambda service: obey(service, recordings={"cloud_recording": False}),
        (f"{HOST} has no right to record to the cloud.", f"Users > {HOST} > Settings > Recording"),
    ),
    "storage": (
        lambda service: obey(service, recordings={"storage_full": True}),
        ("the cloud storage of its Zoom account is full.", "deletes recordings or buys storage"),
    ),
}


@pytest.mark.parametrize("reason", REASONS)
def test_what_is_not_recorded_is_told_before_the_event_and_missed_after_it(service: Service, reason: str) -> None:
    obstruct, words = REASONS[reason]
    obstruct(service)
    service.settle()
    service.add(an_event())
    service.settle()

    before = told(service)
    service.clock.advance(END - service.clock.now())
    service.zoom.hold(**HELD)
    service.settle()
    go_to(service, END + timedelta(minutes=31))
    ended = open_alerts(service)
    go_to(service, LATE)

    assert before.startswith(
        f"The event is to be recorded, and Zoom will not record webinar {service.zoom.webinar()['id']}"
    )
    assert [word for word in words if word not in before] == []
    assert ended == {}
    ((kind, sentence),) = open_alerts(service).items()
    assert kind == "recording_missing"
    if reason == "local":
        assert f"was recorded on the computer of {HOST}" in sentence
        return
    assert "and Zoom has no recording. The likely cause: " in sentence
    assert words[0] in sentence
    assert f"Ask {HOST} for a recording of their own." in sentence
    assert "--force" not in sentence


def test_a_host_without_the_right_is_told_before_there_is_a_webinar(service: Service) -> None:
    obey(service, recordings={"cloud_recording": False})
    service.write(an_event())

    ((_, sentence),) = service.plan(EVENT_ID).notices

    assert f"Zoom will not record a webinar of {HOST}: {HOST} has no right to record to the cloud." in sentence


def test_an_event_that_is_to_be_recorded_prefers_a_host_that_may(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST, OTHER_HOST))
    obey(service, recordings={"no_cloud_recording": [HOST]})
    days = [timedelta(days=day) for day in range(4)]
    service.add(*(an_event(id=f"talk-{day.days}", start=START + day, end=END + day) for day in days))
    service.settle()

    assert {webinar["host"] for webinar in service.zoom.webinars()} == {OTHER_HOST}
    assert open_alerts(service, None) == {}


def test_a_lock_that_comes_later_is_told_a_day_before_without_notifications(service: Service) -> None:
    service.stop_hearing()
    service.add(an_event(start=START + 20 * DAY, end=END + 20 * DAY))
    service.settle()
    lock(service)
    service.zoom.call("PATCH", f"/webinars/{service.zoom.webinar()['id']}", {"settings": {"auto_recording": "none"}})

    go_to(service, START + 19 * DAY)

    assert "keeps auto_recording = none" in told(service)


def test_a_right_that_is_taken_later_is_told_a_day_before(service: Service) -> None:
    service.add(an_event())
    service.settle()
    assert open_alerts(service) == {}
    obey(service, recordings={"cloud_recording": False})

    go_to(service, START - DAY)

    assert f"{HOST} has no right to record to the cloud." in told(service)


def test_a_right_that_is_given_is_found_for_all_events_of_the_host(service: Service) -> None:
    obey(service, recordings={"cloud_recording": False})
    service.add(an_event(), an_event(id="far", start=START + 40 * DAY, end=END + 40 * DAY))
    service.settle()
    assert open_alerts(service, "far").keys() == {"not_recorded"}

    obey(service, recordings={"cloud_recording": True})
    go_to(service, NOW + DAY + timedelta(minutes=1))
    go_to(service, NOW + DAY + timedelta(minutes=10))

    assert open_alerts(service, None) == {}
    assert [webinar["settings"]["auto_recording"] for webinar in service.zoom.webinars()] == ["cloud", "cloud"]


def test_after_an_unlock_the_service_asks_again_within_a_day(service: Service) -> None:
    lock(service)
    service.add(an_event(start=START + 40 * DAY, end=END + 40 * DAY))
    service.settle()
    go_to(service, NOW + timedelta(hours=20))
    refused = service.zoom.carried_out().count(UPDATE)
    unlock(service)

    go_to(service, NOW + timedelta(hours=24, minutes=1))

    assert refused == 0
    assert service.zoom.webinar()["settings"]["auto_recording"] == "cloud"
    assert (open_alerts(service), service.plan(EVENT_ID).notices) == ({}, ())


def test_asking_again_costs_a_host_one_change_a_day_and_the_rest_follow(service: Service) -> None:
    lock(service)
    moments = [timedelta(days=30 + n) for n in range(5)]
    service.add(*(an_event(id=f"talk-{n}", start=START + m, end=END + m) for n, m in enumerate(moments)))
    service.settle()
    for hours in range(25, 24 * 3, 6):
        go_to(service, NOW + timedelta(hours=hours))
    asked = service.zoom.carried_out().count(UPDATE)
    unlock(service)
    go_to(service, NOW + 4 * DAY)

    assert asked <= 2 * 5
    assert {webinar["settings"]["auto_recording"] for webinar in service.zoom.webinars()} == {"cloud"}
    assert open_alerts(service, None) == {}


def test_an_operator_asks_again_at_once(service: Service) -> None:
    lock(service)
    service.add(an_event())
    service.settle()

    with service.calls() as still_locked:
        service.apply(EVENT_ID, force=True)
    unlock(service)
    service.ask("create_webinars", EVENT_ID, force=True)

    assert still_locked.count(UPDATE) == 1
    assert service.run("create_webinars")["state"] == "done"
    assert service.zoom.webinar()["settings"]["auto_recording"] == "cloud"
    assert open_alerts(service) == {}


def test_a_refusal_that_repeats_is_no_news_of_the_event(service: Service) -> None:
    lock(service)
    service.add(an_event())
    service.settle()
    for day in range(1, 4):
        go_to(service, NOW + day * DAY + timedelta(minutes=day))

    assert service.zoom.carried_out().count(UPDATE) == 3
    assert "webinar_updated" not in service.happened()


def test_full_storage_rings_every_event_and_room_ends_it(service: Service) -> None:
    service.add(an_event(), an_event(id="unrecorded", start=START + DAY, end=END + DAY, consent="do_not_record"))
    service.settle()

    obey(service, recordings={"storage_used_percentage": 85})
    service.settle()
    nearly = open_alerts(service, None)
    obey(service, recordings={"storage_full": True})
    service.settle()
    full = open_alerts(service, None)
    sentence = told(service)
    obey(service, recordings={"storage_full": False, "storage_used_percentage": 30})
    service.settle()

    assert nearly.keys() == {"storage_nearly_full"}
    assert nearly["storage_nearly_full"].startswith(f"The cloud storage of Zoom account {ACCOUNT} is nearly full (85 %")
    assert full.keys() == {"storage_full", "not_recorded"}
    assert open_alerts(service, "unrecorded") == {}
    assert "the cloud storage of its Zoom account is full" in sentence
    assert open_alerts(service, None) == {}


def test_storage_that_no_run_heard_of_is_caught_up_by_the_turn(service: Service) -> None:
    service.add(an_event(start=START + 40 * DAY, end=END + 40 * DAY))
    service.settle()
    service.clock.advance(timedelta(minutes=1))
    rings = service.context.rings
    rings.replace({kind: jobs for kind, jobs in rings.items() if kind != STORAGE})

    tell_storage(service, 100)
    service.work()
    unheard = open_alerts(service)
    service.tick("create_webinars")
    service.settle()

    assert unheard == {}
    assert "the cloud storage" in told(service)
    assert service.tick("create_webinars") == 0


def test_a_late_notification_of_storage_says_nothing(service: Service) -> None:
    service.add(an_event())
    service.settle()
    tell_storage(service, 30)
    earlier = service.clock.now() - timedelta(hours=2)

    tell_storage(service, 100, at=earlier)

    assert open_alerts(service, None) == {}


@pytest.mark.parametrize("rubbish", [None, True, "full", -1, [100], {"a": 1}, float("inf"), 10**30, ""])
def test_a_notification_of_storage_that_says_no_share_changes_nothing(service: Service, rubbish: Any) -> None:
    tell_storage(service, 100)
    service.clock.advance(timedelta(minutes=1))

    assert tell_storage(service, rubbish) == 204

    assert open_alerts(service, None).keys() == {"storage_full"}


@pytest.mark.parametrize("change", [{"status": "cancelled"}, {"status": "postponed"}, {"consent": "do_not_record"}])
def test_an_event_that_will_not_be_held_or_recorded_leaves_no_alert(service: Service, change: dict[str, str]) -> None:
    lock(service)
    service.add(an_event())
    service.settle()
    assert open_alerts(service).keys() == {"not_recorded"}

    service.change(**change)
    service.settle()

    assert (open_alerts(service), service.plan(EVENT_ID).notices) == ({}, ())


def test_what_somebody_changed_and_the_profile_leaves_is_told_with_the_place_to_change_it(
    make_service: MakeService,
) -> None:
    profile = '[settings]\nauto_recording = "cloud"\n[drift]\nsettings = "zoom"\n'
    service = make_service(profiles={"relaxed": profile})
    service.add(an_event(profile="relaxed"))
    service.settle()
    service.zoom.call("PATCH", f"/webinars/{service.zoom.webinar()['id']}", {"settings": {"auto_recording": "local"}})
    service.settle()
    go_to(service, START - DAY)

    sentence = told(service)

    assert "somebody changed it at Zoom to auto_recording = local; a local recording stays on" in sentence
    assert "Automatically record webinar" in sentence


def test_doctor_names_hosts_without_the_right(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST, OTHER_HOST))
    obey(service, recordings={"no_cloud_recording": [OTHER_HOST]})

    wrong = {check.what: check.sentence for check in check_installation(service.context) if not check.ok}

    assert wrong.keys() == {f"account {ACCOUNT}: {OTHER_HOST}: recording"}
    assert "has no right to record to the cloud" in wrong.popitem()[1]


def tell_storage(service: Service, percentage: Any, at: datetime | None = None) -> int:
    """Tell the service how full the account's storage was at a time. Return the status of its answer."""
    usage = {"storage_used_percentage": percentage, "storage_used": "9 GB"}
    moment = int((at or service.clock.now()).timestamp() * 1000)
    body = json.dumps({"event": STORAGE, "event_ts": moment, "payload": {"object": usage}}).encode()
    return take(service.app, ACCOUNT, *sign(body, str(int(service.clock.now().timestamp())))).status


def test_a_lost_right_that_another_event_finds_is_told_for_all(service: Service) -> None:
    service.add(an_event(start=START + 40 * DAY, end=END + 40 * DAY))
    service.settle()
    obey(service, recordings={"cloud_recording": False})
    service.clock.advance(2 * DAY)
    service.add(an_event(id="another", start=START + 50 * DAY, end=END + 50 * DAY))
    service.settle()
    service.tick("create_webinars")
    service.settle()

    assert f"{HOST} has no right" in told(service)
    assert service.tick("create_webinars") == 0


def test_asking_at_once_leaves_what_lasts_told(service: Service) -> None:
    service.add(an_event())
    service.settle()
    obey(service, recordings={"cloud_recording": False})
    go_to(service, START - DAY)
    before = told(service)

    service.ask("create_webinars", EVENT_ID, force=True)

    assert told(service) == before
