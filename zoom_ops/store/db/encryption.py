"""Encryption of the columns that hold secrets: passcodes, panelist links, tokens, notifications."""

import hashlib
import hmac
import zlib
from collections.abc import Sequence

from ...errors import ConfigurationError

_PACKED = b"x"  # the first byte of what zlib packs; no JSON begins with it
KEY_CHECK = "key_check"  # the row of `meta` with an encrypted word: only the key of its database decrypts it


class SecretBox:
    """Encryption with Fernet keys: the first key encrypts, every key decrypts."""

    def __init__(self, keys: Sequence[str]) -> None:
        from cryptography.fernet import Fernet, MultiFernet  # here, since most commands decrypt nothing

        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise ConfigurationError("SECRET_KEY is not a Fernet key (44 characters of URL-safe base64).") from error
        self._peppers = [hashlib.sha256(f"fingerprint {key}".encode()).digest() for key in keys] or [b""]

    def fingerprint(self, *texts: str) -> str:
        """Return a keyed hash of texts (64 hexadecimal digits), to compare them later without storing them."""
        return self.fingerprints(*texts)[0]

    def fingerprints(self, *texts: str) -> tuple[str, ...]:
        """Return the fingerprint of texts by each key, the present one first, for what an earlier key has signed."""
        text = "\0".join(texts).encode()
        return tuple(hmac.new(pepper, text, hashlib.sha256).hexdigest() for pepper in self._peppers)

    def seal(self, text: str | None) -> bytes | None:
        """Encrypt a text; None stays None."""
        return None if text is None else self._fernet.encrypt(text.encode())

    def unseal(self, sealed: bytes | None) -> str | None:
        """Decrypt what `seal` returned; None stays None. Raise ConfigurationError where no key fits."""
        return None if sealed is None else self._decrypt(sealed).decode()

    def seal_packed(self, document: bytes) -> bytes:
        """Pack and encrypt JSON of any length. Fernet makes eight copies of what it encrypts."""
        return self._fernet.encrypt(zlib.compress(document, 1))

    def unseal_packed(self, sealed: bytes) -> bytes:
        """Decrypt what `seal_packed` returned, or `seal` for JSON. Raise ConfigurationError where no key fits."""
        document = self._decrypt(sealed)
        return zlib.decompress(document) if document.startswith(_PACKED) else document

    def _decrypt(self, sealed: bytes) -> bytes:
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise ConfigurationError(
                "SECRET_KEY does not fit this database: what it holds cannot be decrypted."
            ) from error


def make_key() -> str:
    """Generate a new secret key."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()
