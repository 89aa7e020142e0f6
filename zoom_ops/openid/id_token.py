"""Check of an ID token: signature, issuer, audience, expiry and nonce."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .wire import NotProvenError

if TYPE_CHECKING:  # loaded by the first sign-in at a provider
    from joserfc.jwk import KeySet

_LEEWAY_S = 60  # for clocks of two machines that differ
_ALGORITHMS = [  # key pairs only: never HMAC with the client's secret, never "none"
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
]


class UnknownKeyError(NotProvenError):
    """The sign-in provider signed with a key that it did not publish."""


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
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError, JoseError
    from joserfc.jws import JWSRegistry

    registry = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
    try:
        signed = jwt.decode(str(token.get("id_token") or ""), keys, registry=registry)
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
        claims.validate(now=int(expected.now.timestamp()), leeway=_LEEWAY_S)
    except InvalidKeyIdError as error:
        raise UnknownKeyError from error
    except (JoseError, ValueError, TypeError, KeyError) as error:
        claim = getattr(error, "claim", None)
        failed = str(getattr(error, "error", None) or type(error).__name__) + (f" ({claim})" if claim else "")
        # the library's short name of the check: its message may hold values of claims
        raise NotProvenError(f"The sign-in provider's word cannot be believed: {failed}.") from error
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise NotProvenError("The sign-in provider's word cannot be believed: it names nobody.")
    return dict(claims)


def read_keys(document: dict[str, Any]) -> "KeySet":
    """Parse the keys that a provider signs with. Keys of unknown kinds are left out."""
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    keys = []
    for key in document.get("keys") or ():
        with suppress(JoseError, ValueError, TypeError, KeyError):
            keys.extend(KeySet.import_key_set({"keys": [key]}).keys)
    return KeySet(keys)
