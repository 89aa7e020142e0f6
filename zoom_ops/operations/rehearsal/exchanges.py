"""What was sent and answered in a rehearsal, without secrets, addresses and names of people."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ...zoom import Exchange

LONGEST_TEXT = 300  # characters of a text in a report
MOST_ROWS = 5  # rows of a list in a report
_HEADERS = ("x-ratelimit-category", "x-ratelimit-type", "x-ratelimit-limit", "x-ratelimit-remaining", "retry-after")
_HIDDEN = frozenset([
    "contact_name", "contact_email",
    "password", "encrypted_passcode", "h323_passcode", "pstn_password", "passcode", "recording_play_passcode",
    "download_access_token", "access_token", "refresh_token", "host_id", "account_id", "account_number", "id", "uuid",
    "user_id", "pmi", "personal_meeting_url", "jid", "first_name", "last_name", "display_name", "phone_number",
    "phone_country", "pic_url", "cms_user_id", "dept", "host_key", "employee_unique_id", "company", "location",
    "manager", "job_title", "vanity_url", "group_ids", "im_group_ids", "division_ids", "cost_center",
])  # fmt: skip
_ADDRESS = re.compile(r"[^\s@<>\"',;:/]+@[^\s@<>\"',;:/]+")
_URL = re.compile(r"https?://\S+")
_OPAQUE = re.compile(r"\b(?=[a-z_+/=.~-]*[A-Z0-9])[A-Za-z0-9_+/=.~-]{20,}")  # words of small letters are names
_IP = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{0,4}:){3,}[0-9a-f]{0,4}\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b\d{9,}\b")


@dataclass(frozen=True)
class Redactor:
    """Replaces what a report must not hold. `known`: lower-case e-mail address → what stands in its place."""

    known: Mapping[str, str]

    def clean(self, value: Any, key: str = "") -> Any:
        """Return a JSON value without secrets, addresses and identifiers; long texts and lists are cut."""
        if key.rpartition(".")[2] in _HIDDEN and value not in (None, "", [], {}):
            return "…"
        if isinstance(value, Mapping):
            return {str(name): self.clean(part, str(name)) for name, part in value.items()}
        if isinstance(value, list | tuple):
            rows = any(isinstance(part, Mapping) for part in value)
            more = [f"… {len(value) - MOST_ROWS} more"] if rows and len(value) > MOST_ROWS else []
            return [*(self.clean(part) for part in (value[:MOST_ROWS] if rows else value)), *more]
        if isinstance(value, int) and not isinstance(value, bool) and value > 10**9:
            return "…"
        return self.text(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        """Return a text without addresses, links and long identifiers."""
        text = _URL.sub("<link>", text)
        text = _ADDRESS.sub(lambda found: self.known.get(found[0].lower(), "<somebody>"), text)
        text = _NUMBER.sub("<number>", _OPAQUE.sub("<id>", _IP.sub("<IP address>", text)))
        return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}… ({len(text)} characters)"

    def path(self, path: str) -> str:
        """Return a path whose parts are cleaned one by one."""
        parts = (unquote(unquote(part)) for part in path.split("/"))
        return "/".join(self._part(part) for part in parts)

    def _part(self, part: str) -> str:
        return "<id>" if part.isdigit() or "/" in part or part.endswith("=") else self.text(part)


def exchange_json(number: int, exchange: Exchange, redactor: Redactor) -> dict[str, Any]:
    """Build the JSON of one exchange: what was asked, what came back, the rate-limit headers, how long it took."""
    answer = exchange.answer
    return {
        "number": number,
        "call": exchange.endpoint.name,
        "method": exchange.endpoint.method,
        "path": redactor.path(exchange.path),
        "query": redactor.clean(exchange.content.get("params") or {}),
        "sent": redactor.clean(exchange.content.get("json") or {}),
        "status": answer.status if answer else None,
        "answer": redactor.clean(answer.json) if answer and answer.json is not None else None,
        "headers": _limits_of(exchange),
        "seconds": round(exchange.seconds, 3),
    }


def slowest(exchanges: Iterable[Exchange]) -> dict[str, float]:
    """Return the longest time of each kind of call, in seconds."""
    longest: dict[str, float] = {}
    for exchange in exchanges:
        longest[exchange.endpoint.name] = max(longest.get(exchange.endpoint.name, 0), round(exchange.seconds, 3))
    return longest


def labels(exchanges: Iterable[Exchange]) -> dict[str, dict[str, str]]:
    """Return what Zoom's headers say of each kind of call: its rate-limit category and limits."""
    told: dict[str, dict[str, str]] = {}
    for exchange in exchanges:
        headers = _limits_of(exchange)
        if found := {name.removeprefix("x-ratelimit-"): headers[name] for name in _HEADERS[:3] if name in headers}:
            told[exchange.endpoint.name] = found
    return told


def _limits_of(exchange: Exchange) -> dict[str, str]:
    """Return the headers of an answer that speak of rate limits, by their names in small letters."""
    told = {name.lower(): value for name, value in (exchange.answer.headers if exchange.answer else {}).items()}
    return {name: told[name] for name in _HEADERS if name in told}
