"""Tokens that a provider signs: the check of a signature by the keys that it publishes."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from .wire import NotProvenError

if TYPE_CHECKING:  # loaded by the first token of a provider
    from joserfc.jwk import KeySet
    from joserfc.jwt import Token

LEEWAY_S = 60  # for clocks of two machines that differ
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
    """Parse the keys that a provider signs with. Keys of unknown kinds are left out."""
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    keys = []
    for key in document.get("keys") or ():
        with suppress(JoseError, ValueError, TypeError, KeyError):
            keys.extend(KeySet.import_key_set({"keys": [key]}).keys)
    return KeySet(keys)
