"""What an answer of Zoom's means: an object, or one of our errors."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from .. import transport
from ..errors import AmbiguousError, TemporaryError, ZoomOpsError
from ..transport import within_a_day
from .accounts import ZoomAccount
from .endpoints import GET_RECORDING, Endpoint
from .errors import (
    CredentialError,
    MissingScopesError,
    NoLicenceError,
    NoRecordingError,
    WebinarGoneError,
    WrongAddressError,
    ZoomRefusedError,
)
from .parsing import as_int, as_key, as_moment, as_object, as_rows, as_text

INVALID_TOKEN = 124
_SCOPES_MISSING = (4700, 4711)
_GONE = 3001
_NO_RECORDING = 3301
_PAGE_EXPIRED = "next page token"
_BUSY = (408, 425)  # HTTP: too late, too early


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer as it came; Zoom's `code` in its body counts, not only the HTTP status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def json(self) -> Mapping[str, Any] | None:
        """The object in its body; None when there is none."""
        return as_object(self.body)

    @property
    def code(self) -> int:
        """Zoom's error code; 0 when there is none."""
        return as_int((self.json or {}).get("code")) or 0

    @property
    def message(self) -> str:
        """What Zoom says, and of which field."""
        told = self.json or {}
        fields = [
            ": ".join(filter(None, (as_text(row.get("field")), as_text(row.get("message")))))
            for row in as_rows(told.get("errors"))
        ]
        return " ".join(filter(None, [as_text(told.get("message")) or as_text(told.get("reason")), *fields]))

    @property
    def succeeded(self) -> bool:
        """Whether Zoom did as asked; a 2xx with an error code in its body is a failure."""
        return 200 <= self.status < 300 and not self.code

    def is_in_words(self, verb: Endpoint) -> bool:
        """Tell whether Zoom's API gives such an answer to a verb, and not a proxy: what was asked for, or a code."""
        if self.succeeded:
            return self.json is not None or (verb.writes and not verb.tells and not self.body.strip())
        return bool(self.code) or self.status == 429

    @property
    def lacks_scopes(self) -> bool:
        """Whether Zoom refused because the app has no scope for what was asked."""
        return self.code in _SCOPES_MISSING

    @property
    def tracking_id(self) -> str | None:
        """What Zoom's support asks for."""
        return as_key(self.headers.get("x-zm-trackingid"))


def read(verb: Endpoint, answer: Answer, account: ZoomAccount, now: datetime) -> Mapping[str, Any]:
    """Read an answer that is neither about the token nor about rate limits; raises what it means."""
    if not answer.succeeded:
        raise _error_of(verb, answer, account, now)
    if not answer.is_in_words(verb):
        raise lost(verb, sent=True, reason="its answer cannot be read")
    return answer.json or {}


def lost(verb: Endpoint, *, sent: bool, reason: str) -> TemporaryError:
    """Build the error of a request that got no answer; only a write that was sent leaves us in doubt."""
    if verb.writes and sent:
        return AmbiguousError(f"Zoom was asked to {verb.phrase}, and whether it did is not known: {reason}.")
    return TemporaryError(f"Zoom could not be asked to {verb.phrase}: {reason}.")


def _error_of(verb: Endpoint, answer: Answer, account: ZoomAccount, now: datetime) -> ZoomOpsError:
    if answer.code == INVALID_TOKEN:
        return CredentialError(f"Zoom refuses even a new access token of account {account.name}: {answer.message}")
    if answer.lacks_scopes:
        return _missing_scopes(verb, answer)
    if answer.status >= 500:
        error = lost(verb, sent=True, reason=f"it answered HTTP {answer.status}")
        error.retry_at = retry_after(answer, now)
        return error
    return _refusal(verb, answer) if answer.code else _stranger(verb, answer, account)


def _missing_scopes(verb: Endpoint, answer: Answer) -> MissingScopesError:
    named = re.search(r"scopes?:?\s*\[([^\]]*)\]", answer.message)
    scopes = tuple(scope for scope in re.split(r"[\s,]+", named.group(1)) if scope) if named else ()
    scopes = scopes or (f"{verb.granular}:admin",)
    return MissingScopesError(
        f"The Zoom app may not {verb.phrase}: add the scopes {', '.join(scopes)} to it.", scopes=scopes
    )


def _refusal(verb: Endpoint, answer: Answer) -> ZoomOpsError:
    told = answer.message
    if answer.code in (_NO_RECORDING, _GONE) and verb is GET_RECORDING:
        return NoRecordingError()
    if _PAGE_EXPIRED in told.lower() and not verb.writes:
        return lost(verb, sent=True, reason="it forgot its list halfway")
    kind, sentence = _meaning(verb, answer)
    return kind(sentence, code=answer.code, status=answer.status, message=told)


def _meaning(verb: Endpoint, answer: Answer) -> tuple[Callable[..., ZoomRefusedError], str]:
    if answer.code == _GONE and answer.status == 404 and verb.path.startswith("/webinars/"):
        return WebinarGoneError, f"Zoom could not {verb.phrase}: {answer.message} (code {_GONE})"
    if answer.code == 200 and "webinar plan" in answer.message.lower():
        return NoLicenceError, f"The host has no webinar licence: {answer.message} (code 200)"
    return ZoomRefusedError, f"Zoom refused to {verb.phrase}: {answer.message} (code {answer.code})"


def _stranger(verb: Endpoint, answer: Answer, account: ZoomAccount) -> ZoomOpsError:
    """Build the error of an answer that Zoom's API did not give: a proxy's page, a redirect, a wrong address."""
    if 300 <= answer.status < 400:
        return WrongAddressError(f"{account.setting('API_URL')} redirects elsewhere; Zoom's API does not.")
    hint = "." if answer.status in _BUSY else f"; is {account.setting('API_URL')} right?"
    return TemporaryError(
        f"Zoom could not be asked to {verb.phrase}: HTTP {answer.status}, not in the words of its API{hint}"
    )


def retry_after(answer: Answer, now: datetime) -> datetime | None:
    """Read Retry-After: at Zoom an instant, elsewhere seconds or an HTTP date; one in the past does not count."""
    told = answer.headers.get("retry-after") or ""
    instant = as_moment(told) if as_int(told) is None else None
    return within_a_day(instant, now) if instant else transport.retry_after(told, now)
