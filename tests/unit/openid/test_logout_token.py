"""The checks of a token by which a provider says that somebody signed out."""

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey

from tests.provider.logout import EVENTS, make_logout_token
from zoom_ops.openid import NotProvenError, SignedOut, UnknownKeyError
from zoom_ops.openid.id_token import Expected, check_id_token
from zoom_ops.openid.logout_token import check_logout_token
from zoom_ops.openid.signed import read_keys

ISSUER = "https://id.example.org"
NOW = datetime(2040, 1, 24, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
CLAIMS = {"iss": ISSUER, "sub": "7", "sid": "s-1", "iat": SECONDS, "exp": SECONDS + 120, "jti": "t-1"}
KEY, STRANGER = ECKey.generate_key("P-256", {"kid": "rsa"}), ECKey.generate_key("P-256", {"kid": "rsa"})
UNKNOWN = ECKey.generate_key("P-256", {"kid": "next"})
SECRET = OctKey.import_key(b"s" * 32, {"kid": "rsa"})
KEYS = read_keys({"keys": [KEY.as_dict(private=False)]})
ID_TOKEN = {"iss": ISSUER, "sub": "7", "aud": "zoom-ops", "nonce": "n-1", "exp": SECONDS + 9, "iat": SECONDS}
EXPECTED = Expected(issuer=ISSUER, client_id="zoom-ops", nonce="n-1", now=NOW)
_LONE = json.dumps({**CLAIMS, "aud": "zoom-ops", "events": EVENTS, "sub": "\ud800"}).encode()  # half a character


def check(token: str) -> SignedOut:
    """Check a token now."""
    return check_logout_token(token, KEYS, issuer=ISSUER, client_id="zoom-ops", now=NOW)


def made(key: Any = KEY, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """Make a token that differs from a right one; what is None is left out."""
    return make_logout_token(key, header or {}, CLAIMS | claims)


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({}, {}),
        ({"typ": None}, {}),
        ({"typ": "JWT"}, {"exp": None}),
        ({"typ": "application/logout+jwt"}, {}),
        ({}, {"aud": ["other", "zoom-ops"]}),
        ({}, {"sid": None}),
        ({}, {"sub": None}),
        ({}, {"iat": SECONDS + 59, "events": {**EVENTS, "https://id.example.org/e": 1}}),
        ({}, {"iat": SECONDS - 659, "exp": SECONDS - 59, "what": "else"}),
        ({}, {"sid": "é 1"}),
    ],
)
def test_word_that_somebody_signed_out_is_believed(header: dict[str, Any], claims: dict[str, Any]) -> None:
    known = CLAIMS | claims

    assert check(made(header=header, **claims)) == SignedOut(
        issuer=ISSUER,
        subject=known["sub"],
        sid=known["sid"],
        token_id="t-1",
        ends=datetime.fromtimestamp(known["iat"], UTC) + timedelta(minutes=11),
    )


@pytest.mark.parametrize(
    "token",
    [
        "", "a.b.c", "é", "\ud800", "x" * 20_000, made().rpartition(".")[0] + ".",
        "eyJhbGciOiJub25lIn0." + made().split(".")[1] + ".",
        made(STRANGER), made(SECRET, {"alg": "HS256"}), made(header={"typ": "at+jwt"}),
        made(iss="https://id.example.org/"), made(iss=None), made(aud="other"), made(aud=["other"]), made(aud=None),
        made(aud={"zoom-ops": 1}), made(iat=None), made(iat=str(SECONDS)), made(iat=True), made(iat=math.inf),
        made(iat=math.nan), made(iat=SECONDS - 661), made(iat=SECONDS + 61), made(iat=10**400),
        made(exp=SECONDS - 60), made(exp="soon"), made(exp=math.nan),
        made(events=None), made(events=list(EVENTS)), made(events={next(iter(EVENTS)): True}), made(events={}),
        made(nonce="n-1"), made(nonce=""), made(jti=None), made(jti=""), made(jti="x" * 256), made(jti=7),
        made(sub=None, sid=None), made(sub=""), made(sub=7), made(sid=""), made(sid="a\0b"), made(sid="x" * 256),
        jws.serialize_compact({"alg": "ES256", "kid": "rsa"}, _LONE, KEY),
        jwt.encode({"alg": "ES256", "kid": "rsa"}, ID_TOKEN, KEY),
        jwt.encode({"alg": "ES256", "kid": "rsa"}, {**ID_TOKEN, "jti": "t-2", "sid": "s-1"}, KEY),
        jws.serialize_compact({"alg": "ES256", "kid": "rsa"}, b"[" * 9_000, KEY),
        jws.serialize_compact({"alg": "ES256", "kid": "rsa"}, json.dumps([CLAIMS]).encode(), KEY),
    ],
)  # fmt: skip
def test_word_that_proves_no_sign_out_is_not_believed(token: str) -> None:
    with pytest.raises(NotProvenError) as refusal:
        check(token)

    assert not any(word in str(refusal.value) for word in ("s-1", "t-1", "n-1"))


def test_key_that_is_not_published_is_told_apart() -> None:
    with pytest.raises(UnknownKeyError):
        check(made(UNKNOWN))


@pytest.mark.parametrize(
    ("header", "claims"), [({"typ": "logout+jwt"}, {}), ({"typ": "LOGOUT+JWT"}, {}), ({}, {"events": EVENTS})]
)
def test_word_that_somebody_signed_out_signs_nobody_in(header: dict[str, Any], claims: dict[str, Any]) -> None:
    token = jwt.encode({"alg": "ES256", "kid": "rsa", **header}, {**ID_TOKEN, **claims}, KEY)

    with pytest.raises(NotProvenError, match="signed out"):
        check_id_token({"id_token": token}, KEYS, EXPECTED)
