"""Practice is a doubt, not a verdict: what Zoom calls a practice session, and rehearsals within a recording."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import END, EVENT_ID, START, an_event
from tests.integration.operations.recordings.test_fetch import ADDRESS, RECORDINGS, held
from tests.integration.service import AN_OPERATOR, CONFIG, MakeService, Service
from zoom_ops.operations.events.decisions import list_to_review, release_recording, withhold_recording
from zoom_ops.store.alerts import list_alerts

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EARLY: dict[str, Any] = {"minutes": 18, "start": "2040-01-31T12:45:00Z"}
FINDING = "Recorded 07:45 to 08:03 (18 min), before the event (08:30 to 09:45, America/New_York). "
CALLED = FINDING + "Zoom calls it a practice session."


def before(service: Service, moment: Any = START - HOUR, **how: Any) -> str:
    """Hold an instance before the event; return its uuid."""
    service.add(an_event())
    service.settle()
    service.clock.advance(moment - service.clock.now())
    (instance,) = service.zoom.hold(**{**EARLY, **how})
    service.settle()
    return str(instance["uuid"])


def alerts(service: Service) -> list[str]:
    """List the sentences of the event's open alerts."""
    with service.app.database.read() as connection:
        return [str(row.sentence) for row in list_alerts(connection, subject=EVENT_ID)]


def policy(service: Service, **recordings: Any) -> None:
    service.zoom.control("POST", "/policy", {"recordings": recordings})


@pytest.mark.parametrize("practice", [True, False])
def test_recording_of_the_event_is_published_whatever_zoom_calls_it(service: Service, practice: bool) -> None:
    held(service, practice=practice)

    assert service.published() == [ADDRESS]
    assert "webinar_ended" in service.happened()
    assert "practice_ended" not in service.happened()


def test_recording_of_the_event_is_fetched_though_zoom_calls_it_practice_and_tells_of_no_recording(
    service: Service,
) -> None:
    held(service, tell=False, practice=True)
    (recording,) = service.zoom.state()["recordings"]
    ended = {"id": service.zoom.webinar()["id"], "uuid": recording["uuid"], "end_time": END.isoformat()}
    service.tell("webinar.ended", ended | {"practice_session": True})

    service.ask("fetch_recordings", EVENT_ID)

    assert service.published() == [ADDRESS]


def test_practice_before_the_event_waits_for_an_operator_who_can_always_approve(service: Service) -> None:
    before(service, practice=True)
    service.clock.advance(END - service.clock.now())
    service.ask("publish_recordings", EVENT_ID)
    parked, unasked = service.run("publish_recordings"), service.published()
    (entry,) = list_to_review(service.context).entries
    ((_, refused),) = service.plan(EVENT_ID).refused

    service.approve("practice")
    service.settle()

    assert (unasked, parked["state"]) == ([], "parked")
    assert refused.startswith(
        f"{CALLED} Watch it. If it is the event: zoom-ops events approve {EVENT_ID} --field practice; if it is not"
    )
    assert (entry.approval, list(map(str, entry.findings.values()))) == ("practice", [CALLED])
    assert service.shown()["recordings"][0]["finding"] == CALLED
    assert service.published() == [ADDRESS]
    assert list_to_review(service.context).entries == ()


def test_practice_before_the_event_is_approved_after_the_event_was_published(service: Service) -> None:
    before(service, practice=True)
    held(service)
    first, run = service.published(), service.run("publish_recordings")
    (entry,) = list_to_review(service.context).entries

    service.approve("practice")
    service.settle()

    assert (first, run["state"]) == ([ADDRESS], "done")
    assert list(map(str, entry.findings.values())) == [CALLED]
    assert service.published() == [ADDRESS, f"{ADDRESS}?part=2"]


def test_approval_holds_for_a_recording_that_is_not_there_yet(service: Service) -> None:
    service.add(an_event())
    service.approve("practice")

    before(service, practice=True)

    assert service.published() == [ADDRESS]


def test_rehearsal_that_is_kept_back_is_asked_about_no_more_until_it_is_let_go(service: Service) -> None:
    uuid = before(service, practice=True)
    service.clock.advance(END - service.clock.now())

    withhold_recording(service.context, EVENT_ID, uuid, AN_OPERATOR)
    service.settle()
    settled = (list_to_review(service.context).entries, service.plan(EVENT_ID).refused)
    release_recording(service.context, EVENT_ID, uuid, AN_OPERATOR)
    service.settle()

    assert settled == ((), ())
    assert [entry.approval for entry in list_to_review(service.context).entries] == ["practice"]


def test_event_is_missed_once_its_only_recording_turns_out_to_be_a_rehearsal(service: Service) -> None:
    uuid = before(service, practice=True)
    held(service, record=False)
    service.clock.advance(3 * DAY)
    service.tick("report_missing_recordings")
    service.settle()
    unsure = alerts(service)

    withhold_recording(service.context, EVENT_ID, uuid, AN_OPERATOR)
    service.tick("watch_events")
    service.settle()

    assert ["If it is the event: zoom-ops events approve" in sentence for sentence in unsure] == [True]
    assert ["only what an operator keeps back" in sentence for sentence in alerts(service)] == [True]


def test_practice_that_was_not_recorded_is_not_waited_for_nor_missed(service: Service) -> None:
    before(service, practice=True, record=False)
    with service.calls() as calls:
        held(service)
        for _ in range(6):
            service.later(12 * HOUR)
    with service.calls() as later:
        service.ask("fetch_recordings", EVENT_ID)

    assert calls.count(RECORDINGS) <= 2
    assert service.run("fetch_recordings")["state"] == "done"
    assert later.count(RECORDINGS) == 1  # the recording that is held; an operator asked
    assert (service.published(), alerts(service)) == ([ADDRESS], [])


def test_event_that_was_only_rehearsed_is_missed_as_not_held(service: Service) -> None:
    before(service, practice=True, record=False)
    service.clock.advance(END + 3 * DAY - service.clock.now())
    service.tick("report_missing_recordings")
    service.settle()

    assert ["was never held" in sentence for sentence in alerts(service)] == [True]


def test_rehearsal_in_the_recording_is_noticed_until_an_operator_has_looked(service: Service) -> None:
    held(service, rehearsal_minutes=30)
    noticed, published = alerts(service), service.published()
    ((_, planned),) = service.plan(EVENT_ID).notices

    service.approve("early_start")
    service.settle()

    assert published == service.published() == [ADDRESS]
    assert noticed == [planned]
    assert planned.startswith("Recorded 08:00 to 09:45 (1 h 45 min), from 30 min before the event (08:30 to 09:45, ")
    assert (alerts(service), service.plan(EVENT_ID).notices) == ([], ())


def test_notice_of_a_rehearsal_ends_when_the_recording_is_kept_back(service: Service) -> None:
    held(service, rehearsal_minutes=30)
    noticed = len(alerts(service))

    withhold_recording(service.context, EVENT_ID, service.shown()["recordings"][0]["uuid"], AN_OPERATOR)
    service.settle()

    assert (noticed, alerts(service), service.published()) == (1, [], [])


def test_recording_with_a_rehearsal_is_held_where_the_profile_says_so(make_service: MakeService) -> None:
    text = (CONFIG / "profiles" / "default.toml").read_text("utf-8")
    service = make_service(
        profiles={"default": text.replace('early_recording = "publish"', 'early_recording = "hold"')}
    )
    held(service, rehearsal_minutes=30)
    parked, unasked = service.run("publish_recordings"), service.published()
    (entry,) = list_to_review(service.context).entries

    service.approve("early_start")
    service.settle()

    assert (parked["state"], unasked, entry.approval) == ("parked", [], "early_start")
    assert service.published() == [ADDRESS]


def test_rehearsal_that_was_not_recorded_is_no_rehearsal_in_the_recording(service: Service) -> None:
    policy(service, rehearsal_recorded=False)

    held(service, rehearsal_minutes=30)

    assert (service.published(), alerts(service)) == ([ADDRESS], [])


@pytest.mark.parametrize("means", ["used", "this_session"])
def test_event_of_a_webinar_with_practice_is_published_whatever_zoom_means(service: Service, means: str) -> None:
    policy(service, practice_session_means=means)

    held(service, rehearsal_minutes=8)

    assert (service.published(), alerts(service)) == ([ADDRESS], [])
    assert "webinar_ended" in service.happened()
