"""Check what a provider signed: by whom, for whom, until when, and in answer to which question."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from .errors import NotProvenError

_LEEWAY_S = 60  # between two machines' clocks
_SIGNED_BY_A_KEY_PAIR = [
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
]  # never by the client's secret, nor by nothing


class UnknownKeyError(NotProvenError):
    """The sign-in provider signed with a key that it did not publish."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What must be so for a token to be believed."""

    issuer: str
    client_id: str
    nonce: str
    now: datetime


def check_id_token(token: dict[str, Any], keys: KeySet, expected: Expected) -> dict[str, Any]:
    """Check an ID token and give its claims; NotProvenError says what is wrong with it."""
    try:
        signed = jwt.decode(str(token.get("id_token") or ""), keys, registry=_registry())
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
        raise NotProvenError(f"The sign-in provider's word cannot be believed: {_complaint(error)}.") from error
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise NotProvenError("The sign-in provider's word cannot be believed: it names nobody.")
    return dict(claims)


def read_keys(document: dict[str, Any]) -> KeySet:
    """Read the keys that a provider signs with; those of a kind that we do not know are left out."""
    keys = []
    for key in document.get("keys") or ():
        with suppress(JoseError, ValueError, TypeError, KeyError):
            keys.extend(KeySet.import_key_set({"keys": [key]}).keys)
    return KeySet(keys)


def _registry() -> JWSRegistry:
    return JWSRegistry(algorithms=_SIGNED_BY_A_KEY_PAIR, strict_check_header=False)


def _complaint(error: Exception) -> str:
    """Say which check failed, in the library's short name of it, for its message may hold what was claimed."""
    claim = getattr(error, "claim", None)
    return str(getattr(error, "error", None) or type(error).__name__) + (f" ({claim})" if claim else "")
