"""Check of an ID token: signature, issuer, audience, expiry and nonce."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .logout_token import is_logout
from .signed import LEEWAY_S, read_signed, refusing
from .wire import NotProvenError

if TYPE_CHECKING:  # loaded by the first sign-in at a provider
    from joserfc.jwk import KeySet

_DOUBT = "The sign-in provider's word cannot be believed"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The values that a valid token must have."""

    issuer: str
    client_id: str
    nonce: str
    now: datetime


def check_id_token(token: dict[str, Any], keys: "KeySet", expected: Expected) -> dict[str, Any]:
    """Check an ID token and return its claims; raises NotProvenError, which names the failed check."""
    from authlib.oidc.core import CodeIDToken

    with refusing(_DOUBT):
        signed = read_signed(str(token.get("id_token") or ""), keys)
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
                "nonce": {"essential": True, "value": expected.nonce},
            },
            {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(expected.now.timestamp()), leeway=LEEWAY_S)
    if is_logout(signed.header, signed.claims):
        raise NotProvenError(f"{_DOUBT}: it says that somebody signed out.")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise NotProvenError(f"{_DOUBT}: it names nobody.")
    return dict(claims)
