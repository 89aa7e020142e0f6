"""TOML files, with the line of each key."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .errors import BadInputError
from .explain import explain_error

MOST_CHARACTERS = 1_000_000
Path = tuple[str, ...]
_TOKEN = re.compile(  # a comment, a string of each kind, a bracket, the end of a line
    r"""#[^\n]*|\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[\[\]{}\n]""", re.DOTALL
)
Model = TypeVar("Model", bound=BaseModel)
_DEEP = re.compile(r"(?:\.\s*+[\w-]++\s*+){50}")  # a dotted key of 50 parts; tomllib would collect every prefix of it
_TOO_DEEP = "This is nested too deeply."


@dataclass(frozen=True, kw_only=True)
class TomlFile:
    """The values of a TOML file; `lines` maps the path of a key to its line."""

    file: str
    values: Mapping[str, Any]
    lines: Mapping[Path, int]

    def line(self, path: tuple[int | str, ...]) -> int | None:
        """Find the line of a key, or of the nearest table around it; None if neither is known."""
        names = tuple(str(part) for part in path)
        return next((self.lines[names[:n]] for n in range(len(names), 0, -1) if names[:n] in self.lines), None)

    def wrong(self, message: str, path: tuple[int | str, ...] = ()) -> BadInputError:
        """Build an error that names this file and the line of a key."""
        return BadInputError(message, file=self.file, line=self.line(path))

    def validate(self, model: type[Model], values: Mapping[str, Any], at: Path = ()) -> Model:
        """Validate the values at a path of this file. Raises BadInputError with file, line and the expected form."""
        try:
            return model.model_validate(values)
        except ValidationError as error:
            first = min(error.errors(), key=lambda detail: self.line((*at, *detail["loc"])) or 0)
            raise self.wrong(explain_error(first, model), (*at, *first["loc"])) from None


def parse_toml(text: str, file: str) -> TomlFile:
    """Parse a TOML text. Raises BadInputError with file and line if it is not TOML, too long or nested too deeply."""
    if len(text) > MOST_CHARACTERS:
        raise BadInputError(f"This is longer than {MOST_CHARACTERS:,} characters.", file=file)
    if _DEEP.search(text):
        raise BadInputError(_TOO_DEEP, file=file)
    lines: dict[Path, int] = {}
    try:
        values = tomllib.loads(text)
        for path, line in _iter_lines(text):
            lines.setdefault(path, line)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place[1]) if place else len(text.splitlines()) or 1
        reason = re.sub(r" \(at .*\)$", "", str(error))
        message = f"This is not TOML: {reason[:1].lower()}{reason[1:]}."
        raise BadInputError(message, file=file, line=line) from None
    except RecursionError:
        raise BadInputError(_TOO_DEEP, file=file) from None
    except ValueError:  # from `int`, as Python reads at most 4,300 digits
        raise BadInputError("It holds a number that is too long.", file=file) from None
    return TomlFile(file=file, values=values, lines=lines)


def _iter_lines(text: str) -> Iterator[tuple[Path, int]]:
    """Yield the path of each key of valid TOML with the first line of its statement.

    A statement ends at a line end outside of brackets.
    """
    table: Path = ()
    begins, first, number, depth = 0, 1, 1, 0
    for match in _TOKEN.finditer(f"{text}\n"):
        piece = match[0]
        number += piece.count("\n")
        depth += (piece in ("[", "{")) - (piece in ("]", "}"))
        if piece == "\n" and depth == 0:
            statement = text[begins : match.end()]  # the added line end closes the last one
            paths = list(_iter_paths(tomllib.loads(statement)))
            is_header = statement.lstrip().startswith("[")
            if is_header:
                table = max(paths, key=len)
            yield from ((path if is_header else (*table, *path), first) for path in paths)
            begins, first = match.end(), number


def _iter_paths(values: Mapping[str, Any], above: Path = ()) -> Iterator[Path]:
    for key, value in values.items():
        yield (*above, key)
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, Mapping):
            yield from _iter_paths(inner, (*above, key))
