"""Passwords: which are taken, how they are kept, and whether one is right."""

import secrets
import unicodedata
from base64 import b64encode
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from ..errors import BadInputError

SHORTEST, LONGEST = 12, 1024
_AT_ONCE = 2  # each takes 64 MiB for a moment
_SYLLABLES = [first + second for first in "bdfghjklmnprstvz" for second in "aeiou"]  # 80: 6.3 bits each


class Passwords:
    """Argon2id, with the numbers of RFC 9106 for machines whose memory has other uses."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = BoundedSemaphore(_AT_ONCE)
        self._nobodys = kept_of_nobody(self._hasher)

    def hash(self, password: str) -> str:
        """Make what is kept of a password; raise BadInputError where it is too short."""
        check_password(password)
        with self._turn:
            return self._hasher.hash(_normal(password))

    def verify(self, password: str, kept: str | None) -> bool:
        """Tell whether a password is right; it takes as long where nobody has one."""
        with self._turn:
            try:
                return self._hasher.verify(kept or self._nobodys, _normal(password)[:LONGEST]) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_dated(self, kept: str) -> bool:
        """Tell whether what is kept was made with weaker numbers than today's."""
        return self._hasher.check_needs_rehash(kept)


def check_password(password: str) -> None:
    """Refuse a password by its length alone: what else it is made of is nobody's business."""
    if not SHORTEST <= len(_normal(password)) <= LONGEST:
        raise BadInputError(f"A password has at least {SHORTEST} characters, and at most {LONGEST}.")


def make_password() -> str:
    """Make a password of some 75 bits that can be read aloud."""
    words = ["".join(secrets.choice(_SYLLABLES) for _ in range(3)) for _ in range(4)]
    return "-".join(words)


def kept_of_nobody(hasher: PasswordHasher) -> str:
    """Make up what is kept of a password that nobody knows: as long to try as any, and made without trying."""
    numbers = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=") for length in (hasher.salt_len, hasher.hash_len)
    )
    return f"$argon2id$v={ARGON2_VERSION}${numbers}${salt}${digest}"


def _normal(password: str) -> str:
    """Write what two keyboards write in two ways in one way."""
    return unicodedata.normalize("NFKC", password)
