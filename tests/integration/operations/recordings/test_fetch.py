"""Recordings: fetched after a notification or by the sweep, published once, withdrawn only when Zoom reports it."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.builders import (
    ACCOUNT,
    AGENDA,
    BASE_URL,
    END,
    EVENT_ID,
    HOST,
    RECORDING_EXPECTED,
    START,
    a_note,
    an_attachment,
    an_event,
)
from tests.integration.service import CONFIG, SHARING, MakeService, Service
from zoom_ops.access import OPERATOR, VISITOR, Reader
from zoom_ops.errors import NotFoundError, TemporaryError
from zoom_ops.operations.reconcile.executors import publications

RECORDINGS = "GET /meetings/*/recordings"
SWEEP = "GET /users/*/recordings"
INSTANCES = "GET /past_webinars/*/instances"
ADDRESS = f"{BASE_URL}/events/{EVENT_ID}/recording"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def held(service: Service, *, tell: bool = True, **how: object) -> Service:
    """Create the event's webinar if there is none, move on to its end and hold it. `tell`: let notifications in."""
    if not service.zoom.webinars():
        service.add()
        service.settle()
    if not tell:
        service.stop_hearing()
    if service.clock.now() < END:
        service.clock.advance(END - service.clock.now())
    service.zoom.hold(**how)
    service.settle()
    return service


def test_recording_is_published_when_zoom_tells_of_it(service: Service) -> None:
    service.add()
    service.settle()

    with service.calls() as calls:
        held(service)

    assert calls == [RECORDINGS, SHARING]
    assert service.published() == [ADDRESS]
    happened = service.happened()
    assert happened[-4:] == ["webinar_started", "webinar_ended", "recording_fetched", "recording_published"]
    (entry,) = service.shown()["recordings"]
    assert entry["start"] == "2040-01-31T13:30:00+00:00"
    assert entry["duration_s"] == 75 * 60
    assert {file["status"] for file in entry["files"]} == {"completed"}


def test_recording_plays_behind_its_address_and_its_raw_link_is_in_no_page(service: Service) -> None:
    held(service)

    programme = service.programme
    link = programme.get_recording_link(EVENT_ID, VISITOR)
    (recording,) = service.zoom.state()["recordings"]
    assert link.url.startswith(recording["share_url"] + "?pwd=")
    assert recording["share_url"] not in str(programme.get(EVENT_ID, VISITOR))


def test_transcript_that_comes_later_is_fetched_too(service: Service) -> None:
    held(service, transcript=True, processing_s=60)
    service.later(HOUR)

    (entry,) = service.shown()["recordings"]
    assert "TRANSCRIPT" in {file["kind"] for file in entry["files"]}
    assert service.published() == [ADDRESS]


def test_recording_waits_for_its_transcript_where_the_profile_says_so(make_service: MakeService) -> None:
    service = make_service(profiles={"default": _profile("wait_for_transcript = false", "wait_for_transcript = true")})
    held(service, transcript=True, processing_s=60)
    service.later(MINUTE)
    waiting, before = service.run("publish_recordings"), service.published()

    service.later(2 * MINUTE)

    assert waiting["state"] == "waiting"
    assert waiting["error"] == "The recording waits for its transcript, as the profile says."
    assert before == []
    assert service.published() == [ADDRESS]


def test_recording_is_published_after_a_while_where_the_profile_says_so(make_service: MakeService) -> None:
    profile = _profile("publish_after_minutes = 0", "publish_after_minutes = 120")
    service = make_service(profiles={"default": profile})
    held(service)
    before = service.published()

    service.later(2 * HOUR)

    assert before == []
    assert service.published() == [ADDRESS]


def test_parts_are_published_in_order(service: Service) -> None:
    held(service, parts=2)

    parts = service.shown()["recordings"]
    assert [entry["url"] for entry in parts] == [ADDRESS, f"{ADDRESS}?part=2"]
    assert [entry["title"] for entry in _links(service)] == ["Recording, part 1", "Recording, part 2"]


def test_part_that_was_told_of_late_is_published_in_its_place(service: Service) -> None:
    held(service, start="2040-01-31T14:10:00Z", minutes=30)
    first = _links(service)

    held(service, start="2040-01-31T13:30:00Z", minutes=30)

    assert [entry["title"] for entry in first] == ["Recording"]
    assert [entry["title"] for entry in _links(service)] == ["Recording, part 1", "Recording, part 2"]
    starts = [entry["start"] for entry in service.shown()["recordings"]]
    assert starts == ["2040-01-31T13:30:00+00:00", "2040-01-31T14:10:00+00:00"]


def test_part_that_is_there_does_not_wait_for_one_that_is_still_processed(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(END - service.clock.now())
    service.zoom.hold(start="2040-01-31T13:30:00Z", minutes=30)
    service.zoom.hold(start="2040-01-31T14:10:00Z", minutes=30, processing_s=3600)
    service.settle()
    first = service.published()

    service.later(2 * HOUR)

    assert first == [ADDRESS]
    assert service.published() == [ADDRESS, f"{ADDRESS}?part=2"]


def test_practice_session_is_left_out(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(START - HOUR - service.clock.now())
    service.zoom.hold(practice=True, minutes=20, start="2040-01-31T12:45:00Z")
    service.settle()

    practised = service.published()
    held(service)

    assert practised == []
    assert [entry["state"] for entry in service.shown()["recordings"]] == ["completed", "published"]
    assert service.published() == [ADDRESS]


def test_crumb_is_left_out_and_looked_at_once(make_service: MakeService) -> None:
    profile = _profile("min_recording_minutes = 1", "min_recording_minutes = 5")
    service = make_service(profiles={"default": profile})
    held(service, minutes=2)
    service.clock.advance(HOUR)

    runs = service.tick("publish_recordings")
    service.settle()

    assert service.published() == []
    assert runs == 0


def test_one_call_a_day_is_left_to_do_once_the_recording_is_published(service: Service) -> None:
    held(service)
    service.clock.advance(3 * DAY)

    with service.calls() as calls:
        runs = service.tick("publish_recordings", "fetch_recordings", "create_webinars", "register_panelists")
        service.settle()

    assert runs == 1
    assert calls == [SWEEP]


def test_recording_that_zoom_still_processes_is_waited_for(service: Service) -> None:
    held(service, tell=False, processing_s=3 * 60 * 60)
    service.tick("fetch_recordings")
    service.settle()
    early = service.published()

    service.clock.advance(3 * HOUR)
    service.tick("fetch_recordings")
    service.settle()

    assert early == []
    assert service.published() == [ADDRESS]


def test_run_by_hand_waits_while_zoom_processes(service: Service) -> None:
    held(service, tell=False, processing_s=3 * 60 * 60)
    service.ask("fetch_recordings", EVENT_ID)
    waiting = service.run("fetch_recordings")

    service.clock.advance(3 * HOUR)
    service.settle()

    assert waiting["state"] == "waiting"
    assert waiting["error"] == "Zoom is still processing a recording, or has not begun."
    assert service.published() == [ADDRESS]


def test_recording_told_of_before_it_can_be_fetched_is_waited_for(service: Service) -> None:
    service.add()
    service.settle()
    service.zoom.fault(RECORDINGS, "http", status=404, code=3301, message="There is no recording for this meeting.")
    held(service)
    waiting = service.run("fetch_recordings")

    service.later(HOUR)

    assert waiting["state"] == "waiting"
    assert service.published() == [ADDRESS]


def test_recording_of_which_nothing_else_was_told_is_waited_for(service: Service) -> None:
    held(service, tell=False)
    (recording,) = service.zoom.state()["recordings"]
    service.zoom.fault(RECORDINGS, "http", status=404, code=3301, message="There is no recording for this meeting.")
    completed = {"id": recording["id"], "uuid": recording["uuid"], "type": 5, "start_time": recording["start_time"]}
    service.tell("recording.completed", completed)
    service.settle()
    waiting = service.run("fetch_recordings")

    service.later(HOUR)

    assert waiting["state"] == "waiting"
    assert service.published() == [ADDRESS]


def test_recording_is_found_by_the_sweep_where_no_notification_came(service: Service) -> None:
    held(service, tell=False)

    with service.calls() as calls:
        service.tick("fetch_recordings")
        service.settle()

    assert calls == [SWEEP, RECORDINGS, SHARING]
    assert service.published() == [ADDRESS]
    sweep = service.run("fetch_recordings", f"{ACCOUNT}/{HOST}", kind="host")
    assert sweep["outcome"] == "Recordings of 1 events were found."


def test_second_part_is_found_by_the_sweep_too(service: Service) -> None:
    held(service)

    held(service, tell=False, start="2040-01-31T14:50:00Z", minutes=20)
    service.tick("fetch_recordings")
    service.settle()

    assert service.published() == [ADDRESS, f"{ADDRESS}?part=2"]


def test_sweep_ends_where_nothing_was_recorded(service: Service) -> None:
    held(service, record=False)
    service.tick("fetch_recordings")
    service.settle()
    service.clock.advance(31 * DAY)

    runs = service.tick("fetch_recordings")

    assert runs == 0


def test_trashed_recording_is_withdrawn_and_published_again_when_recovered(service: Service) -> None:
    held(service)
    uuid = service.shown()["recordings"][0]["uuid"]

    service.zoom.call("DELETE", f"/meetings/{_twice(uuid)}/recordings?action=trash")
    service.settle()
    withdrawn = service.published()
    state = service.shown()["recordings"][0]["state"]
    service.zoom.call("PUT", f"/meetings/{_twice(uuid)}/recordings/status", {"action": "recover"})
    service.settle()

    assert withdrawn == []
    assert state == "withdrawn"
    assert service.published() == [ADDRESS]


def test_deleted_recording_is_withdrawn(service: Service) -> None:
    held(service)
    uuid = service.shown()["recordings"][0]["uuid"]

    service.zoom.call("DELETE", f"/meetings/{_twice(uuid)}/recordings?action=delete")
    service.settle()

    assert service.published() == []
    assert "recording_withdrawn" in service.happened()


def test_word_of_a_removal_that_is_not_so_withdraws_nothing(service: Service) -> None:
    held(service)
    (recording,) = service.zoom.state()["recordings"]

    service.tell("recording.trashed", {"id": recording["id"], "uuid": recording["uuid"], "type": 5})
    service.settle()

    assert service.published() == [ADDRESS]


@pytest.mark.parametrize(
    ("paths", "fault"),
    [
        ((RECORDINGS,), {"do": "http", "status": 404, "code": 3301, "message": "There is no recording."}),
        ((SWEEP,), {"do": "http", "status": 404, "code": 3301, "message": "There is no recording."}),
        ((RECORDINGS, SWEEP), {"do": "http", "status": 500}),
        ((RECORDINGS, SWEEP), {"do": "http", "status": 404, "code": 3001, "message": "Meeting does not exist."}),
        ((RECORDINGS, SWEEP), {"do": "html"}),
    ],
    ids=["no recording", "no recording in lists", "HTTP 500", "no meeting", "a page"],
)
def test_error_at_zoom_never_withdraws(service: Service, paths: tuple[str, ...], fault: dict[str, object]) -> None:
    held(service)
    for path in paths:
        service.zoom.fault(path, **{**fault, "times": None})  # type: ignore[arg-type]

    service.ask("fetch_recordings", EVENT_ID)
    service.tell("recording.completed", {"id": service.zoom.webinar()["id"], "uuid": "another", "type": 5})
    service.settle()
    for _ in range(3):
        service.clock.advance(DAY)
        service.tick()
        service.settle()

    assert service.published() == [ADDRESS]


def test_empty_list_never_withdraws(service: Service) -> None:
    held(service)
    service.stop_hearing()
    service.zoom.fault(SWEEP, "http", status=200, body={"meetings": []}, times=None)

    for _ in range(3):
        service.clock.advance(12 * HOUR)
        service.tick()
        service.settle()

    assert service.published() == [ADDRESS]


def test_recording_without_consent_is_never_published(service: Service) -> None:
    service.add(an_event(consent="do_not_record"))
    service.settle()

    held(service)
    service.ask("publish_recordings", EVENT_ID)
    service.apply(EVENT_ID, force=True)

    run = service.run("publish_recordings")
    assert run["state"] == "parked"
    assert run["error"] == "The event's consent says do_not_record: its recording is not published."
    assert service.published() == []


@pytest.mark.parametrize(
    "event",
    [an_event(consent="ask"), an_event(needs_review=(a_note(field="recording", reason="For members only?"),))],
    ids=["consent is asked for", "a doubt about who may see it"],
)
def test_recording_waits_for_approval(service: Service, event: object) -> None:
    service.add(event)  # type: ignore[arg-type]
    service.settle()
    held(service)
    parked, before = service.run("publish_recordings"), service.published()

    approved = service.approve()
    service.settle()

    assert parked["state"] == "parked"
    assert parked["error"] == f"The recording waits for approval: zoom-ops events approve {EVENT_ID}"
    assert before == []
    assert approved == ("recording",)
    assert service.published() == [ADDRESS]


def test_recording_waits_for_approval_where_the_profile_says_so(make_service: MakeService) -> None:
    service = make_service(profiles={"default": _profile('review = "none"', 'review = "required"')})
    held(service)
    before = service.published()

    service.approve("recording")
    service.settle()

    assert before == []
    assert service.published() == [ADDRESS]


def test_approval_before_the_event_holds_for_its_recording(service: Service) -> None:
    service.add(an_event(consent="ask"))
    approved = service.approve("recording")
    service.settle()

    held(service)

    assert approved == ("recording",)
    assert service.published() == [ADDRESS]


def test_recording_that_is_not_there_yet_is_approved_only_by_its_name(service: Service) -> None:
    service.add(an_event(consent="ask"))
    approved = service.approve()
    service.settle()

    held(service)

    assert approved == ()
    assert service.published() == []


def test_recording_for_members_is_hidden_from_visitors(service: Service) -> None:
    service.add(an_event(attachments=(AGENDA, an_attachment(visibility="members"))))
    service.settle()

    held(service)

    programme = service.programme
    assert service.published() == [ADDRESS]
    assert programme.get(EVENT_ID, VISITOR).recordings == ()
    assert programme.get_recording_link(EVENT_ID, Reader(role="member")).url
    with pytest.raises(NotFoundError):
        programme.get_recording_link(EVENT_ID, VISITOR)


def test_recording_that_becomes_one_for_members_is_hidden(service: Service) -> None:
    held(service)

    service.change(attachments=(AGENDA, an_attachment(visibility="members")))
    service.ask("publish_recordings", EVENT_ID)

    programme = service.programme
    assert programme.get(EVENT_ID, VISITOR).recordings == ()
    assert service.published() == [ADDRESS]


def test_recording_stays_published_when_the_announcement_is_imported_again(service: Service) -> None:
    held(service)

    (again,) = service.add(an_event())
    service.change(description="How ports adapted to a rising sea.")
    service.settle()

    assert again.action == "unchanged"
    assert service.published() == [ADDRESS]
    assert [entry["state"] for entry in _links(service)] == ["published"]


def test_event_as_it_is_shown_can_be_imported_as_it_is(service: Service) -> None:
    held(service)

    (again,) = service.read(service.shown_as_json(), "events.json")

    assert again.action == "unchanged"
    assert again.changes == ()
    assert service.event().attachments == (AGENDA, RECORDING_EXPECTED)


def test_recording_of_a_cancelled_event_is_left_alone(service: Service) -> None:
    held(service)

    service.change(status="cancelled")
    service.settle()

    assert service.published() == [ADDRESS]
    assert len(service.zoom.webinars()) == 1


def test_host_of_another_account_is_swept_in_its_own(make_service: MakeService) -> None:
    service = make_service(accounts={ACCOUNT: (HOST,), "second": (HOST,)})
    service.add(an_event(account="second"))
    service.settle()
    held(service, tell=False)

    service.tick("fetch_recordings")
    service.settle()

    assert service.run("fetch_recordings", f"second/{HOST}", kind="host")["account"] == "second"
    assert service.published() == [ADDRESS]


def _links(service: Service) -> list[dict[str, str]]:
    programme = service.programme
    shown = programme.get(EVENT_ID, OPERATOR)
    return [entry.model_dump() for entry in shown.event.attachments if entry.kind == "recording"]


def _twice(uuid: str) -> str:
    return quote(quote(uuid, safe=""), safe="")


def _profile(old: str, new: str) -> str:
    text = (CONFIG / "profiles" / "default.toml").read_text("utf-8")
    assert old in text
    return text.replace(old, new)


def test_link_that_our_own_database_did_not_take_is_written_at_the_next_attempt(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was done: the next attempt has nothing to look for, and does not wait for a deadline."""
    errors = iter([TemporaryError("The database did not answer: database is locked.")])
    save = publications.save_publication

    def fail_once(*given: Any) -> None:
        for error in errors:
            raise error
        save(*given)

    monkeypatch.setattr(publications, "save_publication", fail_once)
    held(service)
    service.later(timedelta(seconds=5))

    assert service.published() == [ADDRESS]
