"""The words that the reader knows, from words.toml: labels, cities, zones, honorifics, roles."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from ..linear import normalize

_TABLES: Mapping[str, Any] = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def word_list(name: str) -> tuple[str, ...]:
    """Return a list of words, folded, in the order of the file."""
    return _folded(_TABLES["words"][name])


def phrase_list(name: str) -> list[str]:
    """Return a list of words as they begin in a line of words: behind a blank, but Chinese anywhere."""
    return [f" {phrase}" if phrase[0] < "\u3000" else phrase for phrase in word_list(name)]


def word_table(name: str) -> dict[str, str]:
    """Return the words of a table, folded, each with the name that it stands for."""
    return {word: key for key, words in _TABLES[name].items() for word in _folded(words)}


def phrase_table(name: str) -> dict[str, tuple[str, ...]]:
    """Return the lists of a table, folded, by their names."""
    return {key: _folded(words) for key, words in _TABLES[name].items()}


def pattern_of(name: str) -> str:
    """Return a regular expression for any phrase of a list about letters, in folded text."""
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in phrase_table("letters")[name])


def whole_words(name: str) -> re.Pattern[str]:
    """Return a pattern that finds any phrase of a list about letters as whole words, in folded text."""
    return re.compile(rf"(?<!\w)(?:{pattern_of(name)})(?!\w)")


def word_beginnings(name: str) -> re.Pattern[str]:
    """Return a pattern that finds words that begin with any phrase of a list about letters, in folded text."""
    return re.compile(rf"(?<!\w)(?:{pattern_of(name)})")


def raw_table(name: str) -> Mapping[str, str]:
    """Return a table as it is written."""
    table: Mapping[str, str] = _TABLES[name]
    return table


def words_of(text: str) -> list[str]:
    """List the words of a text, folded, without punctuation at their ends."""
    return [bare for word in fold(text).split() if (bare := word.strip(".,;:!?()[]{}|/\"'“”«»„•–—-*、，：（）。"))]


def fold(text: str) -> str:
    """Fold a text for a comparison: lower case, plain apostrophes, and no accents that Unicode can split from a letter.

    One character stays one character, so a position in the folded text is the same position in the text as written.
    """
    if text.isascii():  # most of them: a letter of 400 kB is folded often
        return text.lower().replace("`", "'")
    return "".join(map(_fold_character, text))


@cache
def _fold_character(character: str) -> str:
    if character in "’‘ʼ`´":
        return "'"
    plain = normalize("NFD", character)[0].lower()
    return plain[0] if plain else character


def _folded(words: str) -> tuple[str, ...]:
    return tuple(" ".join(fold(word).split()) for word in words.split(","))


CITY_ZONES = word_table("cities")
