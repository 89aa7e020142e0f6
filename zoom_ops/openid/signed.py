"""Tokens that a provider signs: the check of a signature by the keys that it publishes."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from .wire import NotProvenError

if TYPE_CHECKING:  # loaded by the first token of a provider
    from joserfc.jwk import KeySet
    from joserfc.jwt import Token

LEEWAY_S = 60  # for clocks of two machines that differ
_MOST_KEYS, _LONGEST_PART = 100, 3_000  # characters of a part: an RSA key of 16,384 bits has 2,731
_PUBLIC = frozenset({"kty", "kid", "use", "key_ops", "alg", "crv", "x", "y", "n", "e"})
_ALGORITHMS = [  # key pairs only: never HMAC with the client's secret, never "none"
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
]


class UnknownKeyError(NotProvenError):
    """The sign-in provider signed with a key that it did not publish."""


def read_signed(token: str, keys: "KeySet") -> "Token":
    """Check the signature of a token and return its header and claims. Use it within `refusing`."""
    from joserfc import jwt
    from joserfc.jws import JWSRegistry

    return jwt.decode(token, keys, registry=JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False))


@contextmanager
def refusing(said: str) -> Iterator[None]:
    """Turn the errors of a check into NotProvenError, which says `said` and names the failed check."""
    from joserfc.errors import InvalidKeyIdError, JoseError

    try:
        yield
    except InvalidKeyIdError as error:
        raise UnknownKeyError from error
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        claim = getattr(error, "claim", None)
        failed = str(getattr(error, "error", None) or type(error).__name__) + (f" ({claim})" if claim else "")
        # the library's short name of the check: its message may hold values of claims
        raise NotProvenError(f"{said}: {failed}.") from error


def read_keys(document: dict[str, Any]) -> "KeySet":
    """Parse the keys that a provider signs with, 100 at most. Unknown and too long ones are left out."""
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    published, keys = document.get("keys"), []
    for key in published[:_MOST_KEYS] if isinstance(published, list) else ():
        with suppress(JoseError, ValueError, TypeError, KeyError, AttributeError):
            keys.extend(KeySet.import_key_set({"keys": [_take_public(key)]}).keys)
    return KeySet(keys)


def _take_public(key: dict[str, Any]) -> dict[str, Any]:
    """Return the public part of a key. A private RSA key would be factorised, which may take minutes."""
    if any(len(value) > _LONGEST_PART for value in key.values() if isinstance(value, str)):
        raise ValueError("a key that is too long")
    return {name: value for name, value in key.items() if name in _PUBLIC}
