"""Pings of a monitor outside, which alarms when they stay away: Healthchecks or Cronitor.

https://healthchecks.io/docs/http_api/ and https://cronitor.io/docs/telemetry-api. A ping has a deadline and follows no
redirect. It tells the monitor nothing of events or people.
"""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import requests
import structlog

from .clock import Clock
from .errors import shorten
from .transport import LOST, NO_ADDRESS, Deadline, Transport, make_session, read_beginning, reason_of

log = structlog.get_logger()
Form = Literal["healthchecks", "cronitor"]
Signal = Literal["start", "success", "fail", "test"]
_CRONITOR_HOSTS = ("cronitor.link", "cronitor.io")
_HEALTHCHECKS_PATHS: dict[Signal, str] = {"start": "/start", "success": "", "fail": "/fail", "test": "/log"}
_CRONITOR_STATES: dict[Signal, str] = {"start": "run", "success": "complete", "fail": "fail", "test": "complete"}
_UNKNOWN = ("not found", "rate limited")  # healthchecks.io may answer 200 and say in words that it ignored the ping
_LONGEST = 1_000


@dataclass(frozen=True, kw_only=True)
class Monitor:
    """Where to ping, and in which form. Whoever knows the URL can ping in our name."""

    url: str = field(repr=False)
    form: Form


@dataclass(frozen=True, kw_only=True)
class Ping:
    """One request to a monitor."""

    method: Literal["GET", "POST"]
    url: str = field(repr=False)
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Whether a monitor took a ping; if not, why, in a sentence without the URL."""

    ok: bool
    sentence: str


def parse_monitor(text: str) -> Monitor:
    """Parse a monitor's address: the host tells the form, unless `healthchecks+` or `cronitor+` stands before it.

    Raise ValueError with a sentence that does not repeat the address.
    """
    prefix, plus, rest = text.partition("+")
    forced: Form | None = None
    if plus and ":" not in prefix:
        if prefix not in ("healthchecks", "cronitor"):
            raise ValueError("expected healthchecks+ or cronitor+ before the address, or nothing.")
        forced, text = ("cronitor" if prefix == "cronitor" else "healthchecks"), rest
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("https", "http") or any(letter.isspace() for letter in text):
        raise ValueError("expected an address that begins with https:// or http://, as the monitor shows it.")
    is_cronitor = any(host == known or host.endswith(f".{known}") for known in _CRONITOR_HOSTS)
    return Monitor(url=text, form=forced or ("cronitor" if is_cronitor else "healthchecks"))


def build_ping(monitor: Monitor, signal: Signal, round_id: str, text: str = "") -> Ping:
    """Build the request for a signal of a round. All signals of a round have its id, a UUID; `text` is for people."""
    parts = urlsplit(monitor.url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    said = shorten(text, _LONGEST) if text else ""
    if monitor.form == "healthchecks":
        path = parts.path.rstrip("/") + _HEALTHCHECKS_PATHS[signal]
        url = urlunsplit((parts.scheme, parts.netloc, path, urlencode([*query, ("rid", round_id)]), ""))
        return Ping(method="POST", url=url, body=said)
    further = [("state", _CRONITOR_STATES[signal]), ("series", round_id), *([("message", said)] if said else [])]
    return Ping(
        method="GET", url=urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode([*query, *further]), ""))
    )


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
