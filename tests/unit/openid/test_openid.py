"""The checks of a provider's addresses and signatures, with keys made here."""

import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from joserfc.jws import JWSRegistry

from tests.provider.described import serve_description
from tests.zoom_stub import RawZoom, raw
from zoom_ops.clock import HeldClock, SystemClock
from zoom_ops.errors import ConfigurationError, ZoomOpsError
from zoom_ops.openid import Client, NotProvenError, Provider, ProviderDownError
from zoom_ops.openid.documents import Fetched, fetch_metadata
from zoom_ops.openid.id_token import Expected, check_id_token
from zoom_ops.openid.signed import UnknownKeyError, read_keys
from zoom_ops.openid.wire import Wire

NOW = datetime(2040, 1, 24, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
EXPECTED = Expected(issuer="https://id.example.org", client_id="zoom-ops", nonce="n-1", now=NOW)
CLAIMS = {
    "iss": "https://id.example.org", "sub": "7", "aud": "zoom-ops", "nonce": "n-1", "exp": SECONDS + 9, "iat": SECONDS,
}  # fmt: skip
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa"})
KEYS = read_keys({"keys": [RSA.as_dict(private=False), EC.as_dict(private=False), {"kty": "new"}, {"kty": "RSA"}, 7]})
CLIENT: dict[str, Any] = {
    "client_id": "zoom-ops", "client_secret": "s", "scopes": ("openid",), "redirect_uri": "http://127.0.0.1/callback",
}  # fmt: skip


def signed(key: Any, algorithm: str, kid: str | None = None, **claims: Any) -> dict[str, Any]:
    """Sign claims as a provider does."""
    header = {"alg": algorithm} | ({"kid": kid} if kid else {})
    return {"id_token": jwt.encode(header, CLAIMS | claims, key, registry=JWSRegistry(algorithms=[algorithm]))}


@pytest.mark.parametrize(("key", "algorithm"), [(RSA, "RS256"), (RSA, "PS512"), (EC, "ES256")])
def test_word_that_is_signed_by_a_published_key_is_believed(key: Any, algorithm: str) -> None:
    assert check_id_token(signed(key, algorithm, key.kid), KEYS, EXPECTED)["sub"] == "7"


@pytest.mark.parametrize(
    "token",
    [
        {},
        {"id_token": ""},
        {"id_token": "a.b.c"},
        {"id_token": 7},
        signed(STRANGER, "RS256", "rsa"),
        signed(OctKey.import_key(b"s" * 32), "HS256", "rsa"),
        signed(OctKey.import_key(b"s" * 32), "HS256"),
        {"id_token": signed(RSA, "RS256", "rsa")["id_token"].rpartition(".")[0] + "."},
        {"id_token": "eyJhbGciOiJub25lIn0." + signed(RSA, "RS256")["id_token"].split(".")[1] + "."},
        signed(RSA, "RS256", "rsa", aud="other"),
        signed(RSA, "RS256", "rsa", aud=["other"], azp="zoom-ops"),
        signed(RSA, "RS256", "rsa", aud=["zoom-ops", "other"]),  # without `azp`
        signed(RSA, "RS256", "rsa", iss="https://id.example.org/"),
        signed(RSA, "RS256", "rsa", exp=SECONDS - 61),
        signed(RSA, "RS256", "rsa", iat=SECONDS + 61),
        signed(RSA, "RS256", "rsa", nonce="n-2"),
        signed(RSA, "RS256", "rsa", sub=7),
    ],
)
def test_word_that_proves_nothing_is_not_believed(token: dict[str, Any]) -> None:
    with pytest.raises(NotProvenError):
        check_id_token(token, KEYS, EXPECTED)


def test_key_that_is_not_published_is_told_apart() -> None:
    with pytest.raises(UnknownKeyError):
        check_id_token(signed(STRANGER, "RS256", "next"), KEYS, EXPECTED)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"issuer": "http://127.0.0.1:1/other"}, "another issuer"),
        ({"token_endpoint": "https://evil.example/token"}, r"names https://evil\.example/token"),
        ({"jwks_uri": "file:///etc/passwd"}, "which is not https"),
        ({"userinfo_endpoint": "http://127.0.0.1:1/userinfo"}, "names http://127"),
        ({"authorization_endpoint": None}, "does not say its authorization_endpoint"),
    ],
)
def test_provider_that_leads_elsewhere_is_not_followed(told: dict[str, Any], sentence: str) -> None:
    with serve_description(told) as (address, _), pytest.raises(ConfigurationError, match=sentence):
        Provider(Client(discovery_url=address, **CLIENT), SystemClock()).begin()


def test_provider_with_other_hosts_in_the_settings_is_followed() -> None:
    with serve_description({"token_endpoint": "https://token.example.org/t"}) as (address, _):
        client = Client(discovery_url=address, hosts=("token.example.org",), **CLIENT)

        sent_to, _ = Provider(client, SystemClock()).begin()

    assert sent_to.startswith(address.removesuffix("/.well-known/openid-configuration") + "/authorize?")


@pytest.mark.parametrize(
    ("described", "tells"),
    [({"backchannel_logout_supported": True}, True), ({"backchannel_logout_supported": "no"}, False), ({}, False)],
)
def test_provider_says_whether_it_tells_of_sign_outs(described: dict[str, Any], tells: bool) -> None:
    with serve_description(described, [EC]) as (address, _):
        provider = Provider(Client(discovery_url=address, **CLIENT), SystemClock())

        assert (provider.check(), provider.tells_sign_outs()) == (address.partition("/.well-known")[0], tells)


def test_provider_is_asked_for_what_it_is_once_in_an_hour() -> None:
    clock = HeldClock(NOW)
    calls = []
    kept = Fetched(lambda: calls.append(1) or len(calls), clock)

    first = [kept.get(3600), kept.get(3600)]
    clock.advance(3601)

    assert (first, kept.get(3600)) == ([1, 1], 2)


def test_whoever_is_content_with_the_keys_does_not_wait_for_new_ones() -> None:
    clock, fetching, told = HeldClock(NOW), threading.Event(), threading.Event()
    keys = iter(("old", "new"))

    def fetch() -> str:
        fetched = next(keys)
        if fetched == "new":
            fetching.set()
            told.wait(60)
        return fetched

    kept = Fetched(fetch, clock)
    kept.get(3600)
    clock.advance(31)
    with ThreadPoolExecutor(1) as stranger:
        renewed = stranger.submit(kept.get, 30)
        fetching.wait(60)
        content = kept.get(3600)
        told.set()

    assert (content, renewed.result()) == ("old", "new")


def test_provider_that_is_down_is_left_in_peace_for_a_moment() -> None:
    clock, calls = HeldClock(NOW), []

    def fail() -> None:
        calls.append(1)
        raise ProviderDownError

    kept = Fetched(fail, clock)
    for _ in range(3):
        with pytest.raises(ProviderDownError):
            kept.get(3600)
    clock.advance(6)
    with pytest.raises(ProviderDownError):
        kept.get(3600)

    assert len(calls) == 2


@pytest.mark.parametrize(
    "keys", [5, "abc", True, {"kty": "RSA"}, [None], [[1]], ["x"], [{"kty": ["RSA"]}], [{"kty": {}}]]
)
def test_keys_that_are_none_are_left_out(keys: Any) -> None:
    assert read_keys({"keys": keys}).keys == []


def test_key_that_would_take_minutes_to_read_is_left_out() -> None:
    enormous = b64encode(b"\xff" * 30_000).decode().replace("/", "_")
    private = {"kty": "RSA", "e": "AQAB", "n": enormous, "d": enormous}

    assert read_keys({"keys": [private]}).keys == []


def test_of_a_published_private_key_only_the_public_part_is_read() -> None:
    (key,) = read_keys({"keys": [RSA.as_dict(private=True)]}).keys

    assert (key.kid, key.is_private) == ("rsa", False)


def test_no_more_keys_than_a_provider_has_are_read() -> None:
    assert len(read_keys({"keys": [EC.as_dict(private=False)] * 10_000}).keys) == 100


RUBBISH = {
    "no JSON": "{",
    "list": "[]",
    "number": "1",
    "text": '"x"',
    "nested": "[" * 100_000,
    "nested in a token": '{"access_token": "a", "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "many values": '{"access_token": "a", "x": [' + "{}," * 300_000 + "{}]}",
    "endless life": '{"access_token": "a", "token_type": "bearer", "expires_in": 1e400, "expires_at": 1e400}',
    "life in a list": '{"access_token": "a", "token_type": "bearer", "expires_at": [1]}',
    "life of 900 digits": '{"access_token": "a", "token_type": "bearer", "expires_in": ' + "9" * 900 + "}",
    "error in a list": '{"error": [1], "error_description": {}}',
    "error that is true": '{"error": true}',
}


@pytest.mark.parametrize("body", RUBBISH.values(), ids=RUBBISH)
def test_rubbish_of_a_provider_is_an_error_of_ours(body: str) -> None:
    with RawZoom() as provider:
        answer = raw(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        provider.token_replies.append(answer)
        provider.answer(answer)
        wire = Wire(Client(discovery_url=provider.url, **CLIENT), SystemClock())

        with suppress(ZoomOpsError):
            wire.redeem(f"{provider.url}/oauth/token", "code", "verifier", basic=True)
        with suppress(ZoomOpsError):
            fetch_metadata(wire, provider.url)

    assert (len(provider.token_requests), len(provider.requests)) == (1, 1)


@pytest.mark.parametrize("methods", [5, "client_secret_basic", {"a": 1}, [], [5]])
def test_strange_list_of_methods_stops_no_sign_in(methods: Any) -> None:
    with serve_description({"token_endpoint_auth_methods_supported": methods}) as (address, _):
        Provider(Client(discovery_url=address, **CLIENT), SystemClock()).begin()
