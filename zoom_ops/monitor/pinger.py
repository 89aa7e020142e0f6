"""Pings of a monitor: each has a deadline, follows no redirect, and tells nothing of events or people."""

from dataclasses import dataclass

import requests
import structlog

from ..clock import Clock
from ..transport import LOST, NO_ADDRESS, Deadline, Transport, make_session, read_beginning, reason_of
from .address import Monitor, Signal, build_ping

log = structlog.get_logger()
_UNKNOWN = ("not found", "rate limited")  # healthchecks.io may answer 200 and say in words that it ignored the ping


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Whether a monitor took a ping; if not, why, in a sentence without the URL."""

    ok: bool
    sentence: str


class Pinger:
    """Pings monitors, for all threads. Waits are in seconds; `deadline_s` limits the whole call."""

    def __init__(self, clock: Clock, *, connect_s: float = 3, read_s: float = 10, deadline_s: float = 15) -> None:
        self._clock = clock
        self._connect_s, self._read_s, self._deadline_s = connect_s, read_s, deadline_s
        self._transport = Transport(read_beginning)

    def ping(self, monitor: Monitor, signal: Signal, round_id: str, text: str = "") -> Heard:
        """Send a signal once. Raises nothing for a failure."""
        ping = build_ping(monitor, signal, round_id, text)
        with Deadline(self._deadline_s, self._clock) as deadline:
            try:
                response = make_session(self._transport).request(
                    ping.method,
                    ping.url,
                    data=ping.body.encode(),
                    headers={"Content-Type": "text/plain; charset=utf-8", "Accept-Encoding": "identity"},
                    allow_redirects=False,
                    timeout=(self._connect_s, self._read_s),
                )
            except NO_ADDRESS:
                heard = Heard(ok=False, sentence="Its URL is not an address that can be asked.")
            except LOST as error:
                heard = Heard(ok=False, sentence=f"It did not answer: {reason_of(error, deadline, self._read_s)}.")
            else:
                heard = _read(response)
        if not heard.ok:  # what was heard is in the monitor's own log
            log.warning("monitor_unheard", signal=signal, reason=heard.sentence)
        return heard


def _read(response: requests.Response) -> Heard:
    """Read an answer. Its words are not passed on: they may repeat the address."""
    said = response.content.decode("utf-8", "replace").lower()
    if 200 <= response.status_code < 300:
        ignored = next((words for words in _UNKNOWN if words in said), None)
        return Heard(ok=not ignored, sentence=f"It answered: {ignored}." if ignored else "It was heard.")
    return Heard(ok=False, sentence=f"It answered HTTP {response.status_code}.")
