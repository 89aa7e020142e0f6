"""One attempt to send a message: within a deadline, without redirects. Only the status of the answer counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy

import requests
import structlog

from .. import __version__
from ..clock import Clock
from ..errors import shorten
from ..events import clean_line
from ..transport import LOST, NO_ADDRESS, Deadline, Transport, read_beginning, reason_of, retry_after
from .messages import Message, Webhook, sign

log = structlog.get_logger()
_GONE = 410
_BUSY = (429, 502, 503, 504)
_SNIPPET = 120


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The result of an attempt."""

    sentence: str
    status: int | None = None  # None: no answer
    said: str = field(default="", repr=False)  # the start of the answer's body: not for logs, may hold addresses
    retry_at: datetime | None = None  # the receiver's Retry-After

    @property
    def whole(self) -> str:
        """The sentence, followed by the start of the receiver's answer."""
        return f"{self.sentence} {self.said}".rstrip()

    @property
    def taken(self) -> bool:
        """Whether the receiver took the message."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no messages any more."""
        return self.status == _GONE

    @property
    def overloaded(self) -> bool:
        """Whether the receiver is down or overloaded, so that other messages to it should wait, too."""
        return self.status is None or self.status in _BUSY


class Sender:
    """Sends messages to webhooks, for all threads. Waits are in seconds; `deadline_s` limits the whole call."""

    def __init__(self, clock: Clock, *, connect_s: float = 3, read_s: float = 10, deadline_s: float = 15) -> None:
        self._clock = clock
        self._connect_s, self._read_s, self._deadline_s = connect_s, read_s, deadline_s
        self._transport = Transport(read_beginning)

    def send(self, webhook: Webhook, message: Message) -> Answer:
        """Send a message once. Raises nothing for a failure: that is an Answer, too."""
        now = self._clock.now()
        headers = sign(webhook, message, now) | {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        answer = self._post(webhook.url, message.body.encode(), headers, now)
        log.info("webhook_called", webhook=webhook.name, message=message.id, kind=message.kind, status=answer.status)
        return answer

    def _post(self, url: str, body: bytes, headers: Mapping[str, str], now: datetime) -> Answer:
        with Deadline(self._deadline_s, self._clock) as deadline:
            try:
                response = self._session().post(
                    url, body, headers=headers, allow_redirects=False, timeout=(self._connect_s, self._read_s)
                )
            except NO_ADDRESS:
                return Answer(sentence="Its URL is not an address that can be asked.")
            except LOST as error:
                return Answer(sentence=f"It did not answer: {reason_of(error, deadline, self._read_s)}.")
        return _read(response, now)

    def _session(self) -> requests.Session:
        """Build a session that keeps no cookies."""
        session = requests.Session()
        session.headers["User-Agent"] = f"zoom_ops/{__version__}"
        session.auth = lambda request: request  # else requests would add a password from the machine's .netrc
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        for scheme in ("http://", "https://"):
            session.mount(scheme, self._transport)
        return session


def _read(response: requests.Response, now: datetime) -> Answer:
    return Answer(
        status=response.status_code,
        sentence=f"It answered HTTP {response.status_code}.",
        said=shorten(clean_line(response.content.decode("utf-8", "replace")), _SNIPPET),
        retry_at=retry_after(response.headers.get("retry-after", ""), now),
    )
