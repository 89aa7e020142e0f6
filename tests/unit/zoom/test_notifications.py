"""Notifications: their signature and their content."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW, START, UUID, WEBINAR_ID
from zoom_ops.zoom import answer_validation, find_secret, parse
from zoom_ops.zoom.notifications import MOST_UUIDS

SECRET = "tide-table-secret"
TIMESTAMP = str(int(NOW.timestamp()))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
_OBJECT_KEYS = ("id", "uuid", "type", "start_time", "end_time", "settings", "old_object", "meetings", "meeting_uuids")


def sign(body: bytes, secret: str = SECRET, timestamp: str = TIMESTAMP) -> dict[str, str]:
    """Sign a body as Zoom does."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"x-zm-signature": f"v0={digest}", "x-zm-request-timestamp": timestamp, "x-zm-request-id": "request-1"}


def a_body(kind: str, thing: dict[str, Any], **payload: Any) -> bytes:
    """Write a notification's body."""
    envelope = {
        "event": kind,
        "event_ts": int(NOW.timestamp() * 1000),
        "payload": {"account_id": "harbour-account", "object": thing, **payload},
    }
    return json.dumps(envelope).encode()


def test_signature_is_over_the_raw_bytes() -> None:
    body = b'{"event": "webinar.ended",\n "payload": {"name": "Tom\\u00e1s"}}'  # spaces and escapes

    assert find_secret([SECRET], sign(body), body) is not None


def test_signature_is_known_from_a_computed_value() -> None:
    headers = {
        "x-zm-request-timestamp": "1700000000",
        "x-zm-signature": "v0=" + hmac.new(b"s", b"v0:1700000000:{}", "sha256").hexdigest(),
    }

    assert find_secret(["s"], headers, b"{}") is not None


def test_signature_by_any_of_several_secrets_fits() -> None:
    body = a_body("webinar.started", {"id": WEBINAR_ID})

    assert find_secret(["old", SECRET], sign(body), body) == SECRET


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-zm-signature": "v0=", "x-zm-request-timestamp": TIMESTAMP},
        {"x-zm-signature": "v0=naïve", "x-zm-request-timestamp": TIMESTAMP},
        sign(b"another body"),
        sign(b"{}", secret="another secret"),
        {**sign(b"{}"), "x-zm-request-timestamp": "1"},
    ],
    ids=["none", "empty", "not ASCII", "other body", "other secret", "other time"],
)
def test_signature_that_does_not_fit_is_refused(headers: dict[str, str]) -> None:
    assert find_secret([SECRET], headers, b"{}") is None


def test_signature_fits_no_empty_secret() -> None:
    body = b"{}"

    assert find_secret(["", ""], sign(body, secret=""), body) is None
    assert find_secret([], sign(body), body) is None


def test_headers_are_found_in_any_case() -> None:
    body = b"{}"

    assert find_secret([SECRET], {name.title(): value for name, value in sign(body).items()}, body) is not None


def test_validation_is_answered_with_both_tokens() -> None:
    body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}})

    assert answer_validation(SECRET, body.encode()) == {
        "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
        "encryptedToken": hmac.new(SECRET.encode(), b"qgg8vlvZRS6UYooatFL8Aw", "sha256").hexdigest(),
    }


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"event": "webinar.started"}'])
def test_validation_of_another_body_is_none(body: bytes) -> None:
    assert answer_validation(SECRET, body) is None


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"7", b"\xff\xfe", b"{}", b'{"event": 0.5}', b"[" * 99_999])
def test_parse_of_what_is_no_notification_is_none(body: bytes) -> None:
    assert parse({}, body) is None


def test_parse_of_a_change_tells_only_what_is_there() -> None:
    body = a_body(
        "webinar.updated",
        {
            "id": WEBINAR_ID,
            "topic": "Tides of Tomorrow\u200b",
            "start_time": "2040-01-31T13:30:00Z",
            "settings": {"question_and_answer": {"enable": True}},
        },
        old_object={"id": WEBINAR_ID, "topic": "Tides", "password": "was-secret"},
    )

    notification = parse(sign(body), body)

    assert notification is not None
    assert (notification.kind, notification.webinar_id, notification.request_id) == (
        "webinar.updated",
        WEBINAR_ID,
        "request-1",
    )
    assert notification.occurred_at == NOW
    assert notification.fields == {
        "topic": "Tides of Tomorrow",
        "start": "2040-01-31T13:30:00Z",
        "settings.question_and_answer.enable": True,
    }
    assert "secret" not in repr(notification)


@pytest.mark.parametrize("given_id", [WEBINAR_ID, str(WEBINAR_ID), float(WEBINAR_ID), "812 3456 7890"])
def test_parse_reads_the_id_however_it_is_written(given_id: object) -> None:
    body = a_body("webinar.ended", {"id": given_id, "uuid": UUID, "practice_session": True, "type": "5"})

    notification = parse({}, body)

    assert notification is not None
    assert (notification.webinar_id, notification.uuid, notification.webinar_type, notification.practice) == (
        WEBINAR_ID,
        UUID,
        5,
        True,
    )


def test_parse_reads_start_and_end() -> None:
    body = a_body("webinar.ended", {"start_time": "2040-01-31T13:30:00Z", "end_time": "2040-01-31T13:30:00+00:00"})

    notification = parse({}, body)

    assert notification is not None
    assert (notification.start, notification.end) == (START, START)


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("recording.batch_trashed", {"meeting_uuids": [UUID, "/b//c=="]}),
        ("recording.batch_deleted", {"meetings": [{"meeting_uuid": UUID}, {"meeting_uuid": "/b//c=="}, None]}),
    ],
)
def test_parse_of_a_batch_tells_every_uuid(kind: str, thing: dict[str, Any]) -> None:
    notification = parse({}, a_body(kind, thing))

    assert notification is not None
    assert notification.uuids == (UUID, "/b//c==")


@pytest.mark.parametrize(("padding", "most"), [(0, MOST_UUIDS), (900_000, 17)])
def test_batch_is_stored_with_few_bodies(padding: int, most: int) -> None:
    thing = {"meeting_uuids": [str(number) for number in range(1_000)], "topic": "x" * padding}

    notification = parse({}, a_body("recording.batch_trashed", thing))

    assert notification is not None
    assert notification.uuids == tuple(map(str, range(most)))
    assert notification.left_out == 1_000 - most


def test_notification_whose_values_take_too_much_memory_is_none() -> None:
    assert parse({}, b'{"event":"webinar.updated","payload":[' + b"{}," * 300_000 + b"0]}") is None


@given(
    payload=json_values | st.fixed_dictionaries({"object": st.dictionaries(st.sampled_from(_OBJECT_KEYS), json_values)})
)
def test_parse_survives_anything_that_is_json(payload: Any) -> None:
    body = json.dumps({"event": "webinar.updated", "event_ts": 10**400, "payload": payload}).encode()

    notification = parse({"x-zm-request-timestamp": "9" * 40}, body)

    assert notification is not None
    assert notification.kind == "webinar.updated"
    assert isinstance(notification.fields, dict)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (85, 85),
        (99.7, 99),
        ("85", 85),
        (" 100% ", 100),
        (140, 140),
        (-1, None),
        (True, None),
        (None, None),
        ("much", None),
    ],
)
def test_storage_is_parsed_leniently(share: Any, expected: int | None) -> None:
    usage = {"storage_used_percentage": share, "storage_used": "9.6 GB", "plan_storage": "10 GB", "storage_exceed": "0"}

    notification = parse({}, a_body("recording.cloud_storage_usage_updated", usage))

    assert notification is not None
    assert (notification.storage.used_percentage if notification.storage else None) == expected
    assert notification.storage is None or (notification.storage.used, notification.storage.told_at) == ("9.6 GB", NOW)


def test_other_notifications_say_nothing_of_storage() -> None:
    notification = parse({}, a_body("recording.completed", {"storage_used_percentage": 100, "uuid": UUID}))

    assert notification is not None
    assert notification.storage is None
