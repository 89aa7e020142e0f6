"""TOML files, with the line on which each key stands."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .errors import BadInputError
from .explain import explain_error

Path = tuple[str, ...]
Model = TypeVar("Model", bound=BaseModel)


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
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInputError(f"This is not TOML: {_reason(error)}.", file=file, line=_line(error, text)) from None
    lines: dict[Path, int] = {}
    for path, line in _iter_lines(text):
        lines.setdefault(path, line)
    return TomlFile(file=file, values=values, lines=lines)


def _iter_lines(text: str) -> Iterator[tuple[Path, int]]:
    """Tell the line of each key: a statement ends where what was gathered so far parses by itself."""
    table: Path = ()
    gathered, first = "", 1
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        gathered += line
        try:
            statement = tomllib.loads(gathered)
        except tomllib.TOMLDecodeError:
            continue
        is_header = gathered.lstrip().startswith("[")
        paths = list(_iter_paths(statement))
        if is_header:
            table = max(paths, key=len)
        yield from ((path if is_header else (*table, *path), first) for path in paths)
        gathered, first = "", number + 1


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
