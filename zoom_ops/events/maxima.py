"""The most that an event may hold: more than any real one has, and little enough to show and to compare at once.

The models of events carry these maxima as annotations, and so does their JSON schema. They are checked where an event
comes in, by `find_beyond`, and not where a stored one is loaded: an event that is older than a maximum stays readable.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

NAME, LINE, ADDRESS = 500, 1_000, 4_000  # characters: the name of an event, another line, a web address
DESCRIPTION, DESCRIPTION_LINES = 100_000, 5_000
ZONE, LANGUAGE = 100, 35  # characters
PERFORMERS, ORGANIZERS, ATTACHMENTS, DISPLAY_TIMES = 500, 100, 500, 50
GROUPS, NOTES, CHOICES = 100, 500, 50  # of one attachment; of one event; of one note
WHOLE = 500_000  # characters of the JSON of an event

Step = str | int


@dataclass(frozen=True, kw_only=True)
class AtMost:
    """An annotation: a text has at most so many characters and lines, or a list so many entries."""

    characters: int | None = None
    lines: int | None = None
    entries: int | None = None

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        found = handler.resolve_ref_schema(schema)
        for name, most in (("maxLength", self.characters), ("maxItems", self.entries)):
            if most is not None:
                found[name] = min(most, found.get(name, most))
        return schema


@dataclass(frozen=True, kw_only=True)
class Beyond:
    """A text or list that holds too much: where it stands in the event, and what is expected and found."""

    path: tuple[Step, ...]
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}" if self.path else self.sentence

    @property
    def where(self) -> str:
        """The path as people count: performers.1.name is of the first performer."""
        return ".".join(str(step + 1) if isinstance(step, int) else step for step in self.path)

    @property
    def sentence(self) -> str:
        """What is wrong, without the place."""
        return f"expected {self.expected}, found {self.found}"


def find_beyond(value: BaseModel) -> Iterator[Beyond]:
    """Yield each text and list of an event that holds more than its annotation allows, also in the models inside it.

    Of a list that is too long, the entries are not looked at. Where each is short enough, all of them together may be
    too much: then the path is empty.
    """
    found = list(_beyond_of(value, ()))
    yield from found
    if not found and (length := len(value.model_dump_json())) > WHOLE:
        yield Beyond(path=(), expected=f"an event of at most {WHOLE:,} characters in all", found=f"{length:,}")


def _beyond_of(value: BaseModel, path: tuple[Step, ...]) -> Iterator[Beyond]:
    for name, most in _annotated(type(value)):
        yield from _measure(getattr(value, name), most, (*path, name))


def _measure(value: Any, most: tuple[AtMost, ...], path: tuple[Step, ...]) -> Iterator[Beyond]:
    """Measure a text, or a list with what stands in it."""
    if isinstance(value, BaseModel):
        yield from _beyond_of(value, path)
    elif isinstance(value, str):
        found = next(filter(None, (_too_long(value, each) for each in most)), None)
        if found:
            yield Beyond(path=path, expected=found[0], found=found[1])
    elif isinstance(value, tuple):
        entries = min((each.entries for each in most if each.entries is not None), default=None)
        if entries is not None and len(value) > entries:
            yield Beyond(path=path, expected=f"at most {entries:,} entries", found=f"{len(value):,}")
            return
        inside = tuple(each for each in most if each.entries is None)
        for number, entry in enumerate(value):
            yield from _measure(entry, inside, (*path, number))


def _too_long(text: str, most: AtMost) -> tuple[str, str] | None:
    """Return what is expected of a text and what is found, or None for one that is short enough."""
    if most.characters is not None and len(text) > most.characters:
        return f"at most {most.characters:,} characters", f"{len(text):,}"
    if most.lines is not None and text.count("\n") >= most.lines:
        return f"at most {most.lines:,} lines", f"{text.count(chr(10)) + 1:,}"
    return None


@cache
def _annotated(model: type[BaseModel]) -> tuple[tuple[str, tuple[AtMost, ...]], ...]:
    """List the fields of a model, each with its maxima and those of the entries of its list."""
    return tuple(
        (name, tuple(_maxima_of(Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation)))
        for name, field in model.model_fields.items()
    )


def _maxima_of(annotation: Any) -> Iterator[AtMost]:
    """Yield the maxima of a type, and of the types in it, the narrowest of a kind first."""
    if get_origin(annotation) is Annotated:
        yield from sorted(
            (each for each in annotation.__metadata__ if isinstance(each, AtMost)),
            key=lambda each: each.characters or each.entries or 0,
        )
        yield from _maxima_of(annotation.__origin__)
    elif get_origin(annotation) in (Union, UnionType, tuple):
        for part in get_args(annotation):
            yield from _maxima_of(part)
