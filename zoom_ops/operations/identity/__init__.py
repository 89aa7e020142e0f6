"""Who is who: users, their sessions, tokens for scripts, and what a person may do here."""

from .digests import digest_of
from .door import Identity, Waits
from .passwords import Passwords
from .who import Who

__all__ = ["Identity", "Passwords", "Waits", "Who", "digest_of"]
