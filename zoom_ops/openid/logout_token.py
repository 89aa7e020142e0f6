"""Check of a logout token, by which a provider says that somebody signed out (OpenID Connect Back-Channel Logout 1.0).

It looks much like an ID token, so each check refuses what may be the other one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from .signed import LEEWAY_S, read_signed, refusing
from .wire import NotProvenError

if TYPE_CHECKING:  # loaded by the first token
    from joserfc.jwk import KeySet

FRESH = timedelta(minutes=10)  # after it was issued; providers send it at once, and some try again
LONGEST = 16_384  # characters of a token
_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_TYPE, _TYPES = "logout+jwt", ("logout+jwt", "jwt")
_LONGEST_ID = 255  # characters; the subject's by OpenID Connect Core
_DOUBT = "The sign-in provider's word that somebody signed out cannot be believed"


@dataclass(frozen=True, kw_only=True)
class SignedOut:
    """What a provider says with a logout token: who signed out there, and of which session."""

    issuer: str
    subject: str | None  # None: whoever has the session
    sid: str | None = field(repr=False)  # None: all sessions of the subject
    token_id: str = field(repr=False)
    ends: datetime  # when the token is too old to be taken

    def __post_init__(self) -> None:
        if self.subject is None and self.sid is None:
            raise NotProvenError(f"{_DOUBT}: it names nobody.")


def check_logout_token(token: str, keys: "KeySet", *, issuer: str, client_id: str, now: datetime) -> SignedOut:
    """Check a logout token; raise NotProvenError, which names the failed check. Whether it was used is not checked."""
    if len(token) > LONGEST:
        raise NotProvenError(f"{_DOUBT}: it is too long.")
    with refusing(_DOUBT):
        signed = read_signed(token, keys)
    claims = signed.claims
    if failed := _find_fault(signed.header, claims, issuer, client_id, now.timestamp()):
        raise NotProvenError(f"{_DOUBT}: {failed}.")
    return SignedOut(
        issuer=issuer,
        subject=claims.get("sub"),
        sid=claims.get("sid"),
        token_id=claims["jti"],
        ends=datetime.fromtimestamp(int(claims["iat"]), UTC) + FRESH + timedelta(seconds=LEEWAY_S),
    )


def is_logout(header: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
    """Return whether a token is, or may be taken for, a logout token."""
    events = claims.get("events")
    return _type_of(header) == _TYPE or (isinstance(events, dict) and _EVENT in events)


def _find_fault(
    header: Mapping[str, Any], claims: Mapping[str, Any], issuer: str, client_id: str, now: float
) -> str | None:
    """Return the name of the failed check of a token whose signature is right, or None."""
    audience, events = claims.get("aud"), claims.get("events")
    is_ours = audience == client_id or (isinstance(audience, list) and client_id in audience)
    checks = {
        "typ": _type_of(header) in _TYPES,
        "iss": claims.get("iss") == issuer,
        "aud": is_ours,
        "iat": _is_time(claims.get("iat"), now - FRESH.total_seconds() - LEEWAY_S, now + LEEWAY_S),
        "exp": "exp" not in claims or _is_time(claims["exp"], now - LEEWAY_S, 2**35),
        "events": isinstance(events, dict) and isinstance(events.get(_EVENT), dict),
        "nonce": "nonce" not in claims,
        "jti": is_id(claims.get("jti")),
        "sub": "sub" not in claims or is_id(claims["sub"]),
        "sid": "sid" not in claims or is_id(claims["sid"]),
    }
    return next((name for name, holds in checks.items() if not holds), None)


def _type_of(header: Mapping[str, Any]) -> str:
    """Return the type of a token in small letters; one without a type is a JWT."""
    return str(header.get("typ", "jwt")).lower().removeprefix("application/")


def _is_time(value: Any, after: float, until: float) -> bool:
    """Return whether this is a time between two, in seconds since 1970."""
    return isinstance(value, int | float) and not isinstance(value, bool) and after < value <= until


def is_id(value: Any) -> bool:
    """Return whether this names somebody or something, in characters that every database takes."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isprintable()
