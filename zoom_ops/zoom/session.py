"""The session with Zoom: it records each request, and turns transport failures into our errors."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from threading import local
from typing import Any

import structlog
from requests import Session as HttpSession

from ..clock import Clock
from ..errors import ZoomOpsError
from ..tracing import Span, request
from ..transport import LOST, NO_ADDRESS, Deadline, Transport, make_session, read_whole, reason_of
from .accounts import Waits, ZoomAccount
from .endpoints import Endpoint
from .errors import WrongAddressError
from .responses import Answer, lost

log = structlog.get_logger()
LARGEST_ANSWER = 8_000_000  # bytes; a page of 300 recordings has two million


@dataclass(frozen=True, kw_only=True)
class Call:
    """The record of one request that was sent or tried."""

    account: str
    at: datetime
    method: str
    path: str  # without host and query; relative to the API's base, except for the token's
    template: str  # the path without ids: that of the endpoint
    status: int | None  # None: no answer
    tracking_id: str | None  # Zoom's support asks for it
    strange: bool  # the answer is not one of Zoom's API
    seconds: float  # until the answer was read

    @property
    def is_well(self) -> bool:
        """Whether Zoom answered it as asked."""
        return self.status is not None and self.status < 400 and not self.strange


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request with its answer, as they were sent: they may hold secrets. `seconds`: until the answer was read."""

    endpoint: Endpoint
    path: str
    content: Mapping[str, Any] = field(repr=False)  # `params` and `json`; empty for a token, which is asked by secrets
    answer: Answer | None = field(repr=False)
    seconds: float


class Session:
    """The connections of one account to Zoom.

    `listeners` get each exchange of this process, also failed ones.
    """

    def __init__(self, account: ZoomAccount, clock: Clock, waits: Waits, on_call: Callable[[Call], None]) -> None:
        self._account, self._clock, self._waits, self._on_call = account, clock, waits, on_call
        self._transport = Transport(partial(read_whole, limit=LARGEST_ANSWER), pool_maxsize=50)
        self._threads = local()
        self.listeners: list[Callable[[Exchange], None]] = []

    def deadline(self, began: float | None = None) -> Deadline:
        """Build the deadline of one call, with all its requests. It counts from `began`, else from now."""
        return Deadline(self._waits.deadline_s, self._clock, began)

    @property
    def timeouts(self) -> tuple[float, float]:
        """The longest wait for a connection and the longest wait for the next byte, in seconds."""
        return self._waits.connect_s, self._waits.read_s

    @property
    def http(self) -> HttpSession:
        """The HTTP session of this thread. All threads share the connections."""
        if not hasattr(self._threads, "http"):
            self._threads.http = make_session(self._transport)
        session: HttpSession = self._threads.http
        return session

    @contextmanager
    def exchange(
        self,
        endpoint: Endpoint,
        path: str,
        deadline: Deadline,
        gate: Callable[[], object] = lambda: None,
        content: Mapping[str, Any] | None = None,
    ) -> Iterator[list[Answer]]:
        """Record the request that the block sends; the block puts its answer into the list.

        The request calls `gate` when its connection is open, right before its first byte leaves. Raises
        WrongAddressError, or for a transport failure AmbiguousError if a write was sent, else TemporaryError.
        """
        url = self._account.oauth_url if endpoint.reads else self._account.api_url
        with (
            request(endpoint.method, url, {"zoom_ops.account": self._account.name}, template=endpoint.path) as span,
            self._recorded(endpoint, path, deadline, gate, content or {}) as answers,
        ):
            try:
                yield answers
            finally:
                if answers:
                    _note_answer(span, answers[0])

    @contextmanager
    def _recorded(
        self,
        endpoint: Endpoint,
        path: str,
        deadline: Deadline,
        gate: Callable[[], object],
        content: Mapping[str, Any],
    ) -> Iterator[list[Answer]]:
        deadline.begin_request(gate)
        at, began, answers = self._clock.now(), self._clock.elapsed(), list[Answer]()
        try:
            yield answers
            if deadline.expired:
                raise TimeoutError
        except NO_ADDRESS as error:
            setting = self._account.setting("OAUTH_URL" if endpoint.reads else "API_URL")
            raise WrongAddressError(f"{setting} is not an address that can be asked.") from error
        except LOST as error:
            raise lost(endpoint, sent=deadline.sent, reason=reason_of(error, deadline, self._waits.read_s)) from error
        finally:
            answer, seconds = answers[0] if answers else None, self._clock.elapsed() - began
            call = Call(
                account=self._account.name,
                at=at,
                method=endpoint.method,
                path=path,
                template=endpoint.path,
                status=answer.status if answer else None,
                tracking_id=answer.tracking_id if answer else None,
                strange=answer is not None and not answer.is_in_words(endpoint),
                seconds=seconds,
            )
            self._note(endpoint, call, answer)
            for listen in self.listeners:
                listen(Exchange(endpoint=endpoint, path=path, content=content, answer=answer, seconds=seconds))

    def _note(self, endpoint: Endpoint, call: Call, answer: Answer | None) -> None:
        log.info(
            "zoom_called",
            account=call.account,
            verb=endpoint.name,
            status=call.status,
            code=answer.code if answer else None,
            tracking_id=call.tracking_id,
            seconds=round(call.seconds, 3),
        )
        try:
            self._on_call(call)
        except ZoomOpsError as error:  # a call that cannot be recorded is still done
            log.warning("zoom_call_not_noted", account=call.account, verb=endpoint.name, reason=str(error))


def _note_answer(span: Span, answer: Answer) -> None:
    """Note an answer in a trace. Zoom's support asks for the tracking id."""
    span.note(
        {
            "http.response.status_code": answer.status,
            "zoom.code": answer.code or None,
            "zoom.tracking_id": answer.tracking_id,
        }
    )
    if not answer.succeeded:
        span.fail(str(answer.status))
