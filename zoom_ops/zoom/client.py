"""Send one request to Zoom's API: in its place, with a token, within the deadline, at most once if it is a write."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from ..clock import Clock
from ..errors import TemporaryError
from ..store.accounts.stops import Stop
from ..transport import Deadline, is_break
from .accounts import ZoomAccount
from .circuit_breaker import CircuitBreaker, OnResumed
from .endpoints import ENDPOINTS, Endpoint
from .errors import MissingScopesError
from .oauth import AccessToken, Tokens
from .rate_limits import Limits, Reservations
from .responses import INVALID_TOKEN, Answer, read
from .session import Call, Exchange, Session


@dataclass(frozen=True, kw_only=True)
class Callbacks:
    """Callbacks of a gateway.

    It calls `on_call` with each request, and `on_resumed` when a stopped account goes on, within that transaction. A
    failed call stops no account while `is_cut_off` returns true: then this process has lost Zoom and others have not.
    """

    on_call: Callable[[Call], None]
    on_resumed: OnResumed = lambda _connection, _account, _now: None
    is_cut_off: Callable[[], object] = lambda: False


class Client:
    """One Zoom account's API."""

    def __init__(
        self,
        account: ZoomAccount,
        session: Session,
        tokens: Tokens,
        limits: Limits,
        circuit_breaker: CircuitBreaker,
        clock: Clock,
    ) -> None:
        self._account, self._session, self._tokens = account, session, tokens
        self._limits, self._circuit_breaker, self._clock = limits, circuit_breaker, clock
        self._base = account.api_url.rstrip("/")
        self.reservations = Reservations(self._warm, limits, clock)

    @contextmanager
    def heard_by(self, listen: Callable[[Exchange], None]) -> Iterator[None]:
        """Let `listen` get each exchange of the block."""
        self._session.listeners.append(listen)
        try:
            yield
        finally:
            self._session.listeners.remove(listen)

    def fetch_scopes(self) -> frozenset[str]:
        """Fetch a new token and return its scopes. Endpoints that were stopped for scopes that it has are retried."""
        with self._session.deadline() as deadline:
            scopes = self._tokens.fetch(deadline).scopes
        self._circuit_breaker.grant_endpoint_trials(
            endpoint.name for endpoint in ENDPOINTS if endpoint.is_granted(scopes)
        )
        return scopes

    def ask(
        self,
        endpoint: Endpoint,
        where: Mapping[str, object],
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        host: str = "",
    ) -> Mapping[str, Any]:
        """Send one request and read its answer.

        `where` fills the path. A create or update counts against the daily limit of `host`.

        Raises AccountStoppedError, RateLimitedError, WaitingError (the host's day is used up), ZoomRefusedError or
        NoRecordingError; AmbiguousError if a write was sent and its effect is unknown; else TemporaryError.
        """
        with self.reservations.use(endpoint, host) as began:
            return self._ask(endpoint, endpoint.fill(where), {"params": query, "json": body}, host, began)

    def _warm(self) -> None:
        """Get a token in advance, so that the next request can go at once; AccountStoppedError if it may not."""
        self._circuit_breaker.check()
        with self._session.deadline() as deadline:
            self._tokens.get(deadline)

    def _ask(
        self, endpoint: Endpoint, path: str, content: Mapping[str, Any], host: str, began: float | None
    ) -> Mapping[str, Any]:
        token: AccessToken | None = None
        try:
            with self._circuit_breaker.passage():
                stop = self._circuit_breaker.find_endpoint_stop(endpoint.name)
                answer, token = self._send(endpoint, path, content, stop, began)
                if answer.status == 429 or answer.code == 429:
                    raise self._limits.turn_away(endpoint.label, answer, host)
                if stop and answer.status < 500 and answer.is_in_words(endpoint) and not answer.lacks_scopes:
                    self._circuit_breaker.end(stop)
                return read(endpoint, answer, self._account, self._clock.now())
        except MissingScopesError as error:
            if self._circuit_breaker.is_by_hand:
                raise
            scopes = token.scopes if token else frozenset[str]()
            raise self._circuit_breaker.stop_endpoint(endpoint.name, error, scopes) from error

    def _send(
        self, endpoint: Endpoint, path: str, content: Mapping[str, Any], stop: Stop | None, began: float | None
    ) -> tuple[Answer, AccessToken]:
        """Send a request; send it again with a new token if Zoom refuses the old one, for then Zoom did nothing."""
        with self._session.deadline(began) as deadline:
            token = self._tokens.get(deadline)
            if stop and not self._circuit_breaker.claim_endpoint_trial(stop, token.scopes):
                token = self._tokens.get(deadline, refused=token)  # a new token may have the missing scopes
            answer = self._exchange_again(endpoint, path, content, token, deadline)
            if _refuses_token(answer):
                token = self._tokens.get(deadline, refused=token)
                answer = self._exchange(endpoint, path, content, token, deadline)
                if _refuses_token(answer) and not token.fetched:  # another process stored it, and it is as old as ours
                    token = self._tokens.get(deadline, refused=token)
                    answer = self._exchange(endpoint, path, content, token, deadline)
            return answer, token

    def _exchange_again(
        self, endpoint: Endpoint, path: str, content: Mapping[str, Any], token: AccessToken, deadline: Deadline
    ) -> Answer:
        """Send a request; send it once more if it only reads and its connection broke."""
        try:
            return self._exchange(endpoint, path, content, token, deadline)
        except TemporaryError as error:
            if endpoint.writes or not deadline.sent or deadline.expired or not is_break(error.__cause__):
                raise
        return self._exchange(endpoint, path, content, token, deadline)

    def _exchange(
        self, endpoint: Endpoint, path: str, content: Mapping[str, Any], token: AccessToken, deadline: Deadline
    ) -> Answer:
        with ExitStack() as passage, self._session.exchange(
            endpoint, path, deadline,
            lambda: passage.enter_context(self._limits.send_window.passing(endpoint.label)), content,
        ) as answers:  # fmt: skip
            response = self._session.http.request(
                endpoint.method, self._base + path, headers={"Authorization": f"Bearer {token.value}"},
                allow_redirects=False, timeout=self._session.timeouts, **content,
            )  # fmt: skip
            answers.append(Answer(status=response.status_code, headers=response.headers, body=response.content))
        return answers[0]


def _refuses_token(answer: Answer) -> bool:
    return answer.code == INVALID_TOKEN or (answer.status == 401 and not answer.code)
