"""Bearer tokens of OAuth 2 (RFC 6749): fetched before the first request, and again before they end."""

import json
from threading import Lock
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from ...clock import Clock
from ...errors import AmbiguousError
from ..answers import Answer, Headers
from ..errors import HomeDownError, StrangeAnswerError, UnauthorizedError
from ..http import Client
from ..values import Fields, fields_of, number, text
from .auth import Auth

_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"  # RFC 7523
_REFUSALS = (  # RFC 6749, 5.2
    *("invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type"),
    "invalid_scope",
)
_ANSWERED = (200, 400, 401, 403, 404, 409, 410, 412)  # none of them says anything of a record, such as that it is gone
_UNSAID_S = 300  # how long a token holds that does not say it
_LONGEST_S = 86_400
_MARGIN_S = 60  # so much earlier a new one is fetched
_ASSERTION_S = 3_600  # Google takes no longer one


class Tokens:
    """The token of one home, which all threads share. `client` asks the address that gives tokens, and nothing else."""

    def __init__(self, auth: Auth, client: Client, clock: Clock) -> None:
        self._auth, self._client, self._clock = auth, client, clock
        self._lock = Lock()
        self._token, self._ends = "", 0.0  # `_ends` on the clock of `Clock.elapsed`

    def headers(self) -> Headers:
        """Return the header with a token that holds. Raise UnauthorizedError where none is given."""
        with self._lock:
            if not self._token or self._clock.elapsed() >= self._ends:
                self._fetch()
            return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        """Fetch a new token before the next request, because the API did not accept this one."""
        with self._lock:
            self._token = ""

    def _fetch(self) -> None:
        try:
            answer = self._client.send("POST", self._auth.token_url, data=self._form(), accept=_ANSWERED)
        except AmbiguousError as error:
            raise HomeDownError(f"{self._client.name}: the address that gives tokens does not answer.") from error
        given = answer.json_object()
        if answer.status != 200:
            raise self._refusal(given)
        self._token, holds_s = _take(given, answer)
        self._ends = self._clock.elapsed() + max(holds_s - _MARGIN_S, holds_s / 2)

    def _form(self) -> dict[str, str]:
        auth = self._auth
        form = {"scope": auth.scope} if auth.scope else {}
        if auth.grant == "service_account":
            return {"grant_type": _JWT_BEARER, "assertion": self._assertion()}
        form |= {"client_id": auth.client_id, "grant_type": auth.grant}
        if auth.client_secret:
            form["client_secret"] = auth.client_secret.get_secret_value()
        if auth.grant == "refresh_token":
            form["refresh_token"] = _reveal(auth.secret)
        return form

    def _assertion(self) -> str:
        """Build what a service account signs with its key. Nothing of the key is ever part of a message."""
        now = int(self._clock.now().timestamp())
        try:
            account = fields_of(json.loads(_reveal(self._auth.secret)))
            claims = {
                "iss": str(account["client_email"]),
                "scope": self._auth.scope,
                "aud": self._auth.token_url,
                "iat": now,
                "exp": now + _ASSERTION_S,
            }
            key = RSAKey.import_key(str(account["private_key"]))
            return jwt.encode({"alg": "RS256", "kid": str(account.get("private_key_id", ""))}, claims, key)
        except (ValueError, KeyError, TypeError, JoseError):
            message = "its secret is not the JSON file of a service account's key"
            raise UnauthorizedError(f"{self._client.name}: {message}.") from None

    def _refusal(self, given: Fields) -> Exception:
        error = given.get("error")
        if error in _REFUSALS:
            return UnauthorizedError(f"{self._client.name}: the address that gives tokens refuses: {error}.")
        return StrangeAnswerError(
            f"{self._client.name}: the address that gives tokens refuses, without a known reason."
        )


def _take(given: Fields, answer: Answer) -> tuple[str, int]:
    """Return the token of an answer, and for how many seconds it holds."""
    token, said = text(given.get("access_token")), given.get("expires_in")
    if not token or text(given.get("token_type")).lower() != "bearer":
        raise StrangeAnswerError(f"{answer.where}: the address that gives tokens gave no bearer token.")
    seconds: Any = int(said) if isinstance(said, str) and said.isdecimal() and len(said) < 10 else number(said)
    return token, min(seconds, _LONGEST_S) if seconds > 0 else _UNSAID_S


def _reveal(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
