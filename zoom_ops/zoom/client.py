"""Ask Zoom's API one thing: with a token, within the deadline, and at most once if it changes something."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from ..clock import Clock
from ..errors import TemporaryError
from ..store.account_stops import Stop
from ..transport import Deadline, is_break
from .accounts import Call, ZoomAccount
from .circuit_breaker import CircuitBreaker
from .endpoints import ENDPOINTS, Endpoint
from .errors import MissingScopesError
from .oauth import AccessToken, Tokens
from .rate_limits import Limits
from .responses import INVALID_TOKEN, Answer, read
from .session import Session

__all__ = ["Call", "Client"]


class Client:
    """One Zoom account's API."""

    def __init__(
        self, account: ZoomAccount, wire: Session, tokens: Tokens, limits: Limits, breaker: CircuitBreaker, clock: Clock
    ) -> None:
        self._account = account
        self._wire = wire
        self._tokens = tokens
        self._limits = limits
        self._breaker = breaker
        self._clock = clock
        self._base = account.api_url.rstrip("/")

    def warm(self) -> None:
        """Have a token at hand, so that the next request can go at once; AccountStoppedError if it may not."""
        self._breaker.check()
        with self._wire.deadline() as deadline:
            self._tokens.get(deadline)

    def fetch_scopes(self) -> frozenset[str]:
        """Fetch a new token, and tell its scopes; what was stopped for want of one that it has is tried again."""
        with self._wire.deadline() as deadline:
            scopes = self._tokens.fetch(deadline).scopes
        self._breaker.grant_verbs(verb.name for verb in ENDPOINTS if verb.is_granted(scopes))
        return scopes

    @property
    def fingerprint(self) -> str:
        """What tells the credentials in use from others: a keyed hash."""
        return self._breaker.fingerprint

    def by_hand(self) -> AbstractContextManager[None]:
        """Let this thread ask whatever is stopped: an operator checks."""
        return self._breaker.by_hand()

    def ask(
        self,
        verb: Endpoint,
        where: Mapping[str, object],
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        host: str = "",
        began: float | None = None,
    ) -> Mapping[str, Any]:
        """Send one request and read its answer; `host` is whose day a create or update counts on.

        `began` is since when its deadline counts, by the clock that counts since boot; else since now.
        """
        token: AccessToken | None = None
        try:
            with self._breaker.passage():
                stop = self._breaker.find_verb(verb.name)
                answer, token = self._send(verb, verb.fill(where), {"params": query, "json": body}, stop, began)
                if answer.status == 429 or answer.code == 429:
                    raise self._limits.turn_away(verb.label, answer, host)
                if stop and answer.status < 500 and answer.is_in_words(verb) and not answer.lacks_scopes:
                    self._breaker.end_verb(stop)
                return read(verb, answer, self._account, self._clock.now())
        except MissingScopesError as error:
            raise self._breaker.stop_verb(verb.name, error, token.scopes if token else frozenset()) from error

    def _send(
        self, verb: Endpoint, path: str, content: Mapping[str, Any], stop: Stop | None, began: float | None
    ) -> tuple[Answer, AccessToken]:
        """Send a request; once more with a new token if Zoom refuses the old one, for then it did nothing."""
        with self._wire.deadline(began) as deadline:
            token = self._tokens.get(deadline)
            if stop and not self._breaker.claim_verb(stop, token.scopes):
                token = self._tokens.get(deadline, refused=token)  # the scopes it lacked may be in a new one
            answer = self._exchange_again(verb, path, content, token, deadline)
            if _refuses_token(answer):
                token = self._tokens.get(deadline, refused=token)
                answer = self._exchange(verb, path, content, token, deadline)
                if _refuses_token(answer) and not token.fetched:  # it was another process's, and as old as ours
                    token = self._tokens.get(deadline, refused=token)
                    answer = self._exchange(verb, path, content, token, deadline)
            return answer, token

    def _exchange_again(
        self, verb: Endpoint, path: str, content: Mapping[str, Any], token: AccessToken, deadline: Deadline
    ) -> Answer:
        """Exchange, and once more where only something was read and the connection broke."""
        try:
            return self._exchange(verb, path, content, token, deadline)
        except TemporaryError as error:
            if verb.writes or not deadline.sent or deadline.expired or not is_break(error.__cause__):
                raise
        return self._exchange(verb, path, content, token, deadline)

    def _exchange(
        self, verb: Endpoint, path: str, content: Mapping[str, Any], token: AccessToken, deadline: Deadline
    ) -> Answer:
        with ExitStack() as passage, self._wire.exchange(
            verb, path, deadline, lambda: passage.enter_context(self._limits.valve.passing(verb.label))
        ) as answers:  # fmt: skip
            session = self._wire.session
            session.token = {"access_token": token.value, "token_type": "bearer"}  # no date: Tokens minds it
            response = session.request(
                verb.method, self._base + path, allow_redirects=False, timeout=self._wire.timeouts, **content
            )
            answers.append(Answer(status=response.status_code, headers=response.headers, body=response.content))
        return answers[0]


def _refuses_token(answer: Answer) -> bool:
    return answer.code == INVALID_TOKEN or (answer.status == 401 and not answer.code)
