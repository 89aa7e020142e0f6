"""The address of a monitor, and the requests that it takes. Without HTTP: the settings load this.

https://healthchecks.io/docs/http_api/ and https://cronitor.io/docs/telemetry-api.
"""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlunsplit

from ..errors import shorten
from ..linear import split_url

Form = Literal["healthchecks", "cronitor"]
Signal = Literal["start", "success", "fail", "test"]
_CRONITOR_HOSTS = ("cronitor.link", "cronitor.io")
_HEALTHCHECKS_PATHS: dict[Signal, str] = {"start": "/start", "success": "", "fail": "/fail", "test": "/log"}
_CRONITOR_STATES: dict[Signal, str] = {"start": "run", "success": "complete", "fail": "fail", "test": "complete"}
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
        parts = split_url(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("https", "http") or any(letter.isspace() for letter in text):
        raise ValueError("expected an address that begins with https:// or http://, as the monitor shows it.")
    is_cronitor = any(host == known or host.endswith(f".{known}") for known in _CRONITOR_HOSTS)
    return Monitor(url=text, form=forced or ("cronitor" if is_cronitor else "healthchecks"))


def build_ping(monitor: Monitor, signal: Signal, round_id: str, text: str = "") -> Ping:
    """Build the request for a signal of a round. All signals of a round have its id, a UUID; `text` is for people."""
    parts = split_url(monitor.url)
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
