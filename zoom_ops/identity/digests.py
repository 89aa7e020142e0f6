"""Secrets that the service issues. Each is shown once; the database stores only its digest."""

import hashlib
import secrets


def make_secret() -> str:
    """Generate a secret of 256 bits."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return the SHA-256 digest of a secret as 64 hexadecimal digits. 256 random bits need no slow password hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
