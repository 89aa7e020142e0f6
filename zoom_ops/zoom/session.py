"""One request on its way: sent by a session of this thread, noted, and translated to an answer or an error of ours."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from threading import local

import structlog
from authlib.integrations.requests_client import OAuth2Session

from .. import __version__
from ..clock import Clock
from ..errors import ZoomOpsError
from ..transport import LOST, NO_ADDRESS, Deadline, Transport, read_whole, reason_of
from .accounts import Call, Waits, ZoomAccount
from .endpoints import Endpoint
from .errors import WrongAddressError
from .responses import Answer, lost

log = structlog.get_logger()


class Session:
    """The way to Zoom for one account."""

    def __init__(self, account: ZoomAccount, clock: Clock, waits: Waits, on_call: Callable[[Call], None]) -> None:
        self._account = account
        self._clock = clock
        self._waits = waits
        self._on_call = on_call
        self._transport = Transport(read_whole, pool_maxsize=50)
        self._threads = local()

    def deadline(self, began: float | None = None) -> Deadline:
        """Begin the time that one call may take, whatever it consists of; it may have begun earlier than now."""
        return Deadline(self._waits.deadline_s, self._clock, began)

    @property
    def timeouts(self) -> tuple[float, float]:
        """The longest waits for a connection, and for the next byte, in seconds."""
        return self._waits.connect_s, self._waits.read_s

    @property
    def session(self) -> OAuth2Session:
        """The session of this thread; they share the connections."""
        if not hasattr(self._threads, "session"):
            self._threads.session = self.open_session()
        return self._threads.session

    @contextmanager
    def exchange(
        self, verb: Endpoint, path: str, deadline: Deadline, gate: Callable[[], object] = lambda: None
    ) -> Iterator[list[Answer]]:
        """Note what is sent in the block, which puts its answer into the list; what goes wrong becomes our error.

        `gate` is what the request waits for right before its first byte leaves, when the connection stands.
        """
        deadline.begin_request(gate)
        at, began, answers = self._clock.now(), self._clock.elapsed(), list[Answer]()
        try:
            yield answers
            if deadline.expired:
                raise TimeoutError
        except NO_ADDRESS as error:
            raise WrongAddressError(f"{self._address_of(verb)} is not an address that can be asked.") from error
        except LOST as error:
            raise lost(verb, sent=deadline.sent, reason=reason_of(error, deadline, self._waits.read_s)) from error
        finally:
            answer = answers[0] if answers else None
            call = Call(
                account=self._account.name,
                at=at,
                method=verb.method,
                path=path,
                status=answer.status if answer else None,
                tracking_id=answer.tracking_id if answer else None,
                strange=answer is not None and not answer.is_in_words(verb),
            )
            self._note(verb, call, answer, self._clock.elapsed() - began)

    def _note(self, verb: Endpoint, call: Call, answer: Answer | None, seconds: float) -> None:
        log.info(
            "zoom_called",
            account=call.account,
            verb=verb.name,
            status=call.status,
            code=answer.code if answer else None,
            tracking_id=call.tracking_id,
            seconds=round(seconds, 3),
        )
        try:
            self._on_call(call)
        except ZoomOpsError as error:  # the note must not undo what was done
            log.warning("zoom_call_not_noted", account=call.account, verb=verb.name, reason=str(error))

    def _address_of(self, verb: Endpoint) -> str:
        return self._account.setting("OAUTH_URL" if verb.reads else "API_URL")

    def open_session(self) -> OAuth2Session:
        """Make a session with Zoom."""
        session = OAuth2Session(self._account.client_id, self._account.client_secret)
        session.headers["User-Agent"] = f"zoom_ops/{__version__}"
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        for scheme in ("http://", "https://"):
            session.mount(scheme, self._transport)
        return session
