"""Encrypt what must not lie in the database in the clear: passcodes, panelist links, tokens, notifications."""

import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from ...errors import ConfigurationError


class SecretBox:
    """Fernet keys: the first encrypts, all decrypt."""

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise ConfigurationError("SECRET_KEY is not a Fernet key (44 characters of URL-safe base64).") from error
        self._pepper = hashlib.sha256(f"fingerprint {keys[0]}".encode()).digest() if keys else b""

    def fingerprint(self, *texts: str) -> str:
        """Tell texts apart from others without keeping them: a keyed hash, in 64 hexadecimal digits."""
        return hmac.new(self._pepper, "\0".join(texts).encode(), hashlib.sha256).hexdigest()

    def seal(self, text: str | None) -> bytes | None:
        """Encrypt a text; None stays None."""
        return None if text is None else self._fernet.encrypt(text.encode())

    def unseal(self, sealed: bytes | None) -> str | None:
        """Decrypt what `seal` made; None stays None."""
        if sealed is None:
            return None
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise ConfigurationError(
                "SECRET_KEY does not fit this database: what it holds cannot be decrypted."
            ) from error


def make_key() -> str:
    """Make a new secret key."""
    return Fernet.generate_key().decode()
