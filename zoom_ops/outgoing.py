"""Outgoing webhooks: messages to the URLs in the settings, signed and repeated by the rules of Standard Webhooks.

https://www.standardwebhooks.com. An attempt has a deadline and follows no redirect; only the answer's status counts.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from .access import VISITOR, Reader
from .clock import Clock
from .errors import shorten
from .events import clean_line
from .happenings import KINDS
from .signing import ID, SIGNATURES, TIME
from .signing import sign as sign_with
from .tracing import request
from .transport import LOST, NO_ADDRESS, Deadline, Transport, make_session, read_beginning, reason_of, retry_after

log = structlog.get_logger()
_GONE = 410
_BUSY = (429, 502, 503, 504)
_SNIPPET = 120
_WAITS = (  # between attempts, as Standard Webhooks recommends
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
ATTEMPTS = 1 + len(_WAITS)  # over about three days
_JITTER = 0.1


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """Another system that receives messages."""

    name: str
    url: str = field(repr=False)  # may hold a password
    secrets: tuple[str, ...] = field(repr=False)  # each of them signs; there are two while one is replaced
    kinds: tuple[str, ...] = KINDS  # of messages that it receives
    reader: Reader = VISITOR  # messages hold what this reader may see


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message to a webhook. All attempts have the same id, so that receivers recognise repetitions."""

    id: str
    kind: str
    at: datetime  # when it happened
    content: Mapping[str, Any] = field(repr=False)

    @property
    def body(self) -> str:
        """The body as it is sent and signed."""
        instant = self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        message = {"type": self.kind, "timestamp": instant, "data": self.content}
        return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def new_message_id() -> str:
    """Build the id of a message. It has no full stop, because full stops separate the signed parts."""
    return f"msg_{secrets.token_hex(16)}"


def sign(webhook: Webhook, message: Message, now: datetime) -> dict[str, str]:
    """Build the headers of an attempt: id, time, and a signature by each secret."""
    signatures = [sign_with(secret, message.id, now, message.body) for secret in webhook.secrets]
    return {ID: message.id, TIME: str(int(now.timestamp())), SIGNATURES: " ".join(signatures)}


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
    def outcome(self) -> str:
        """The result in a word, for the metrics."""
        return "taken" if self.taken else "refused" if self.status else "unanswered"

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
        with request("POST", webhook.url, {"zoom_ops.webhook": webhook.name}) as span:
            answer = self._post(webhook, message)
            span.note({"http.response.status_code": answer.status})
            if not answer.taken:
                span.fail(str(answer.status or answer.outcome), answer.sentence)
        log.info("webhook_called", webhook=webhook.name, message=message.id, kind=message.kind, status=answer.status)
        return answer

    def _post(self, webhook: Webhook, message: Message) -> Answer:
        now = self._clock.now()
        headers = sign(webhook, message, now) | {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        with Deadline(self._deadline_s, self._clock) as deadline:
            try:
                response = make_session(self._transport).post(
                    webhook.url,
                    message.body.encode(),
                    headers=headers,
                    allow_redirects=False,
                    timeout=(self._connect_s, self._read_s),
                )
            except NO_ADDRESS:
                return Answer(sentence="Its URL is not an address that can be asked.")
            except LOST as error:
                return Answer(sentence=f"It did not answer: {reason_of(error, deadline, self._read_s)}.")
        return Answer(
            status=response.status_code,
            sentence=f"It answered HTTP {response.status_code}.",
            said=shorten(clean_line(response.content.decode("utf-8", "replace")), _SNIPPET),
            retry_at=retry_after(response.headers.get("retry-after", ""), now),
        )


def next_attempt(
    attempts: int,
    now: datetime,
    retry_after: datetime | None,
    chance: Callable[[], float],
    waits: Sequence[timedelta] = _WAITS,
) -> datetime | None:
    """Return when to retry after this number of attempts, not before `retry_after`; None after the last attempt.

    `chance` returns a number from 0 to 1 for the jitter: messages that failed together must not retry together.
    """
    if attempts > len(waits):
        return None
    planned = now + waits[attempts - 1] * (1 + _JITTER * chance())
    return max(planned, retry_after) if retry_after else planned
