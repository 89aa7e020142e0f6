"""Secrets that we hand out, each shown once: the database holds a digest of them."""

import hashlib
import secrets


def make_secret() -> str:
    """Make a secret of 256 bits."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Digest a secret that nobody can guess, so that none of the slow kind is needed: 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
