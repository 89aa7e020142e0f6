"""Texts of events made clean: a line, a text, and an id out of a name."""

import hashlib
import re

from ..linear import normalize
from ..link_keys import BEGINS, without_keys

_UNWANTED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def clean_line(text: str) -> str:
    """Join a text to one line, without control characters, direction overrides and keys of links for members."""
    if text.isprintable() and "  " not in text and BEGINS not in text:  # nearly all are so
        return text.strip(" ")
    return " ".join(_without_keys(_UNWANTED.sub("", text.replace("\r", "\n"))).split())


def clean_text(text: str) -> str:
    """Remove what `clean_line` removes, and trailing spaces, from a text of several lines."""
    lines = _without_keys(_UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _without_keys(text: str) -> str:
    return without_keys(text) if BEGINS in text else text


def make_slug(*parts: str | None) -> str:
    """Build an event id from series and name: case-folded ASCII letters, digits and dashes, at most 100 characters.

    If letters are lost or the end is cut, a digest of the full text is added, so different titles have different ids.
    """
    title = " ".join(clean_line(part) for part in parts if part)
    text = normalize("NFKD", title.casefold()).casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", text.encode("ascii", "ignore").decode()).strip("-")
    letters_lost = any(letter.isalnum() and not letter.isascii() for letter in text)
    if slug and not letters_lost and len(slug) <= 100:
        return slug
    kept = slug if len(slug) <= 91 else slug[:92].rpartition("-")[0] or slug[:91]
    return f"{kept or 'event'}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
