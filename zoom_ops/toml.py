"""TOML files, with the line on which each key stands."""

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
_TOKEN = re.compile(  # a comment, a text of each kind, a bracket, the end of a line
    r"""#[^\n]*|\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[\[\]{}\n]""", re.DOTALL
)
Model = TypeVar("Model", bound=BaseModel)
_DEEP = re.compile(r"(?:\.\s*+[\w-]++\s*+){50}")  # keys of keys: the library would gather all their beginnings


@dataclass(frozen=True, kw_only=True)
class TomlFile:
    """What a TOML file says; `lines` tells on which line a key, given by its path, was written."""

    file: str
    values: Mapping[str, Any]
    lines: Mapping[Path, int]

    def line(self, path: tuple[int | str, ...]) -> int | None:
        """Find the line of a key, or of the nearest table around it."""
        names = tuple(str(part) for part in path)
        return next((self.lines[names[:n]] for n in range(len(names), 0, -1) if names[:n] in self.lines), None)

    def wrong(self, message: str, path: tuple[int | str, ...] = ()) -> BadInputError:
        """Build the error that names this file and the line of a key."""
        return BadInputError(message, file=self.file, line=self.line(path))

    def validate(self, model: type[Model], values: Mapping[str, Any], at: Path = ()) -> Model:
        """Validate values that stand at a path of this file; BadInputError tells file, line and what was expected."""
        try:
            return model.model_validate(values)
        except ValidationError as error:
            first = min(error.errors(), key=lambda found: self.line((*at, *found["loc"])) or 0)
            raise self.wrong(explain_error(first, model), (*at, *first["loc"])) from None


def parse_toml(text: str, file: str) -> TomlFile:
    """Parse a TOML text; raises BadInputError with file and line where it is not TOML."""
    if len(text) > MOST_CHARACTERS:
        raise BadInputError(f"This is longer than {MOST_CHARACTERS:,} characters.", file=file)
    if _DEEP.search(text):
        raise _too_deep(file)
    lines: dict[Path, int] = {}
    try:
        values = tomllib.loads(text)
        for path, line in _iter_lines(text):
            lines.setdefault(path, line)
    except tomllib.TOMLDecodeError as error:
        raise BadInputError(f"This is not TOML: {_reason(error)}.", file=file, line=_line(error, text)) from None
    except RecursionError:
        raise _too_deep(file) from None
    except ValueError:  # of `int`: Python reads 4,300 digits at most
        raise BadInputError("It holds a number that is too long.", file=file) from None
    return TomlFile(file=file, values=values, lines=lines)


def _too_deep(file: str) -> BadInputError:
    return BadInputError("This is nested too deeply.", file=file)


def _iter_lines(text: str) -> Iterator[tuple[Path, int]]:
    """Tell the line of each key."""
    table: Path = ()
    for statement, first in _iter_statements(text):
        paths = list(_iter_paths(tomllib.loads(statement)))
        is_header = statement.lstrip().startswith("[")
        if is_header:
            table = max(paths, key=len)
        yield from ((path if is_header else (*table, *path), first) for path in paths)


def _iter_statements(text: str) -> Iterator[tuple[str, int]]:
    """Part valid TOML into its statements, each with its first line: they end with a line, outside of brackets."""
    begins, first, number, depth = 0, 1, 1, 0
    for match in _TOKEN.finditer(text):
        piece = match[0]
        number += piece.count("\n")
        depth += (piece in ("[", "{")) - (piece in ("]", "}"))
        if piece == "\n" and depth == 0:
            yield text[begins : match.end()], first
            begins, first = match.end(), number
    yield text[begins:], first


def _iter_paths(values: Mapping[str, Any], above: Path = ()) -> Iterator[Path]:
    for key, value in values.items():
        yield (*above, key)
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, Mapping):
            yield from _iter_paths(inner, (*above, key))


def _line(error: tomllib.TOMLDecodeError, text: str) -> int:
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else len(text.splitlines()) or 1


def _reason(error: tomllib.TOMLDecodeError) -> str:
    text = re.sub(r" \(at .*\)$", "", str(error))
    return text[:1].lower() + text[1:]
