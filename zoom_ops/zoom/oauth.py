"""The access token: shared by all threads and processes, renewed five minutes early, fetched by one at a time."""

import re
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock

from requests.auth import HTTPBasicAuth
from sqlalchemy import select

from ..clock import Clock
from ..errors import TemporaryError, ZoomOpsError
from ..linear import split_url
from ..store.db.connect import Database
from ..store.db.encryption import SecretBox
from ..store.db.locks import alone
from ..store.db.upsert import upsert
from ..store.tables import token as token_table
from ..transport import Deadline
from .accounts import ZoomAccount
from .circuit_breaker import CircuitBreaker
from .endpoints import FETCH_TOKEN, Endpoint
from .errors import CredentialError, RateLimitedError
from .parsing import as_int, as_text
from .responses import Answer, lost, retry_after
from .session import Session

EARLY_S = 5 * 60
LIFE_S = 60 * 60  # Zoom's; a longer remaining life means that a wrong clock dated the token

_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")  # the characters that a header allows


@dataclass(frozen=True, kw_only=True)
class AccessToken:
    """An access token."""

    value: str = field(repr=False)
    scopes: frozenset[str]
    ends: float  # by the clock that counts seconds since boot
    fetched: bool = False  # this process fetched it from Zoom


@dataclass(frozen=True, kw_only=True)
class TokenAnswer(Answer):
    """An answer to a request for a token. It has `error` and `reason` in place of a code."""

    @property
    def is_token(self) -> bool:
        """Whether it holds a usable token."""
        body = self.json or {}
        is_valid = _TOKEN.fullmatch(as_text(body.get("access_token")) or "")
        return bool(self.status == 200 and is_valid and as_int(body.get("expires_in", LIFE_S)))

    def is_in_words(self, _endpoint: Endpoint) -> bool:
        """Return whether this is an answer of Zoom, not of a proxy."""
        body = self.json or {}
        return self.is_token or self.status == 429 or bool(body.get("error") or body.get("reason"))


class Tokens:
    """The access token of one account."""

    def __init__(
        self,
        account: ZoomAccount,
        session: Session,
        database: Database,
        box: SecretBox,
        circuit_breaker: CircuitBreaker,
        clock: Clock,
    ) -> None:
        self._account, self._session, self._circuit_breaker = account, session, circuit_breaker
        self._database, self._box, self._clock = database, box, clock
        self._lock = Lock()
        self._token: AccessToken | None = None
        self._flight: Future[AccessToken] | None = None

    def get(self, deadline: Deadline, refused: AccessToken | None = None) -> AccessToken:
        """Get the token in use. A `refused` one is replaced, unless another thread or process has done so already.

        Raises CredentialError, RateLimitedError, AccountStoppedError, or TemporaryError.
        """
        while True:
            with self._lock:
                if self._token and self._is_good(self._token, refused):
                    return self._token
                flight, leading = self._flight or Future(), self._flight is None
                self._flight = flight
            if leading:
                return self._lead(flight, deadline, refused)
            try:
                token = flight.result(timeout=deadline.remaining)
            except TimeoutError:
                raise _lost("another thread still waits for it") from None
            if self._is_good(token, refused):
                return token

    def fetch(self, deadline: Deadline) -> AccessToken:
        """Fetch a new token from Zoom, even if the token in use is good."""
        token = self._fetch(deadline)
        with self._lock:
            self._token = token
        return token

    def _lead(self, flight: Future[AccessToken], deadline: Deadline, refused: AccessToken | None) -> AccessToken:
        lock = f"zoom token {self._account.name} {self._account.client_id}"
        try:
            with alone(self._database, lock, deadline.remaining):  # other processes wait
                stored = self._load()
                token = stored if stored and self._is_good(stored, refused) else self._fetch(deadline)
        except BaseException as error:
            self._land()
            flight.set_exception(error if isinstance(error, ZoomOpsError) else _lost("another thread gave up"))
            raise
        self._land(token)
        flight.set_result(token)
        return token

    def _land(self, token: AccessToken | None = None) -> None:
        with self._lock:
            self._token, self._flight = token, None

    def _is_good(self, token: AccessToken, refused: AccessToken | None) -> bool:
        fresh = token.ends - self._clock.elapsed() > EARLY_S
        return fresh and (refused is None or token.value != refused.value)

    def _load(self) -> AccessToken | None:
        with self._database.read() as connection:
            ours = select(token_table).filter_by(**self._key, fingerprint=self._circuit_breaker.fingerprint)
            row = connection.execute(ours).one_or_none()
            now = self._database.now(connection)
        value = self._box.unseal(row.access_token) if row else None
        if row is None or value is None:
            return None
        left = (row.expires_at - now).total_seconds()
        ends = self._clock.elapsed() + (left if left <= LIFE_S else 0)
        return AccessToken(value=value, scopes=frozenset(row.scopes.split()), ends=ends)

    @property
    def _key(self) -> dict[str, str]:
        return {"account": self._account.name, "client_id": self._account.client_id}

    def _fetch(self, deadline: Deadline) -> AccessToken:
        with self._circuit_breaker.passage(proves=False):  # Zoom may just have refused another thread or process
            body = self._ask(deadline).json or {}
        life = as_int(body.get("expires_in", LIFE_S)) or LIFE_S
        token = AccessToken(
            value=as_text(body.get("access_token")) or "",
            scopes=frozenset((as_text(body.get("scope")) or "").split()),
            ends=self._clock.elapsed() + min(life, LIFE_S),
            fetched=True,
        )
        with self._database.begin() as connection:
            left = timedelta(seconds=token.ends - self._clock.elapsed())
            values = {
                "access_token": self._box.seal(token.value),
                "scopes": " ".join(sorted(token.scopes)),
                "expires_at": self._database.now(connection) + left,
                "fingerprint": self._circuit_breaker.fingerprint,
            }
            upsert(connection, token_table, self._key, values)
        return token

    def _ask(self, deadline: Deadline) -> Answer:
        account, path = self._account, split_url(self._account.oauth_url).path
        with self._session.exchange(FETCH_TOKEN, path, deadline) as answers:
            response = self._session.http.post(
                account.oauth_url,
                {"grant_type": "account_credentials", "account_id": account.account_id},
                auth=HTTPBasicAuth(account.client_id.encode(), account.client_secret.encode()),  # not Latin-1
                headers={"Accept": "application/json"},
                allow_redirects=False,
                timeout=self._session.timeouts,
            )
            answer = TokenAnswer(status=response.status_code, headers=response.headers, body=response.content)
            answers.append(answer)
            self._check(answer)
        return answer

    def _check(self, answer: TokenAnswer) -> None:
        if answer.is_token:
            return
        if answer.status == 429:
            now = self._clock.now()
            retry_at = retry_after(answer, now) or now + timedelta(seconds=5)
            raise RateLimitedError("Zoom's rate limit leaves no room for an access token now.", retry_at=retry_at)
        if answer.status >= 500 or not answer.is_in_words(FETCH_TOKEN):
            raise _lost(
                f"HTTP {answer.status}, not in the words of its API; is {self._account.setting('OAUTH_URL')} right?"
            )
        error = as_text((answer.json or {}).get("error")) or ""
        message = ", ".join(filter(None, (answer.message, error)))
        if error == "unsupported_grant_type":
            raise CredentialError(
                f"The Zoom app of account {self._account.name} is not a Server-to-Server one: {message}"
            )
        keys = ("CLIENT_SECRET", "CLIENT_ID") if error == "invalid_client" else ("ACCOUNT_ID",)
        names = " or ".join(self._account.setting(key) for key in keys)
        raise CredentialError(f"{names} is wrong; Zoom says: {message}")


def _lost(reason: str) -> TemporaryError:
    return lost(FETCH_TOKEN, sent=True, reason=reason)
