"""Passwords: which may be set, hashing, verification."""

import secrets
from base64 import b64encode
from threading import BoundedSemaphore
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from ..errors import BadInputError
from ..linear import normalize
from .guessable import is_easy, is_name

SHORTEST, LONGEST = 12, 1024  # characters
_AT_ONCE = 1  # hash: a flood of sign-ins takes one processor at most, and little memory
Flaw = Literal["unreadable", "length", "easy", "name"]
_SENTENCES: dict[Flaw, str] = {
    "unreadable": "This password is no UTF-8, so that no page could send it. Type it again.",
    "length": f"A password has at least {SHORTEST} characters, and at most {LONGEST}.",
    "easy": "This password is easy to guess: many people use it, or it is one or two words with few digits, or it"
    " repeats one short text. Choose several words that do not belong together.",
    "name": "This password is only the login, the name of the user or of the organisation, with digits and signs or"
    " without. Choose several words that do not belong together.",
}
_SYLLABLES = [first + second for first in "bdfghjklmnprstvz" for second in "aeiou"]  # 80: 6.3 bits each


class UnusablePasswordError(BadInputError):
    """A password that nobody may set. `flaw` says why, for pages that say it in the reader's language."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(_SENTENCES[flaw])
        self.flaw = flaw


class Passwords:
    """Argon2id with the parameters that OWASP recommends where memory is short: 7 MiB, five passes, one thread.

    OWASP has them as equal to 19 MiB and two passes, which take as long.
    """

    def __init__(self, hasher: PasswordHasher | None = None, organisation: str = "") -> None:
        self.organisation = organisation  # its name is no password
        self._hasher = hasher or PasswordHasher(time_cost=5, memory_cost=7 * 1024, parallelism=1)
        self._slots = BoundedSemaphore(_AT_ONCE)
        self._dummy = kept_of_nobody(self._hasher)

    def hash_new(self, password: str, *names: str) -> str:
        """Return the hash of a password that somebody sets. Raise UnusablePasswordError as `check_password` does."""
        check_password(password, *names, self.organisation)
        return self.hash(password)

    def hash(self, password: str) -> str:
        """Return the hash of a password, also of one that could not be set today. Raise UnusablePasswordError."""
        normal = _normal(password)
        if normal is None:
            raise UnusablePasswordError("length")
        with self._slots:
            return self._hasher.hash(normal)

    def verify(self, password: str, kept: str | None) -> bool:
        """Return whether a password matches its hash.

        Without a hash, and for a password that is too long, it takes equally long and returns False.
        """
        normal = _normal(password)
        known = None if normal is None else kept
        with self._slots:
            try:
                return self._hasher.verify(known or self._dummy, normal or "") and known is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_dated(self, kept: str) -> bool:
        """Return whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


def check_password(password: str, *names: str) -> None:
    """Raise UnusablePasswordError for a password that nobody may set. `names`: of the user and of the organisation.

    These are the rules of NIST SP 800-63B (3.1.1.2): a minimum length, a list of common passwords, nothing that comes
    from the context, and no rule about kinds of characters. They hold where a person sets a password. One that was set
    before goes on.
    """
    if any("\ud800" <= sign <= "\udfff" for sign in password[: 4 * LONGEST]):
        raise UnusablePasswordError("unreadable")
    normal = _normal(password)
    if normal is None or len(normal) < SHORTEST:
        raise UnusablePasswordError("length")
    if any(is_name(normal, name) for known in names for name in (known, known.partition("@")[0])):
        raise UnusablePasswordError("name")
    if is_easy(normal, SHORTEST):
        raise UnusablePasswordError("easy")


def make_password() -> str:
    """Generate a password of about 75 bits that can be read aloud."""
    return "-".join("".join(secrets.choice(_SYLLABLES) for _ in range(3)) for _ in range(4))


def kept_of_nobody(hasher: PasswordHasher) -> str:
    """Build a random hash that no known password matches. It takes as long to verify as any, and none to build."""
    numbers = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=") for length in (hasher.salt_len, hasher.hash_len)
    )
    return f"$argon2id$v={ARGON2_VERSION}${numbers}${salt}${digest}"


def _normal(password: str) -> str | None:
    """Normalise to NFKC, because keyboards encode the same character differently. Return None if it is too long.

    Four characters as typed may become one, so this much is normalised, and no more.
    """
    normal = normalize("NFKC", password[: 4 * LONGEST])
    return normal if len(password) <= 4 * LONGEST and len(normal) <= LONGEST else None
