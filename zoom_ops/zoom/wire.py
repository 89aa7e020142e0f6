"""One request on its way: sent by a session of this thread, noted, and translated to an answer or an error of ours."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from threading import local
from typing import Any

import requests
import structlog
import urllib3
from authlib.integrations.requests_client import OAuth2Session

from .. import __version__
from ..clock import Clock
from ..errors import ZoomOpsError
from .accounts import Waits, ZoomAccount
from .answers import Answer, lost
from .calls import Call
from .deadline import Deadline
from .errors import WrongAddressError
from .transport import Transport
from .verbs import Verb

log = structlog.get_logger()

_NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    urllib3.exceptions.LocationValueError,
)
_TIMED_OUT = (requests.Timeout, urllib3.exceptions.TimeoutError)
_BROKEN = (requests.ConnectionError, urllib3.exceptions.ProtocolError)
_RUBBISH = (ValueError, LookupError)  # what the libraries let through of an answer that is not HTTP
_LOST = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, *_RUBBISH)


class Wire:
    """The way to Zoom for one account."""

    def __init__(self, account: ZoomAccount, clock: Clock, waits: Waits, on_call: Callable[[Call], None]) -> None:
        self._account = account
        self._clock = clock
        self._waits = waits
        self._on_call = on_call
        self._transport = Transport(pool_maxsize=50)
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
    def exchange(self, verb: Verb, path: str, deadline: Deadline) -> Iterator[list[Answer]]:
        """Note what is sent in the block, which puts its answer into the list; what goes wrong becomes our error."""
        deadline.sent = False
        at, began, answers = self._clock.now(), self._clock.elapsed(), list[Answer]()
        try:
            yield answers
            if deadline.expired:
                raise TimeoutError
        except _NO_ADDRESS as error:
            raise WrongAddressError(f"{self._address_of(verb)} is not an address that can be asked.") from error
        except _LOST as error:
            raise self._translate(verb, deadline, error) from error
        finally:
            answer = answers[0] if answers else None
            call = Call(
                account=self._account.name,
                at=at,
                method=verb.method,
                path=path,
                status=answer.status if answer else None,
                tracking_id=answer.tracking_id if answer else None,
            )
            self._note(verb, call, answer, self._clock.elapsed() - began)

    def _note(self, verb: Verb, call: Call, answer: Answer | None, seconds: float) -> None:
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

    def _translate(self, verb: Verb, deadline: Deadline, error: Exception) -> ZoomOpsError:
        if deadline.expired:
            reason = f"no whole answer came within {deadline.seconds:g} s"
        elif isinstance(error, _TIMED_OUT) and deadline.sent:
            reason = f"nothing came for {self._waits.read_s:g} s"
        elif isinstance(error, _RUBBISH) and not isinstance(error, OSError):
            reason = "its answer cannot be read"
        else:
            reason = ("the connection broke" if deadline.sent else "there is no connection") + _root_of(error)
        return lost(verb, sent=deadline.sent, reason=reason)

    def _address_of(self, verb: Verb) -> str:
        return self._account.setting("OAUTH_URL" if verb.reads else "API_URL")

    def open_session(self) -> OAuth2Session:
        """Make a session with Zoom."""
        session = OAuth2Session(self._account.client_id, self._account.client_secret)
        session.headers["User-Agent"] = f"zoom_ops/{__version__}"
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        for scheme in ("http://", "https://"):
            session.mount(scheme, self._transport)
        return session


def is_break(error: BaseException | None) -> bool:
    """Tell whether a connection broke, rather than nothing coming over it."""
    return isinstance(error, _BROKEN) and not isinstance(error, _TIMED_OUT)


def _root_of(error: BaseException) -> str:
    """Tell what the system said, if it did: "connection refused"; never an address, which may hold people."""
    found: Any = None
    step: BaseException | None = error
    while step is not None:
        found = step.strerror if isinstance(step, OSError) and step.strerror else found
        step = step.__cause__ or step.__context__
    return f" ({found.lower()})" if found else ""
