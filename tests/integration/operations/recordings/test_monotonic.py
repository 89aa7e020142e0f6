"""A published recording stays: no answer of Zoom blanks it, Zoom must confirm a removal, and changes are followed.

The tests look as a visitor does: at the event's page over HTTP, and at where its recording leads.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.builders import ACCOUNT, EVENT_ID, HOST
from tests.integration.operations.recordings.test_fetch import RECORDINGS, SWEEP, held
from tests.integration.served import Served, visit_pages
from tests.integration.service import SHARING, Service
from zoom_ops.operations.views.alerts import show_alerts
from zoom_ops.zoom.endpoints import GET_RECORDING

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NONE = {"do": "http", "status": 404, "code": 3301, "message": "There is no recording for this meeting."}


@pytest.fixture
def served(service: Service) -> Iterator[Served]:
    """The pages of a service whose recording is published."""
    held(service, transcript=True)
    with visit_pages(service) as pages:
        yield pages


def link(service: Service) -> str:
    """Return where the only recording plays, by Zoom's own answer."""
    recording = genuine(service)
    return f"{recording['share_url']}?pwd={quote(recording['recording_play_passcode'], safe='')}"


def genuine(service: Service) -> dict[str, Any]:
    """Return Zoom's answer about the only recording."""
    (recording,) = service.zoom.state()["recordings"]
    return dict(service.zoom.call("GET", f"/meetings/{twice(recording['uuid'])}/recordings"))


def ask_in_every_way(service: Service) -> None:
    """Have the recording fetched again: by a notification, by hand and by the sweep."""
    (recording,) = service.zoom.state()["recordings"]
    service.tell("recording.completed", {"id": recording["id"], "uuid": recording["uuid"], "type": 5})
    service.settle()
    service.ask("fetch_recordings", EVENT_ID)
    service.clock.advance(HOUR)
    service.tick("fetch_recordings")
    service.settle()


BAD: dict[str, Any] = {
    "no files": {"recording_files": []},
    "no list of files": {"recording_files": None},
    "files of another type": {"recording_files": "none"},
    "files that are none": {"recording_files": [None, 7, {}]},
    "no share link": {"share_url": None},
    "a share link of another type": {"share_url": ["x"]},
    "an empty share link": {"share_url": ""},
    "no passcode for links": {"recording_play_passcode": None},
    "passcodes of another type": {"recording_play_passcode": {}, "password": 7},
    "empty passcodes": {"recording_play_passcode": "", "password": ""},
    "no uuid": {"uuid": None},
    "another's uuid": {"uuid": "bm90IHRoZSBzYW1lIQ==", "share_url": "https://zoom.example.org/rec/share/another"},
    "no start and length": {"start_time": None, "duration": None},
}


WITHOUT: tuple[dict[str, Any], ...] = (
    {"body": {}},
    {"body": {"code": 0, "message": ""}},
    {"body": {"code": 200, "message": "No permission."}},
    {"status": 404, "body": {"message": "no route"}},
    {"status": 404, "code": 1010, "message": "User does not belong to this account."},
    {"status": 404, "code": 3001, "message": "Meeting does not exist."},
    {"status": 404, "code": 3301, "message": "There is no recording for this meeting."},
    {"status": 503},
)


def test_answer_that_lacks_something_blanks_nothing(service: Service, served: Served) -> None:
    published, page = link(service), stable_page(served)
    answer = genuine(service)

    for lack, changes in BAD.items():
        service.zoom.fault(RECORDINGS, "http", status=200, body=answer | changes, times=None)
        ask_in_every_way(service)

        assert served.leads_to() == published, lack
        assert stable_page(served) == page, lack
        service.zoom.mend()


def test_answer_without_a_recording_blanks_nothing(service: Service, served: Served) -> None:
    published = link(service)

    for answer in WITHOUT:
        for call in (RECORDINGS, SWEEP):
            service.zoom.fault(call, "http", **{"status": 200, **answer}, times=None)
        ask_in_every_way(service)

        assert served.leads_to() == published, answer
        service.zoom.mend()


def test_recording_that_is_processed_once_more_stays_published(service: Service, served: Served) -> None:
    published, again = link(service), genuine(service)
    again["recording_files"] = [file | {"status": "processing"} for file in again["recording_files"]]
    service.zoom.fault(RECORDINGS, "http", status=200, body=again | {"share_url": ""}, times=None)

    ask_in_every_way(service)

    assert served.leads_to() == published
    assert {entry["state"] for entry in service.shown()["recordings"]} == {"published"}


@pytest.mark.parametrize("notified", [True, False], ids=["told of", "found by the sweep"])
def test_changed_passcode_is_followed(service: Service, served: Served, notified: bool) -> None:
    before = link(service)
    (recording,) = service.zoom.state()["recordings"]
    service.stop_hearing()
    service.zoom.call("PATCH", f"/meetings/{twice(recording['uuid'])}/recordings/settings", {"password": "N3w&tide!"})

    follow(service, notified)

    assert served.leads_to() == link(service) != before


@pytest.mark.parametrize("notified", [True, False], ids=["told of", "found by the sweep"])
def test_changed_share_link_is_followed(service: Service, served: Served, notified: bool) -> None:
    before, after = link(service), genuine(service) | {"share_url": "https://zoom.example.org/rec/share/anew"}
    service.stop_hearing()
    service.zoom.fault(RECORDINGS, "http", status=200, body=after, times=None)
    listed = {name: value for name, value in after.items() if name != "password"}
    service.zoom.fault(SWEEP, "http", status=200, body={"meetings": [listed]}, times=None)

    follow(service, notified)

    assert served.leads_to().startswith("https://zoom.example.org/rec/share/anew?pwd=")
    assert not before.startswith("https://zoom.example.org")


@pytest.mark.parametrize("days", [1, 29])
def test_change_long_after_the_event_is_found_once_a_day(service: Service, served: Served, days: int) -> None:
    service.stop_hearing()
    service.clock.advance(days * DAY)
    service.tick("fetch_recordings")
    service.settle()
    (recording,) = service.zoom.state()["recordings"]
    service.zoom.call("PATCH", f"/meetings/{twice(recording['uuid'])}/recordings/settings", {"password": "N3w&tide!"})

    service.later(DAY - HOUR)
    with service.calls() as calls:
        for _ in range(4):
            service.clock.advance(HOUR / 2)
            service.tick("fetch_recordings")
            service.settle()

    assert served.leads_to() == link(service)
    assert calls.count(RECORDINGS) == 1


def test_passcode_without_its_form_for_links_is_shown_rather_than_an_old_one(service: Service, served: Served) -> None:
    answer = genuine(service) | {"password": "N3w&tide!"}
    del answer["recording_play_passcode"]
    service.zoom.fault(RECORDINGS, "http", status=200, body=answer, times=None)

    ask_in_every_way(service)

    assert "N3w&amp;tide!" in served.recording().text


def test_single_file_that_is_deleted_is_not_the_whole(service: Service, served: Served) -> None:
    published, answer = link(service), genuine(service)
    chat = next(file for file in answer["recording_files"] if file["file_type"] == "CHAT")

    service.zoom.call("DELETE", f"/meetings/{twice(answer['uuid'])}/recordings/{chat['id']}?action=delete")
    service.settle()

    assert served.leads_to() == published
    assert "CHAT" not in {file["kind"] for file in service.shown()["recordings"][0]["files"]}


@pytest.mark.parametrize("fault", [{"do": "html"}, {"do": "http", "status": 500}, {"do": "reset"}], ids=str)
def test_removal_counts_only_once_zoom_confirms_it(service: Service, served: Served, fault: dict[str, Any]) -> None:
    published = link(service)
    service.zoom.fault(RECORDINGS, times=None, **fault)
    trash(service)
    service.settle()
    unconfirmed = served.leads_to()

    service.zoom.mend()
    service.later(HOUR)

    assert unconfirmed == published
    assert served.recording().status_code == 404
    assert "recording_withdrawn" in service.happened()


@pytest.mark.parametrize("notified", [True, False], ids=["told of", "found by the sweep"])
@pytest.mark.parametrize("days", [29], ids=lambda days: f"{days} days later")
def test_recovered_recording_is_published_again(service: Service, served: Served, notified: bool, days: int) -> None:
    trash(service)
    service.settle()
    withdrawn = served.recording().status_code
    service.clock.advance(days * DAY)
    if not notified:
        service.stop_hearing()

    recover(service)
    service.settle()
    service.clock.advance(DAY)
    service.tick()
    service.settle()

    assert withdrawn == 404
    assert served.leads_to() == link(service)


def test_recording_trashed_weeks_after_the_event_is_found_again_without_a_word(
    service: Service, served: Served
) -> None:
    service.clock.advance(60 * DAY)
    trash(service)
    service.settle()
    service.stop_hearing()
    recover(service)

    with service.calls() as calls:
        for _ in range(3):
            service.clock.advance(DAY)
            service.tick()
            service.settle()

    assert served.leads_to() == link(service)
    assert calls == [RECORDINGS, SHARING]


def test_word_of_a_removal_before_any_other_is_believed_and_not_waited_on(service: Service) -> None:
    held(service, tell=False)
    (recording,) = service.zoom.state()["recordings"]
    trash(service)
    recording_object = {"id": recording["id"], "uuid": recording["uuid"], "type": 5}
    service.tell("recording.trashed", recording_object)
    service.settle()
    service.tell("recording.completed", recording_object)
    service.settle()

    assert service.run("fetch_recordings")["state"] == "done"
    assert service.shown()["recordings"][0]["state"] == "trashed"


def test_word_of_a_recovery_that_comes_before_that_of_the_removal_ends_as_zoom_has_it(
    service: Service, served: Served
) -> None:
    published = link(service)
    recording_object = {"id": service.zoom.webinar()["id"], "uuid": genuine(service)["uuid"], "type": 5}
    service.stop_hearing()
    trash(service)
    recover(service)

    for kind in ("recording.recovered", "recording.trashed"):
        service.tell(kind, recording_object)
        service.settle()

    assert served.leads_to() == published


def test_recovery_that_shows_late_is_waited_for(service: Service, served: Served) -> None:
    trash(service)
    service.settle()
    service.zoom.fault(RECORDINGS, **NONE)

    recover(service)
    service.settle()
    waiting = service.run("fetch_recordings")["state"], served.recording().status_code
    service.later(HOUR)

    assert waiting == ("waiting", 404)
    assert served.leads_to() == link(service)


def test_list_that_is_empty_by_mistake_alerts_nobody(service: Service, served: Served) -> None:
    service.zoom.fault(SWEEP, "http", status=200, body={"meetings": []}, times=None)
    service.clock.advance(HOUR)
    service.tick("fetch_recordings")
    service.settle()

    assert alerts(service) == []


def test_one_recording_that_cannot_be_had_holds_the_other_not_up(service: Service) -> None:
    held(service, tell=False, parts=2)
    first = service.zoom.state()["recordings"][0]["uuid"]
    service.zoom.fault(f"GET {GET_RECORDING.fill({'uuid': first})}", "html", times=None)

    service.tick("fetch_recordings")
    service.settle()

    assert len(service.published()) == 1
    assert service.run("fetch_recordings", f"{ACCOUNT}/{HOST}", kind="host")["state"] == "retrying"


def test_publishing_is_asked_for_once(service: Service) -> None:
    held(service)

    assert [run.rung for run in service.runs() if run.job == "publish_recordings"] == [1]


def alerts(service: Service) -> list[str]:
    return [alert["sentence"] for alert in show_alerts(service.context.database)]


def follow(service: Service, notified: bool) -> None:
    if notified:
        (recording,) = service.zoom.state()["recordings"]
        service.tell("recording.completed", {"id": recording["id"], "uuid": recording["uuid"], "type": 5})
    else:
        service.clock.advance(HOUR)
        service.tick("fetch_recordings")
    service.settle()


def trash(service: Service, action: str = "trash") -> None:
    (recording,) = service.zoom.state()["recordings"]
    service.zoom.call("DELETE", f"/meetings/{twice(recording['uuid'])}/recordings?action={action}")


def recover(service: Service) -> None:
    (recording,) = service.zoom.state()["recordings"]
    service.zoom.call("PUT", f"/meetings/{twice(recording['uuid'])}/recordings/status", {"action": "recover"})


def twice(uuid: str) -> str:
    return quote(quote(uuid, safe=""), safe="")


def stable_page(served: Served) -> str:
    """Return the page without the time of its next update, which moves with the clock."""
    return re.sub(r' data-updates-at="[^"]*"', "", served.page())
