"""Zoom's answers, read as a JSON object or raised as the errors that they mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from .. import transport
from ..errors import AmbiguousError, TemporaryError, ZoomOpsError
from ..transport import within_a_day
from .accounts import ZoomAccount
from .endpoints import CREATE_WEBINAR, GET_RECORDING, LIST_RECORDINGS, LIST_WEBINARS, Endpoint
from .errors import (
    ConvertedError,
    CredentialError,
    ForbiddenError,
    MissingScopesError,
    NoLicenceError,
    NoRecordingError,
    UnchangeableError,
    UserGoneError,
    WebinarGoneError,
    WrongAddressError,
    ZoomRefusedError,
)
from .parsing import as_int, as_key, as_moment, as_object, as_rows, as_text

INVALID_TOKEN = 124
LONGEST_PAUSE = timedelta(minutes=15)  # that an answer may ask for, if it names no daily limit
_SCOPES_MISSING = (4700, 4711)
_GONE = 3001
_NO_RECORDING = 3301
_NO_USER = 1001
_OVERLOADED = 3000
_FORBIDDEN = 403
_BUSY = (408, 425)  # HTTP: too late, too early


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer as it came. Zoom's `code` in the body counts, not only the HTTP status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def json(self) -> Mapping[str, Any] | None:
        """The JSON object in its body, or None."""
        return as_object(self.body)

    @property
    def code(self) -> int:
        """Zoom's error code; 0 when there is none."""
        return as_int((self.json or {}).get("code")) or 0

    @property
    def message(self) -> str:
        """Zoom's message, with the messages about single fields."""
        body = self.json or {}
        fields = [
            ": ".join(filter(None, (as_text(row.get("field")), as_text(row.get("message")))))
            for row in as_rows(body.get("errors"))
        ]
        return " ".join(filter(None, [as_text(body.get("message")) or as_text(body.get("reason")), *fields]))

    @property
    def succeeded(self) -> bool:
        """Whether Zoom did what it was asked. A 2xx with an error code in its body is a failure."""
        return 200 <= self.status < 300 and not self.code

    def is_in_words(self, endpoint: Endpoint) -> bool:
        """Return whether Zoom's API gives such an answer (the expected body, or a code), not a proxy."""
        if self.succeeded:
            return self.json is not None or (endpoint.writes and not endpoint.needs_body and not self.body.strip())
        return bool(self.code) or self.status == 429

    @property
    def lacks_scopes(self) -> bool:
        """Whether Zoom refused because the app lacks a scope."""
        return self.code in _SCOPES_MISSING

    @property
    def tracking_id(self) -> str | None:
        """The id that Zoom's support asks for."""
        return as_key(self.headers.get("x-zm-trackingid"))


def read(endpoint: Endpoint, answer: Answer, account: ZoomAccount, now: datetime) -> Mapping[str, Any]:
    """Return the JSON object of an answer, or raise the error that it means. Rate limits are handled before."""
    if answer.succeeded:
        if not answer.is_in_words(endpoint):
            raise lost(endpoint, sent=True, reason="its answer cannot be read")
        return answer.json or {}
    if answer.code == INVALID_TOKEN:
        raise CredentialError(f"Zoom refuses even a new access token of account {account.name}: {answer.message}")
    if answer.lacks_scopes:
        match = re.search(r"scopes?:?\s*\[([^\]]*)\]", answer.message)
        named = tuple(scope for scope in re.split(r"[\s,]+", match.group(1)) if scope) if match else ()
        scopes = ", ".join(named) or f"{endpoint.granular}:admin"
        raise MissingScopesError(f"The Zoom app may not {endpoint.phrase}: add the scopes {scopes} to it.")
    if answer.status >= 500:
        error = lost(endpoint, sent=True, reason=f"it answered HTTP {answer.status}")
        error.retry_at = retry_after(answer, now)
        raise error
    if answer.code:
        raise _refusal(endpoint, answer)
    # It is not from Zoom's API: a proxy's page, a redirect, a wrong address.
    if 300 <= answer.status < 400:
        raise WrongAddressError(f"{account.setting('API_URL')} redirects elsewhere; Zoom's API does not.")
    hint = "." if answer.status in _BUSY else f"; is {account.setting('API_URL')} right?"
    kind = TemporaryError
    if answer.status == _FORBIDDEN:
        kind, hint = ForbiddenError, f"{hint} Or does the account at Zoom not accept the IP address of this server?"
    raise kind(f"Zoom could not be asked to {endpoint.phrase}: HTTP {answer.status}, not in the words of its API{hint}")


def lost(endpoint: Endpoint, *, sent: bool, reason: str) -> TemporaryError:
    """Build the error of a request without an answer: AmbiguousError for a write that was sent, else TemporaryError."""
    if endpoint.writes and sent:
        return AmbiguousError(f"Zoom was asked to {endpoint.phrase}, and whether it did is not known: {reason}.")
    return TemporaryError(f"Zoom could not be asked to {endpoint.phrase}: {reason}.")


def _refusal(endpoint: Endpoint, answer: Answer) -> ZoomOpsError:
    if answer.code in (_NO_RECORDING, _GONE) and endpoint is GET_RECORDING:
        return NoRecordingError()
    if "next page token" in answer.message.lower() and not endpoint.writes:  # the token has expired
        return lost(endpoint, sent=True, reason="it forgot its list halfway")
    kind, what = _kind_of(answer, endpoint), f"Zoom refused to {endpoint.phrase}"
    if answer.code == _GONE and answer.status == 404 and endpoint.path.startswith("/webinars/"):
        kind, what = WebinarGoneError, f"Zoom could not {endpoint.phrase}"
    elif answer.code == _NO_USER and endpoint in (CREATE_WEBINAR, LIST_WEBINARS):
        kind, what = NoLicenceError, "The host is no active user of the account"
    elif answer.code == _NO_USER and answer.status == 404 and endpoint is LIST_RECORDINGS:
        kind, what = UserGoneError, f"Zoom could not {endpoint.phrase}"
    elif answer.code == 200 and "webinar plan" in answer.message.lower():
        kind, what = NoLicenceError, "The host has no webinar licence"
    sentence = f"{what}: {answer.message} (code {answer.code})"
    return kind(sentence, code=answer.code, message=answer.message)


def _kind_of(answer: Answer, endpoint: Endpoint) -> type[ZoomRefusedError]:
    """Return the kind of a refusal with code 3000, which Zoom gives for many reasons: only the message tells them."""
    lowered = answer.message.lower()
    if answer.code != _OVERLOADED or not endpoint.path.startswith("/webinars/"):
        return ZoomRefusedError
    if "update or delete" in lowered or "updated or deleted" in lowered:
        return UnchangeableError
    return ConvertedError if re.search(r"cannot access (meeting|webinar) info", lowered) else ZoomRefusedError


def retry_after(answer: Answer, now: datetime, *, longest: timedelta = LONGEST_PAUSE) -> datetime | None:
    """Parse Retry-After: an instant from Zoom, seconds or an HTTP date from a proxy, at most so far ahead.

    None if it is in the past.
    """
    header = answer.headers.get("retry-after") or ""
    instant = as_moment(header) if as_int(header) is None else None
    moment = within_a_day(instant, now) if instant else transport.retry_after(header, now)
    return min(moment, now + longest) if moment else None
