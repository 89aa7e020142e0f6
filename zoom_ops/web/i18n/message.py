"""A message of the catalogs as the phrasebook looks for it in a sentence."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_ENOUGH_LETTERS, _ENOUGH_AFTER_A_VALUE = 5, 7  # of a message; with fewer, it is found around numbers only
_AS_WRITTEN = {"header", "label", "name", "text", "title"}  # values so called are data, which people wrote
_NUMBERS = {"line", "number", "row"}
_ONE_WORD = {"host"}
_QUOTES = {("'", "'"), ('"', '"'), ("“", "”")}
PLACE = re.compile(r"%\((\w+)\)s")


class Message(NamedTuple):
    """A message as it is looked for: the literal pieces between its placeholders, the first letter in lower case."""

    id: str
    pieces: tuple[str, ...]  # one more than names
    names: tuple[str, ...]
    letters: int  # in the pieces
    data: frozenset[str]  # the names of the values that people wrote

    def values_in(self, text: str) -> dict[str, str] | None:
        """Return the values of a text that was made from this message, the shortest first; None for another text.

        `text` is folded as the pieces are. Each piece is looked for once, so the time is linear.
        """
        first, *between, last = self.pieces
        position, end = len(first), len(text) - len(last)
        if position > end or not text.startswith(first) or not text.endswith(last):
            return None
        values = []
        for piece in between:
            found = text.find(piece, position, end)
            if found < 0:
                return None
            values.append(text[position:found])
            position = found + len(piece)
        values.append(text[position:end])
        return dict(zip(self.names, values, strict=True)) if self._may_hold(values) else None

    def takes_too_much(self, values: Mapping[str, str]) -> bool:
        """Return whether a value may be a sentence: it has a colon, and people wrote it or more follows.

        So may a value that should be a number and has letters, or a last one that should be one word.
        """
        if self.names[-1] in _ONE_WORD and " " in values[self.names[-1]]:
            return True
        numbers = (values[name] for name in self.names if name.rstrip("0123456789") in _NUMBERS)
        return any(": " in values[name] and not is_quoted(values[name]) for name in (*self.names[:-1], *self.data)) or (
            any(letter.isalpha() for number in numbers for letter in number)
        )

    def _may_hold(self, values: Iterable[str]) -> bool:
        least = _ENOUGH_LETTERS if self.pieces[0] else _ENOUGH_AFTER_A_VALUE
        enough = self.letters >= least or any(sign in piece for piece in self.pieces for sign in "'“:")
        return enough or not any(letter.isalpha() for value in values if not is_quoted(value) for letter in value)


def read_message(message_id: str) -> Message:
    """Read a message of a catalog, whose placeholders are as in `%(name)s`."""
    parts = PLACE.split(message_id.removesuffix("."))
    pieces = [piece.replace("%%", "%") for piece in parts[::2]]
    names = tuple(parts[1::2])
    letters = sum(letter.isalpha() for piece in pieces for letter in piece)
    around = zip(names, pieces, pieces[1:], strict=False)
    data = {
        name
        for name, before, after in around
        if name.rstrip("0123456789") in _AS_WRITTEN or (before[-1:], after[:1]) in _QUOTES
    }
    return Message(message_id, (fold_first(pieces[0]), *pieces[1:]), names, letters, frozenset(data))


def fold_first(text: str) -> str:
    """Return a text with its first letter in lower case."""
    return text[:1].lower() + text[1:]


def is_quoted(text: str) -> bool:
    """Return whether a text is one quotation, with its marks."""
    return (text[:1], text[-1:]) in _QUOTES and not {text[0], text[-1]}.intersection(text[1:-1])
