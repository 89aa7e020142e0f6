"""Webhooks to other systems: their signatures, their content, and their retries."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW
from zoom_ops.happenings import KINDS, kind_of
from zoom_ops.outgoing import ATTEMPTS, Message, Webhook, new_message_id, next_attempt, sign
from zoom_ops.transport import retry_after

SECRET = f"whsec_{b64encode(b'tidewater-tidewater-tide').decode()}"
WEBHOOK = Webhook(name="cms", url="https://me:s3cret@cms.example.org/", secrets=(SECRET,))
MESSAGE = Message(id="msg_1", kind="recording.published", at=NOW, content={"event": {"name": "Sjö—潮"}})


def test_message_says_what_happened_when() -> None:
    assert json.loads(MESSAGE.body) == {
        "type": "recording.published",
        "timestamp": "2040-01-24T12:00:00.000Z",
        "data": {"event": {"name": "Sjö—潮"}},
    }
    assert "潮" in MESSAGE.body  # not escaped


def test_signature_is_the_one_that_the_specification_gives() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    webhook = Webhook(name="cms", url="https://cms.example.org/", secrets=(secret,))
    at = datetime.fromtimestamp(1614265330, UTC)

    class AsGiven(Message):
        @property
        def body(self) -> str:
            return '{"test": 2432232314}'

    message = AsGiven(id="msg_p5jXN8AQM9LWM0D4loKWxJek", kind="test", at=at, content={})

    assert sign(webhook, message, at) == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_id_parts_nothing_that_is_signed() -> None:
    ids = {new_message_id() for _ in range(100)}

    assert len(ids) == 100
    assert all(message_id.startswith("msg_") and "." not in message_id and len(message_id) <= 40 for message_id in ids)


def test_secrets_and_contents_are_not_shown() -> None:
    shown = f"{WEBHOOK!r} {MESSAGE!r}"

    assert [hidden for hidden in (SECRET, "s3cret", "潮") if hidden in shown] == []


def test_timeline_tells_others_only_what_is_their_business() -> None:
    assert kind_of("recording_published") in KINDS
    assert [kind_of(what) for what in ("approved", "people_matched", "panelists_seated", "webinar_gone")] == [None] * 4


@given(attempts=st.integers(1, ATTEMPTS - 1), chance=st.floats(0, 1), asked_s=st.none() | st.integers(1, 86_400))
def test_next_attempt_comes_as_late_as_planned_and_as_asked_for(
    attempts: int, chance: float, asked_s: int | None
) -> None:
    asked_for = None if asked_s is None else NOW + timedelta(seconds=asked_s)

    moment = next_attempt(attempts, NOW, asked_for, lambda: chance)

    planned = next_attempt(attempts, NOW, None, lambda: 0)
    assert moment is not None
    assert planned is not None
    assert moment >= max(planned, asked_for or planned)
    assert moment - NOW <= max((planned - NOW) * 1.1, timedelta(days=1))


def test_schedule_is_the_one_that_the_specification_gives() -> None:
    at, times = NOW, []
    for attempts in range(1, ATTEMPTS):
        at = next_attempt(attempts, at, None, lambda: 0) or at
        times.append(str(at - NOW))

    assert times == [
        "0:00:05",
        "0:05:05",
        "0:35:05",
        "2:35:05",
        "7:35:05",
        "17:35:05",
        "1 day, 7:35:05",
        "2 days, 3:35:05",
        "3 days, 3:35:05",
    ]
    assert next_attempt(ATTEMPTS, NOW, NOW + timedelta(hours=1), lambda: 0) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("7", NOW + timedelta(seconds=7)),
        (" 7 ", NOW + timedelta(seconds=7)),
        ("Tue, 24 Jan 2040 12:01:00 GMT", NOW + timedelta(minutes=1)),
        ("9" * 5_000, NOW + timedelta(days=1)),
        ("Tue, 24 Jan 2039 12:01:00 GMT", None),
        ("²", None),
        ("-5", None),
        ("0", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, expected: datetime | None) -> None:
    assert retry_after(header, NOW) == expected
