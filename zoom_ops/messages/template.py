"""The sentences of the catalogue, taken apart into words and places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import NamedTuple

from .steps import STEPS


class Place(NamedTuple):
    """A place of a sentence: the name of its value, or the verb of a step, and how it is written."""

    name: str
    spec: str = ""  # "# event|# events": the words that go with a number; "6": as many of a list
    quoted: bool = False  # in quotation marks, as what people wrote


@dataclass(frozen=True)
class Template:
    """A sentence: words and places, in order."""

    pieces: tuple[str | Place, ...]

    @classmethod
    @cache
    def of(cls, text: str) -> Template:
        """Take a sentence of the catalogue, or a translation of one, apart. Raise ValueError where it is not closed."""
        pieces: list[str | Place] = []
        for words, name, spec, conversion in Formatter().parse(text):
            if words:
                pieces.append(words)
            if name is not None:
                pieces.append(Place(name, spec or "", conversion == "r"))
        return cls(tuple(pieces))

    @property
    def names(self) -> frozenset[str]:
        """The names of the values that it needs, also for the subjects of its steps."""
        places = [piece for piece in self.pieces if isinstance(piece, Place)]
        own = {place.name for place in places if "." not in place.name}
        zones = {"timezone" for place in places if place.spec.startswith("local")}
        return frozenset(own.union(zones, *(names for _, names in self.verbs)))

    @property
    def verbs(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The verbs of its steps, each with the names of its subject. Raise KeyError for a verb that there is not."""
        verbs = [piece.name for piece in self.pieces if isinstance(piece, Place) and "." in piece.name]
        return tuple((verb, subject_of(verb)) for verb in verbs)


@cache
def subject_of(verb: str) -> tuple[str, ...]:
    """Return the names of what a step is done to."""
    return tuple(name for _, name, _, _ in Formatter().parse(STEPS[verb]) if name)
