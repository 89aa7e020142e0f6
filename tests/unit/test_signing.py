"""A signature is genuine if one of the secrets made it lately, over this id, time and body."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from tests.standard_webhooks import signed as signed_by_hand
from zoom_ops.signing import TOLERANCE, is_bearer, is_genuine, parse_signed, sign

SECRET = "whsec_dGlkZXdhdGVyLWhvb2stc2VjcmV0LW9mLXRlc3Rz"
OTHER = "whsec_dGlkZXdhdGVyLWhvb2stc2VjcmV0LW9mLW90aGVy"
NOW = datetime(2027, 3, 31, 8, 30, tzinfo=UTC)
BODY = b'{"page": "Caf\xc3\xa9"}'


def headers(*secrets: str, at: datetime = NOW, body: bytes = BODY) -> dict[str, str]:
    """Sign a body as the library of the specification does."""
    signatures = " ".join(Webhook(secret).sign("msg_1", at, body.decode()) for secret in secrets)
    return {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signatures}


def accepts(sent: dict[str, str], body: bytes = BODY, secrets: tuple[str, ...] = (SECRET,)) -> bool:
    signed = parse_signed(sent, NOW)
    return signed is not None and is_genuine(signed, body, secrets)


def test_example_of_the_specification_is_signed_as_it_says() -> None:
    """The example that the libraries of Standard Webhooks are tested with."""
    secret, message, at_s = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
    body, signature = '{"test": 2432232314}', "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    assert sign(secret, message, datetime.fromtimestamp(at_s, UTC), body) == signature
    assert signed_by_hand(secret, message, at_s, body.encode())["webhook-signature"] == signature


@pytest.mark.parametrize(
    ("signing", "known"),
    [((SECRET,), (SECRET,)), ((OTHER, SECRET), (SECRET,)), ((SECRET,), (OTHER, SECRET)), ((OTHER,), (OTHER, SECRET))],
)
def test_signature_by_one_of_the_secrets_is_genuine(signing: tuple[str, ...], known: tuple[str, ...]) -> None:
    assert accepts(headers(*signing), secrets=known)


@pytest.mark.parametrize("late", [-TOLERANCE, TOLERANCE])
def test_clock_of_the_sender_may_be_off(late: timedelta) -> None:
    assert accepts(headers(SECRET, at=NOW + late))
    assert not accepts(headers(SECRET, at=NOW + late * 1.01))


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook-timestamp": "0" + str(int(NOW.timestamp()))},
        {"webhook-timestamp": f"{NOW.timestamp()}"},
        {"webhook-timestamp": "99999999999999999999"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": ""},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v2," + Webhook(SECRET).sign("msg_1", NOW, BODY.decode())[3:]},
        {"webhook-signature": " ".join(["v1,\xff"] * 10 + [Webhook(SECRET).sign("msg_1", NOW, BODY.decode())])},
    ],
)
def test_other_headers_are_not_genuine(change: dict[str, str]) -> None:
    assert not accepts(headers(SECRET) | change)


@pytest.mark.parametrize("body", [b"", BODY + b" ", b"\xff"])
def test_other_body_is_not_genuine(body: bytes) -> None:
    assert not accepts(headers(SECRET), body)


def test_other_secret_is_not_genuine() -> None:
    assert not accepts(headers(OTHER))
    assert not accepts(headers(SECRET), secrets=())


@pytest.mark.parametrize(
    ("shown", "right"),
    [
        (f"Bearer {SECRET}", True),
        (f"bearer  {SECRET}", True),
        (f"Basic {SECRET}", False),
        (SECRET, False),
        (f"Bearer {SECRET[:-1]}", False),
        (f"Bearer {SECRET}=", False),
        ("Bearer \xff", False),
        ("Bearer", False),
        ("", False),
    ],
)
def test_bearer_shows_the_whole_secret(shown: str, right: bool) -> None:
    assert is_bearer({"authorization": shown}, (OTHER, SECRET)) is right
