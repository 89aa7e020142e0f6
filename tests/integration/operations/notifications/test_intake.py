"""Notifications: a genuine one is stored and rings the jobs of its event, once. Any other changes nothing."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from tests.builders import ACCOUNT, BASE_URL, END, EVENT_ID, START, an_event
from tests.integration.service import DELETE, WEBHOOK_SECRET, MakeService, Service, sign, take
from zoom_ops.engine.runs import JUST_HAPPENED, due
from zoom_ops.operations.metrics import registry
from zoom_ops.operations.notifications.intake import refuse_early
from zoom_ops.store.recordings import is_live, load_held, load_instances
from zoom_ops.store.tables import notification
from zoom_ops.zoom.notifications import KNOWN_KINDS

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
UUID = "4y5M2wqRTk6kGmWZ/Xh0vQ=="
COMPLETED = "recording.completed"


def stored(service: Service) -> list[tuple[str, str, str | None]]:
    """List the stored notifications: kind, state, event."""
    with service.app.database.read() as connection:
        query = select(notification.c.kind, notification.c.state, notification.c.event_id)
        return [tuple(row) for row in connection.execute(query.order_by(notification.c.id))]


def count_notifications(outcome: str) -> float:
    """Return the number of notifications with this outcome as `/metrics` shows it."""
    return registry.get_sample_value("zoom_ops_notifications_total", {"outcome": outcome}) or 0.0


@contextmanager
def renamed(service: Service, table: str) -> Iterator[None]:
    """Rename a table in the block."""
    with service.app.database.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO hidden"))
    yield
    with service.app.database.begin() as connection:
        connection.execute(text(f"ALTER TABLE hidden RENAME TO {table}"))


def created(service: Service) -> dict[str, Any]:
    """Create the event's webinar, stop hearing, and return what a notification says of the webinar."""
    service.add()
    service.settle()
    service.stop_hearing()
    return {"id": service.zoom.webinar()["id"], "uuid": UUID, "type": 5}


def test_notification_is_stored_with_the_run_that_it_rings(service: Service) -> None:
    webinar = created(service)
    before = len(service.runs())

    intake = service.tell(COMPLETED, webinar)

    assert intake.status == 204
    assert stored(service)[-1] == (COMPLETED, "new", EVENT_ID)
    (rung,) = service.runs()[: len(service.runs()) - before]
    assert (rung.job, rung.subject.id, rung.account) == ("fetch_recordings", EVENT_ID, ACCOUNT)


def test_what_zoom_tells_of_goes_before_what_turns_ask_for(service: Service) -> None:
    webinar = created(service)
    service.clock.advance(END + HOUR - service.clock.now())
    service.tick("fetch_recordings", "report_missing_recordings")

    service.tell(COMPLETED, webinar)

    with service.app.database.read() as connection:
        first, *others = due(connection, service.app.database.now(connection), 10)
    assert (first.subject.kind, first.priority) == ("event", JUST_HAPPENED)
    assert {run.priority for run in others} == {0}
    assert len(others) == 2


def test_notification_lies_encrypted(service: Service) -> None:
    webinar = created(service)

    service.tell(COMPLETED, webinar | {"password": "tidewater", "topic": "Tides"})

    with service.app.database.read() as connection:
        body = connection.execute(select(notification.c.body).order_by(notification.c.id.desc())).scalars().first()
    assert b"tidewater" not in (body or b"")


def test_webinar_id_is_known_as_number_and_as_text(service: Service) -> None:
    webinar = created(service)

    service.tell(COMPLETED, webinar | {"id": str(webinar["id"])})

    assert stored(service)[-1] == (COMPLETED, "new", EVENT_ID)


def test_bad_signature_is_refused_and_nothing_stored(service: Service) -> None:
    webinar = created(service)
    before = stored(service)

    wrong = service.tell(COMPLETED, webinar, secret="another")
    missing = take(service.app, ACCOUNT, {}, b"{}")

    assert (wrong.status, missing.status) == (401, 401)
    assert stored(service) == before


def test_either_secret_fits_while_it_is_changed(make_service: MakeService) -> None:
    name = f"ZOOM_OPS_ACCOUNTS__{ACCOUNT.upper()}__WEBHOOK_SECRET"
    service = make_service(settings={name: json.dumps(["the-new-one", WEBHOOK_SECRET])})
    webinar = created(service)

    old = service.tell(COMPLETED, webinar)
    new = service.tell(COMPLETED, webinar | {"uuid": "another"}, secret="the-new-one")

    assert (old.status, new.status) == (204, 204)
    assert [kind for kind, *_ in stored(service)[-2:]] == [COMPLETED, COMPLETED]


def test_unknown_account_is_not_found(service: Service) -> None:
    assert service.tell(COMPLETED, {}, account="nobody").status == 404
    assert stored(service) == []


def test_address_is_validated(service: Service) -> None:
    body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}})
    stamp = str(int(service.clock.now().timestamp()))

    intake = take(service.app, ACCOUNT, *sign(body.encode(), stamp, secret=WEBHOOK_SECRET))

    assert intake.status == 200
    assert intake.reply is not None
    assert intake.reply["plainToken"] == "qgg8vlvZRS6UYooatFL8Aw"
    assert len(str(intake.reply["encryptedToken"])) == 64
    assert stored(service) == []


def test_same_body_is_stored_once(service: Service) -> None:
    created(service)
    body = json.dumps({"event": COMPLETED, "event_ts": 1, "payload": {"object": {"id": 1, "type": 5}}}).encode()
    stamp = str(int(service.clock.now().timestamp()))
    before, runs = len(stored(service)), len(service.runs())

    answers = {take(service.app, ACCOUNT, *sign(body, stamp)).status for _ in range(3)}

    assert answers == {204}
    assert len(stored(service)) == before + 1
    assert len(service.runs()) == runs


def test_same_request_is_stored_once(service: Service) -> None:
    webinar = created(service)
    service.tell(COMPLETED, webinar, request_id="request-1")
    before, replays = stored(service), count_notifications("replayed")
    service.clock.advance(HOUR)

    again = service.tell(COMPLETED, webinar | {"topic": "Told again, in other bytes"}, request_id="request-1")

    assert again.status == 204
    assert stored(service) == before
    assert count_notifications("replayed") == replays + 1


def test_same_body_at_once_is_stored_once(service: Service) -> None:
    created(service)
    body = json.dumps({"event": COMPLETED, "event_ts": 1, "payload": {"object": {"id": 1, "type": 5}}}).encode()
    signed = sign(body, str(int(service.clock.now().timestamp())), request_id="request-1")
    before = len(stored(service))
    together = [threading.Thread(target=take, args=(service.app, ACCOUNT, *signed)) for _ in range(6)]

    for thread in together:
        thread.start()
    for thread in together:
        thread.join()

    assert len(stored(service)) == before + 1


@pytest.mark.parametrize("hours", [-25, 25])
def test_notification_of_another_day_is_refused_and_counted(service: Service, hours: int) -> None:
    webinar = created(service)
    before, stale = stored(service), count_notifications("stale")
    body = json.dumps({"event": COMPLETED, "event_ts": 1, "payload": {"object": webinar}}).encode()
    signed_at = str(int((service.clock.now() + timedelta(hours=hours)).timestamp()))

    intake = take(service.app, ACCOUNT, *sign(body, signed_at))

    assert intake.status == 401
    assert stored(service) == before
    assert count_notifications("stale") == stale + 1


HEADS: dict[str, tuple[str, dict[str, str], int | None]] = {
    "plausible": (ACCOUNT, {}, None),
    "unknown account": ("nobody", {}, 404),
    "no signature": (ACCOUNT, {"x-zm-signature": ""}, 401),
    "short signature": (ACCOUNT, {"x-zm-signature": "v0=abc"}, 401),
    "longer signature": (ACCOUNT, {"x-zm-signature": "v0=" + "a" * 65}, 401),
    "no time": (ACCOUNT, {"x-zm-request-timestamp": ""}, 401),
    "no number": (ACCOUNT, {"x-zm-request-timestamp": "soon"}, 401),
    "long ago": (ACCOUNT, {"x-zm-request-timestamp": "1"}, 401),
    "far ahead": (ACCOUNT, {"x-zm-request-timestamp": "9" * 12}, 401),
}


@pytest.mark.parametrize("head", HEADS)
def test_head_alone_tells_what_cannot_be_genuine(service: Service, head: str) -> None:
    account, changes, status = HEADS[head]
    headers = sign(b"another body", str(int(service.clock.now().timestamp())))[0] | changes

    refused = refuse_early(service.context, account, headers)

    assert (refused.status if refused else None) == status


def test_recording_of_a_meeting_is_ignored(service: Service) -> None:
    webinar = created(service)
    before = stored(service)

    other = webinar | {"id": int(webinar["id"]) + 1, "uuid": "bWVldGluZw=="}
    answers = [service.tell(COMPLETED, other | {"type": kind}).status for kind in (1, 2, 3, 8, "8")]

    assert set(answers) == {204}
    assert stored(service) == before


def test_recording_of_a_webinar_that_was_made_a_meeting_counts(service: Service) -> None:
    webinar = created(service)

    for kind in (2, 3, "8"):
        service.tell(COMPLETED, webinar | {"type": kind})

    assert stored(service)[-3:] == [(COMPLETED, "new", EVENT_ID)] * 3


def test_recording_of_a_webinar_counts_whatever_its_type(service: Service) -> None:
    webinar = created(service)

    for kind in (5, 6, 9, "5"):
        service.tell(COMPLETED, webinar | {"type": kind})

    assert stored(service)[-4:] == [(COMPLETED, "new", EVENT_ID)] * 4


def test_unknown_kind_is_ignored(service: Service) -> None:
    webinar = created(service)
    before, counted = stored(service), count_notifications("unknown_kind")

    assert service.tell("webinar.registration_created", webinar).status == 204
    assert stored(service) == before
    assert count_notifications("unknown_kind") == counted + 1


def test_signed_nonsense_is_answered_and_ignored(service: Service) -> None:
    stamp = str(int(service.clock.now().timestamp()))
    bodies = (b"", b"not JSON", b"[1, 2]", b'{"event": 7}', b'{"payload": {}}', b"\xff\xfe")

    counted = count_notifications("not_json")

    answers = [take(service.app, ACCOUNT, *sign(body, stamp)).status for body in bodies]

    assert set(answers) == {204}
    assert count_notifications("not_json") == counted + 5  # the sixth has an unknown kind
    assert stored(service) == []


def test_unknown_webinar_rings_nobody(service: Service) -> None:
    created(service)
    runs = len(service.runs())

    service.tell("webinar.updated", {"id": 99999999999, "uuid": "another"})

    assert stored(service)[-1] == ("webinar.updated", "ignored", None)
    assert len(service.runs()) == runs


def test_batch_is_taken_as_one_notification_for_each_recording(service: Service) -> None:
    service.add(an_event(), an_event(id="other", start=START + 5 * HOUR, end=END + 5 * HOUR))
    service.settle()
    service.clock.advance(END + 6 * HOUR - service.clock.now())
    for event_id in (EVENT_ID, "other"):
        service.zoom.hold(service.shown(event_id)["webinar"]["id"])
    service.settle()
    published = [service.published(EVENT_ID), service.published("other")]
    uuids = [service.shown(event_id)["recordings"][0]["uuid"] for event_id in (EVENT_ID, "other")]
    service.zoom.fault("GET /meetings/*/recordings", "http", status=404, code=3301, message="None.", times=None)

    service.tell("recording.batch_trashed", {"meetings": [{"meeting_uuid": uuid} for uuid in uuids]})
    service.settle()

    assert published == [[f"{BASE_URL}/events/{event_id}/recording"] for event_id in (EVENT_ID, "other")]
    assert [kind for kind, *_ in stored(service)[-2:]] == ["recording.trashed", "recording.trashed"]
    assert [service.published(EVENT_ID), service.published("other")] == [[], []]


def test_start_and_end_are_noted_for_the_page(service: Service) -> None:
    webinar = created(service)

    service.tell("webinar.started", webinar | {"start_time": "2040-01-31T13:30:00Z"})
    service.tell("webinar.ended", webinar | {"end_time": "2040-01-31T14:45:00Z"})

    assert service.happened()[-2:] == ["webinar_started", "webinar_ended"]


def test_echo_of_our_own_deletion_calls_nothing(service: Service) -> None:
    service.add()
    service.settle()
    service.cancel()

    with service.calls() as calls:
        service.settle()

    assert calls == [DELETE]
    assert ("webinar.deleted", "folded", EVENT_ID) in stored(service)


def test_nothing_is_stored_where_the_run_cannot_be(service: Service) -> None:
    webinar = created(service)
    before = stored(service)

    with renamed(service, "run"), pytest.raises(Exception, match="run"):
        service.tell(COMPLETED, webinar)

    assert stored(service) == before


@pytest.mark.parametrize("kind", [7, 99, "99", "4"])
def test_recording_of_a_meeting_or_an_upload_is_counted_only(service: Service, kind: object) -> None:
    webinar = created(service)
    before, meetings = stored(service), count_notifications("meeting")

    assert service.tell(COMPLETED, webinar | {"type": kind}).status == 204

    assert stored(service) == before
    assert count_notifications("meeting") == meetings + 1


def test_old_secret_is_refused_once_it_is_taken_out(make_service: MakeService) -> None:
    name = f"ZOOM_OPS_ACCOUNTS__{ACCOUNT.upper()}__WEBHOOK_SECRET"
    service = make_service(settings={name: "the-new-one"})
    webinar = created(service)
    before = stored(service)

    old = service.tell(COMPLETED, webinar)
    new = service.tell(COMPLETED, webinar, secret="the-new-one")

    assert (old.status, new.status) == (401, 204)
    assert len(stored(service)) == len(before) + 1


def test_body_signed_for_another_moment_is_refused(service: Service) -> None:
    webinar = created(service)
    body = json.dumps({"event": COMPLETED, "event_ts": 1, "payload": {"object": webinar}}).encode()
    headers, _ = sign(body, str(int((service.clock.now() - timedelta(hours=25)).timestamp())))
    before = stored(service)

    fresh = headers | {"x-zm-request-timestamp": str(int(service.clock.now().timestamp()))}

    assert take(service.app, ACCOUNT, fresh, body).status == 401
    assert stored(service) == before


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"object": None},
        {"object": []},
        {"object": {"id": None, "uuid": None}},
        {"object": {"id": "not a number", "uuid": 7, "recording_files": "none", "type": "five"}},
        {"object": {"occurrences": [None], "old_object": {"topic": "Old"}, "start_time": 7, "practice_session": "no"}},
        {"operator": 7, "operation": ["single"], "object": {"meetings": [None, {"meeting_uuid": None}]}},
        {"object": {"meeting_uuids": ["one", None, 7], "meetings": {}}},
    ],
    ids=str,
)
def test_notification_that_breaks_its_own_schema_is_taken(service: Service, payload: dict[str, Any]) -> None:
    created(service)
    stamp = str(int(service.clock.now().timestamp()))
    kinds = (*KNOWN_KINDS, "webinar.created", "")
    bodies = [json.dumps({"event": kind, "event_ts": "soon", "payload": payload}).encode() for kind in kinds]

    answers = {take(service.app, ACCOUNT, *sign(body, stamp)).status for body in bodies}
    service.work()

    assert answers == {204}
    assert [run.state for run in service.runs() if run.state == "failed"] == []


@pytest.mark.parametrize("swapped", [False, True])
def test_practice_session_is_known_whichever_is_told_first(service: Service, swapped: bool) -> None:
    webinar = created(service)
    service.clock.advance(START - HOUR - service.clock.now())
    notifications_in_order = [
        ("webinar.started", {"start_time": "2040-01-31T12:30:00Z"}),
        ("webinar.ended", {"end_time": "2040-01-31T12:50:00Z", "practice_session": True}),
    ]

    for kind, further in reversed(notifications_in_order) if swapped else notifications_in_order:
        service.tell(kind, webinar | further)

    with service.app.database.read() as connection:
        (held,) = load_instances(connection, EVENT_ID)
        assert (held.practice, held.started_at, held.ended_at) == (True, START - HOUR, START - 40 * MINUTE)
        assert not is_live(load_held(connection, [EVENT_ID]), START - 2 * HOUR)


def test_recording_told_of_without_its_uuid_is_found(service: Service) -> None:
    service.add()
    service.settle()
    service.stop_hearing()
    service.clock.advance(END - service.clock.now())
    service.zoom.hold()

    service.tell(COMPLETED, {"id": service.zoom.webinar()["id"], "type": 5})
    service.settle()

    assert service.published() == [f"{BASE_URL}/events/{EVENT_ID}/recording"]
