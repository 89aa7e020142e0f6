"""Signatures by the rules of Standard Webhooks: secrets, signing, and whether a signature is genuine.

https://www.standardwebhooks.com. What is signed is the id of a message, its time and its body.
"""

import base64
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from standardwebhooks import Webhook as Signer

PREFIX = "whsec_"
ID, TIME, SIGNATURES = "webhook-id", "webhook-timestamp", "webhook-signature"  # headers, in small letters
TOLERANCE = timedelta(minutes=5)  # between the clock of the sender and ours, either way
_BYTES = range(24, 65)  # lengths of a secret that Standard Webhooks allows
_MOST_SIGNATURES = 10


def one_or_list(given: Any) -> Any:
    """Parse a JSON list; a single value becomes a list of one."""
    if not isinstance(given, str):
        return given
    if not given.lstrip().startswith("["):
        return (given,)
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        raise ValueError('expected one value, or a JSON list such as ["one", "two"].') from None


def _check_secrets(secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if not secrets or not all(_is_fit_to_sign(secret.get_secret_value()) for secret in secrets):
        raise ValueError(f"expected {PREFIX} and then 24 to 64 random bytes in base64.")
    return secrets


def _is_fit_to_sign(secret: str) -> bool:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        return False
    return secret.startswith(PREFIX) and len(key) in _BYTES


SigningSecrets = Annotated[
    tuple[SecretStr, ...], Field(strict=False), BeforeValidator(one_or_list), AfterValidator(_check_secrets)
]
"""One secret, or several while one is replaced."""


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What the headers of a signed message say."""

    id: str
    at: datetime
    signatures: tuple[str, ...] = field(repr=False)


def sign(secret: str, message_id: str, at: datetime, body: str) -> str:
    """Sign a message. `at` is in UTC."""
    return Signer(secret).sign(message_id, at, body)


def parse_signed(headers: Mapping[str, str], now: datetime) -> Signed | None:
    """Parse the headers of a signed message; None if one is missing or malformed, or if the time is not about now."""
    message_id, time, signatures = (headers.get(name, "") for name in (ID, TIME, SIGNATURES))
    if not (message_id and signatures and re.fullmatch(r"[1-9][0-9]{0,10}", time)):
        return None
    at = datetime.fromtimestamp(int(time), UTC)
    if abs(at - now) > TOLERANCE:
        return None
    return Signed(id=message_id, at=at, signatures=tuple(signatures.split()[:_MOST_SIGNATURES]))


def is_genuine(signed: Signed, body: bytes, secrets: Sequence[str]) -> bool:
    """Return whether one of the secrets signed a body. Each signature is compared with each, in constant time."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    expected = [sign(secret, signed.id, signed.at, text) for secret in secrets]
    return _any_equal((ours, given) for ours in expected for given in signed.signatures)


def is_bearer(headers: Mapping[str, str], secrets: Sequence[str]) -> bool:
    """Return whether `Authorization: Bearer` shows one of the secrets. Each is compared in constant time."""
    scheme, _, shown = headers.get("authorization", "").partition(" ")
    return _any_equal((secret, shown.strip()) for secret in secrets) and scheme.lower() == "bearer"


def _any_equal(pairs: Iterable[tuple[str, str]]) -> bool:
    """Return whether the two of a pair are equal. All pairs are compared, also after one that is."""
    return sum(hmac.compare_digest(one.encode(), other.encode()) for one, other in pairs) > 0
