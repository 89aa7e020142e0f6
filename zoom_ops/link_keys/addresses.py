"""The form of a key in an address, and of what stands in its place where it is hidden. Pure.

A key stands in the record of a home and nowhere else: what we store, show and log of such an address has a digest in
its place (`hide_keys`).
"""

import re
from hashlib import sha256

_PARAMETER = "key"
BEGINS = "zopsk_"  # by which searches for secrets find a key, and logs hide it
_DIGITS, _SHOWN = 40, 12
_KEY = re.compile(rf"{BEGINS}[0-9a-f]{{{_DIGITS}}}")
_HIDDEN = re.compile(rf"{BEGINS}hidden_[0-9a-f]{{{_SHOWN}}}")
_ANY = re.compile(rf"{BEGINS}\w+")
_FIRST = re.compile(rf"\?{_PARAMETER}={BEGINS}\w+&(?:amp;)?")
_ALONE = re.compile(rf"(?:[?&](?:amp;)?{_PARAMETER}=)?{BEGINS}\w+")


def make_key(digest: str) -> str:
    """Build a key from the hexadecimal digits of a digest; 160 bits of it are kept."""
    return f"{BEGINS}{digest[:_DIGITS]}"


def is_key(text: str) -> bool:
    """Return whether a text has the form of a key."""
    return _KEY.fullmatch(text) is not None


def find_key(text: str) -> str | None:
    """Find a key in an address, or None."""
    match = _KEY.search(text)
    return match[0] if match else None


def with_key(address: str, key: str) -> str:
    """Return an address with a key."""
    return f"{address}{'&' if '?' in address else '?'}{_PARAMETER}={key}"


def hide_keys(text: str) -> str:
    """Put a digest in the place of each key, so that two keys still differ. Twice is another digest than once."""
    return _ANY.sub(lambda match: f"{BEGINS}hidden_{sha256(match[0].encode()).hexdigest()[:_SHOWN]}", text)


def hides_key(text: str) -> bool:
    """Return whether a key was hidden in a text."""
    return _HIDDEN.search(text) is not None


def without_keys(text: str) -> str:
    """Take keys out of a text, so that an address leads to the page where one signs in."""
    return _ALONE.sub("", _FIRST.sub("?", text))
