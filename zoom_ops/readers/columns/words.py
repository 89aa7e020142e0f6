"""The words of words.toml: headers by field and language, values by kind."""

import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from ...linear import normalize
from ...phrases.status import STATUS_WORDS

LANGUAGES = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "de": "German",
    "ru": "Russian",
    "zh": "Chinese",
    "it": "Italian",
    "pt": "Portuguese",
    "ar": "Arabic",
}
_WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
HEADERS: Mapping[str, Mapping[str, list[str]]] = _WORDS["headers"]


def fold_words(text: str) -> str:
    """Fold a text for a comparison: its words in lower case, without accents and signs, with single spaces."""
    folded = normalize("NFKD", text.casefold())
    letters = (sign for sign in folded if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in letters).split())


def find_value(kind: str, text: str) -> str | None:
    """Find the value that the text of a cell means: `find_value("status", "annulé")` is "cancelled"."""
    return _VALUES[kind].get(fold_words(text))


def list_values(kind: str) -> tuple[str, ...]:
    """List the values of a kind."""
    return tuple(dict.fromkeys(_VALUES[kind].values()))


_CONNECTIVES = frozenset(
    (
        *("a", "an", "at", "d", "da", "das", "de", "del", "della", "der", "des", "di", "die"),
        *("do", "du", "el", "for", "im", "in", "l", "la", "le", "of", "s", "the", "um"),
    )
)


def fold_header(text: str) -> str:
    """Fold a header without the words that only connect: "Hora inicio" is "hora de inicio"."""
    words = fold_words(text).split()
    return " ".join([word for word in words if word not in _CONNECTIVES] or words)


# the place of a word in its language decides between two columns of the same field
FIELDS = {
    fold_header(word): (field, place)
    for field, languages in reversed(list(HEADERS.items()))
    for words in languages.values()
    for place, word in reversed(list(enumerate(words)))
}
_VALUES = {
    kind: {fold_words(word): value for value, words in values.items() for word in words}
    for kind, values in _WORDS["values"].items()
}
_VALUES["status"] |= {fold_words(word): status for word, status in STATUS_WORDS.items()}
