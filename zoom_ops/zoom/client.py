"""Send one request to Zoom's API: in its place, with a token, within the deadline, at most once if it is a write."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import local
from typing import Any

from ..clock import Clock
from ..errors import AmbiguousError, ConfigurationError, TemporaryError
from ..store.account_stops import Stop
from ..transport import Deadline, is_break
from .accounts import ZoomAccount
from .circuit_breaker import CircuitBreaker
from .endpoints import ENDPOINTS, Endpoint
from .oauth import AccessToken, Tokens
from .rate_limits import Limits
from .responses import INVALID_TOKEN, AccountStoppedError, Answer, MissingScopesError, read
from .session import Session


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
            endpoint, path, deadline, lambda: passage.enter_context(self._limits.send_window.passing(endpoint.label))
        ) as answers:  # fmt: skip
            oauth_session = self._session.oauth_session
            oauth_session.token = {"access_token": token.value, "token_type": "bearer"}  # no date: Tokens checks it
            response = oauth_session.request(
                endpoint.method, self._base + path, allow_redirects=False, timeout=self._session.timeouts, **content
            )
            answers.append(Answer(status=response.status_code, headers=response.headers, body=response.content))
        return answers[0]


class Reservations:
    """The reservations of each thread: places in the account's pace, and a share of the host's 100 a day."""

    def __init__(self, warm: Callable[[], None], limits: Limits, clock: Clock) -> None:
        self._warm = warm  # gets a token, so that the next request can go at once
        self._limits, self._clock, self._thread = limits, clock, local()

    @contextmanager
    def take(self, *endpoints: Endpoint, host: str = "", operator: bool = False) -> Iterator[None]:
        """Reserve what the next requests of this thread need; all `endpoints` have one label.

        A write and the read that follows it are reserved together, so that the read need not wait for its place. This
        waits for the first place. The deadline of its request begins here, before the intent is written: so the
        process that takes over this work knows when the call must have ended, even if this process is frozen meanwhile.
        An unused reservation does not count against the host's day.

        Raises WaitingError, RateLimitedError, or the errors of getting a token.
        """
        self._warm()
        reservations = self._open(endpoints, host, operator=operator)
        reservations[0].began = self._clock.elapsed()
        self._thread.reservations = reservations
        try:
            yield
        finally:
            self._thread.reservations = []
            for reservation in reservations:
                if not reservation.used:
                    self._give_back(reservation)

    @contextmanager
    def use(self, endpoint: Endpoint, host: str) -> Iterator[float | None]:
        """Use this thread's reservation, or take a new one; yield when its deadline began, or None for now.

        A request that was certainly not sent does not count against the host's day.
        """
        taken: list[_Reservation] = getattr(self._thread, "reservations", [])
        fitting = (free for free in taken if not free.used and free.endpoint is endpoint and free.host == host)
        reservation = next(fitting, None) or self._open((endpoint,), host)[0]
        reservation.used = True
        try:
            self._limits.wait_for(endpoint.label, reservation.place)
            yield reservation.began
        except AmbiguousError:
            raise
        except (TemporaryError, ConfigurationError, AccountStoppedError):
            self._give_back(reservation)
            raise

    def _open(self, endpoints: tuple[Endpoint, ...], host: str, *, operator: bool = False) -> list["_Reservation"]:
        label = endpoints[0].label
        counted_host = host if any(endpoint.counted for endpoint in endpoints) else ""
        places, day = self._limits.reserve(label, len(endpoints), host=counted_host, operator=operator)
        reservations = [
            _Reservation(endpoint=endpoint, host=host if endpoint.counted else "", place=place)
            for endpoint, place in zip(endpoints, places, strict=True)
        ]
        if counting := [reservation for reservation in reservations if reservation.endpoint.counted]:
            counting[0].day = day  # one was counted: a write, and the look that follows it does not count
        return reservations

    def _give_back(self, reservation: "_Reservation") -> None:
        if reservation.day:
            self._limits.uncount(reservation.host, reservation.day)
            reservation.day = ""


@dataclass(kw_only=True)
class _Reservation:
    endpoint: Endpoint
    host: str
    place: float  # when the request may leave
    day: str = ""  # on which it counts among the host's 100; empty if the endpoint does not count
    began: float | None = None  # since when the deadline of a write counts
    used: bool = False


def _refuses_token(answer: Answer) -> bool:
    return answer.code == INVALID_TOKEN or (answer.status == 401 and not answer.code)
