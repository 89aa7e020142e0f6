"""Tokens of OAuth 2 for a JSON API, by a small server that gives them."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr, ValidationError

from tests.integration.homes.hostile import LIMITS, SECRET, Connection, Server
from tests.integration.homes.json_api.homes import EVENT, open_api
from tests.integration.homes.json_api.profiles import MovedClock
from zoom_ops.errors import ZoomOpsError
from zoom_ops.homes import EventRecords, HomeDownError, StrangeAnswerError, UnauthorizedError, settings_of
from zoom_ops.homes.json_api import open_home

_AUTH = {
    "scheme": "oauth",
    "client_id": "zoom-ops",
    "client_secret": SecretStr("of-the-client"),
    "secret": SecretStr(SECRET),
}
_GIVEN = {"access_token": "first", "token_type": "Bearer", "expires_in": 3599}


class Giver:
    """Gives a token for each request, with another number each time."""

    def __init__(self, **given: Any) -> None:
        self.given, self.forms = {**_GIVEN, **given}, list[dict[str, str]]()

    def __call__(self, connection: Connection) -> None:
        form = parse_qs(connection.asked.body.decode(), keep_blank_values=True)
        self.forms.append({name: value for name, (value,) in form.items()})
        connection.answer(json.dumps({**self.given, "access_token": f"token-{len(self.forms)}"}))


def _open(api: Server, giver: Server, clock: MovedClock | None = None, **auth: Any) -> EventRecords:
    given = {
        "kind": "json_api",
        "url": api.url,
        "auth": {**_AUTH, "token_url": f"{giver.url}/token", **auth},
        "list": {"path": "/events", "items": "data"},
        "record": "/events/{id}",
        "item": "data",
        "fields": {"title": "name", "start": "start", "end": "end"},
    }
    return open_home("api", settings_of("json_api").model_validate(given), clock or MovedClock(), LIMITS)


def _list(connection: Connection) -> None:
    connection.answer(json.dumps({"data": [EVENT]}))


def _bearers(server: Server) -> list[str]:
    rows = (row.partition(": ") for asked in server.asked for row in asked.head.splitlines())
    return [value.removeprefix("Bearer ") for name, _, value in rows if name.lower() == "authorization"]


def test_token_is_fetched_once_and_renewed_before_it_ends() -> None:
    giver, clock = Giver(), MovedClock()
    with Server(_list) as api, Server(giver) as gives:
        home = _open(api, gives, clock)
        for seconds in (0, 3_500, 3_540):
            clock.seconds = seconds
            home.list_changed("")

    assert _bearers(api) == ["token-1", "token-1", "token-2"]
    assert _bearers(gives) == []
    assert giver.forms[0] == {
        "grant_type": "refresh_token",
        "refresh_token": SECRET,
        "client_id": "zoom-ops",
        "client_secret": "of-the-client",
    }
    assert not [asked for asked in api.asked if SECRET in asked.head or "of-the-client" in asked.head]


@pytest.mark.parametrize(("expires_in", "holds_s"), [("120", 60), (10, 5), (None, 240), (10**12, 86_340)])
def test_token_holds_as_long_as_its_giver_says(expires_in: object, holds_s: int) -> None:
    giver, clock = Giver(expires_in=expires_in), MovedClock()
    with Server(_list) as api, Server(giver) as gives:
        home = _open(api, gives, clock)
        for seconds in (0, holds_s - 2, holds_s):
            clock.seconds = seconds
            home.list_changed("")

    assert _bearers(api) == ["token-1", "token-1", "token-2"]


def test_token_that_the_api_does_not_accept_is_fetched_again_for_the_next_attempt() -> None:
    giver, refuses = Giver(), ["token-1"]

    def answer(connection: Connection) -> None:
        is_old = any(f"Bearer {token}\r" in connection.asked.head for token in refuses)
        connection.answer(json.dumps({"data": [EVENT]}), 401 if is_old else 200)

    with Server(answer) as api, Server(giver) as gives:
        home = _open(api, gives)
        with pytest.raises(UnauthorizedError):
            home.list_changed("")
        home.list_changed("")

    assert _bearers(api) == ["token-1", "token-2"]


def test_client_gets_a_token_in_its_own_name() -> None:
    giver = Giver()
    with Server(_list) as api, Server(giver) as gives:
        _open(api, gives, grant="client_credentials", scope="events", secret=None).list_changed("")

    (form,) = giver.forms
    assert form == {
        "grant_type": "client_credentials",
        "client_id": "zoom-ops",
        "client_secret": "of-the-client",
        "scope": "events",
    }


def test_service_account_signs_what_it_asks_for() -> None:
    key, giver = RSAKey.generate_key(2048), Giver()
    account = {
        "client_email": "zoom-ops@example.org",
        "private_key": key.as_pem(private=True).decode(),
        "private_key_id": "k1",
    }
    with Server(_list) as api, Server(giver) as gives:
        auth = {"grant": "service_account", "scope": "events", "secret": SecretStr(json.dumps(account))}
        _open(api, gives, **auth).list_changed("")
        url = gives.url

    (form,) = giver.forms
    token = jwt.decode(form["assertion"], key)
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert (token.header["alg"], token.header["kid"]) == ("RS256", "k1")
    assert token.claims["exp"] - token.claims["iat"] == 3600
    claims = {name: token.claims[name] for name in ("iss", "scope", "aud")}
    assert claims == {"iss": "zoom-ops@example.org", "scope": "events", "aud": f"{url}/token"}


@pytest.mark.parametrize("secret", ["no JSON", "[]", '{"client_email": "a@example.org", "private_key": "-----BEGIN"}'])
def test_key_of_a_service_account_that_is_none_is_told_unseen(secret: str) -> None:
    with Server(_list) as api, Server(Giver()) as gives:
        home = _open(api, gives, grant="service_account", scope="events", secret=SecretStr(secret))
        with pytest.raises(UnauthorizedError) as caught:
            home.list_changed("")

    assert secret not in str(caught.value)
    assert (api.asked, gives.asked) == ([], [])


def _answer(body: object, status: int = 200, **headers: str) -> Callable[[Connection], None]:
    content = body if isinstance(body, str) else json.dumps(body)
    return lambda connection: connection.answer(content, status, headers)


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (_answer({"error": "invalid_grant", "error_description": SECRET}, 400), UnauthorizedError),
        (_answer({"error": "invalid_client"}, 401), UnauthorizedError),
        (_answer({"error": SECRET}, 400), StrangeAnswerError),
        (_answer({"error": "invalid_client"}, 403), UnauthorizedError),
        (_answer("<h1>Not found</h1>", 404), StrangeAnswerError),
        (_answer({}, 409), StrangeAnswerError),
        (_answer({}, 410), StrangeAnswerError),
        (_answer("<h1>Sign in</h1>"), StrangeAnswerError),
        (_answer([]), StrangeAnswerError),
        (_answer({**_GIVEN, "access_token": 17}), StrangeAnswerError),
        (_answer({**_GIVEN, "token_type": "mac"}), StrangeAnswerError),
        (_answer({**_GIVEN, "access_token": "a\r\nX-Admin: yes"}), UnauthorizedError),
        (_answer("x" * 200_000), ZoomOpsError),
        (_answer(_GIVEN, 302, Location="/elsewhere"), StrangeAnswerError),
        (_answer({}, 503), HomeDownError),
        (_answer({}, 500), HomeDownError),
        (lambda connection: None, HomeDownError),
    ],
    ids=[
        "refused", "client", "unknown", "forbidden", "not there", "conflict", "gone", "page", "list",
        "number", "kind", "header", "large", "redirect", "busy",
        "failed", "silent",
    ],
)  # fmt: skip
def test_address_that_gives_no_token_is_told_and_the_api_not_asked(
    behave: Callable[[Connection], None], error: type[ZoomOpsError]
) -> None:
    with Server(_list) as api, Server(behave) as gives:
        home = _open(api, gives)
        with pytest.raises(error) as caught, home.calling():
            home.list_changed("")

    assert SECRET not in str(caught.value)
    assert "of-the-client" not in str(caught.value)
    assert api.asked == []
    assert len(gives.asked) == 1


@pytest.mark.parametrize(
    "auth",
    [
        {"token_url": ""},
        {"token_url": "http://tokens.example.org/token"},
        {"token_url": "https://me:secret@tokens.example.org/token"},
        {"client_id": ""},
        {"grant": "client_credentials", "client_secret": None},
        {"grant": "service_account"},
    ],
)
def test_file_that_cannot_get_a_token_is_refused(auth: dict[str, Any]) -> None:
    whole = {**_AUTH, "token_url": "https://tokens.example.org/token"}
    open_api("http://127.0.0.1", auth=whole)

    with pytest.raises(ValidationError):
        open_api("http://127.0.0.1", auth={**whole, **auth})
