"""YAML and JSON → plain values, each with the line on which it stands."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import yaml

from ...errors import BadInputError
from ...linear import HEAVIEST, weigh_json
from .syntax import not_json, not_yaml

Path = tuple[str | int, ...]
Place = tuple[()] | tuple["Place", str | int]
"""A path as the place of the value around it, and the last step: paths share what they have in common."""

MOST_CHARACTERS = 20_000_000
MOST_VALUES = 250_000  # of one file; values that a YAML alias repeats count each time
DEEPEST = 50  # an event needs four levels
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]+|\n')


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A document's value and the lines of its parts, by path. They are found when they are first asked for."""

    value: Any
    find_lines: Callable[[], dict[Place, int]]

    @cached_property
    def lines(self) -> dict[Place, int]:
        """The line of each part."""
        return self.find_lines()

    def line(self, path: Path) -> int:
        """Return the line of a path, or of the nearest value around it."""
        place: Place = ()
        line = self.lines.get(place, 1)
        for step in path:
            place = (place, step)
            line = self.lines.get(place, line)
        return line


def read_yaml(text: str, file: str) -> list[Tree]:
    """Read the documents of a YAML file. Every unquoted value is text, but ~, null and an empty value are None."""
    _check_size(text, file)
    trees: list[Tree] = []
    builder = _Builder(file=file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.DocumentStartEvent):
                builder = _Builder(file=file)
            elif isinstance(event, yaml.DocumentEndEvent):
                trees.append(Tree(value=builder.root, find_lines=builder.find_lines))
            else:
                builder.take(event)
    except yaml.YAMLError as error:
        raise not_yaml(error, text, file) from error
    return trees


def read_json(text: str, file: str) -> Tree:
    """Read a JSON file. Raises BadInputError where it is not JSON, or is too large or too deep."""
    _check_size(text, file)
    if text.count(",") >= MOST_VALUES or weigh_json(text.encode("utf-8", "replace")) > HEAVIEST:  # not built yet
        raise _too_many(file, 1)
    find_lines = partial(_json_lines, text, file)
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise not_json(error, file) from error
    except _KeyTwiceError:
        find_lines()  # which raises an error with the line
        raise
    except (RecursionError, ValueError) as error:
        message = "this JSON is nested too deeply or holds a value that JSON does not know"
        raise BadInputError(message, file=file, line=1) from error
    if _is_deeper(value, DEEPEST):
        find_lines()
    return Tree(value=value, find_lines=find_lines)


def _refuse_constant(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are no JSON


class _KeyTwiceError(Exception):
    """A JSON object has a key twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _KeyTwiceError
    return members


def _is_deeper(value: Any, levels: int) -> bool:
    """Return whether lists and objects stand in more levels than so many."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(levels):
        inside = (part for each in level for part in (each.values() if isinstance(each, dict) else each))
        level = [part for part in inside if isinstance(part, dict | list)]
    return bool(level)


def _json_lines(text: str, file: str) -> dict[Place, int]:
    """Map the place of each value of valid JSON to its line. Raise BadInputError for a key twice or too many levels."""
    lines: dict[Place, int] = {}
    around: list[Place] = []  # of the lists and objects that are open
    stack: list[str | int] = []  # where in them
    expects_key, line = False, 1
    for match in _TOKEN.finditer(text):
        sign = text[match.start()]  # a long text is not copied
        if sign == "\n":
            line += 1
        elif sign in "{[":
            place: Place = (around[-1], stack[-1]) if stack else ()
            lines.setdefault(place, line)
            expects_key = sign == "{"
            around.append(place)
            stack.append("" if expects_key else 0)
            _check_depth(len(stack), file, line)
        elif sign in "}]":
            around.pop()
            stack.pop()
            expects_key = False
        elif sign == ",":
            expects_key = isinstance(stack[-1], str)
            if not isinstance(stack[-1], str):
                stack[-1] += 1
        elif expects_key and sign != ":":
            key = stack[-1] = json.loads(match[0])
            if (around[-1], key) in lines:
                raise BadInputError(f"{key!r} is written twice", file=file, line=line)
            lines[around[-1], key] = line
            expects_key = False
        else:
            lines.setdefault((around[-1], stack[-1]) if stack else (), line)
    return lines


def _check_size(text: str, file: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise BadInputError(f"expected at most {MOST_CHARACTERS:,} characters", file=file, line=1)


def _check_depth(depth: int, file: str, line: int) -> None:
    if depth > DEEPEST:
        raise BadInputError(f"expected at most {DEEPEST} levels, one inside the other", file=file, line=line)


def _too_many(file: str, line: int) -> BadInputError:
    return BadInputError(f"expected at most {MOST_VALUES:,} values in one file", file=file, line=line)


@dataclass
class _Open:
    """A YAML list or mapping whose end is not read yet."""

    value: list[Any] | dict[str, Any]
    place: Place
    key: str | None = None
    anchor: str | None = None
    before: int = 0  # number of values before it


@dataclass
class _Builder:
    """Builds values from YAML's events. It ignores tags, so a file cannot construct a Python object."""

    file: str
    opened: list[_Open] = field(default_factory=list)
    lines: dict[Place, int] = field(default_factory=dict)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)  # a value, with the number of values in it
    placed: int = 0
    root: Any = None

    def find_lines(self) -> dict[Place, int]:
        """Return the line of each value by its place."""
        return self.lines

    def take(self, event: yaml.Event) -> None:
        """Take the next event inside a document."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent):
            value = None if not event.style and event.value in ("", "~", "null", "Null", "NULL") else event.value
            self.place(value, line)
            if event.anchor:
                self.anchors[event.anchor] = (value, 1)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise BadInputError(f"the alias *{event.anchor} stands for nothing", file=self.file, line=line)
            value, size = self.anchors[event.anchor]
            self.count(size, line)
            self.place(value, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            opened: list[Any] | dict[str, Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
            before, place = self.placed, self.place(opened, line)
            self.opened.append(_Open(value=opened, place=place, anchor=event.anchor, before=before))
            _check_depth(len(self.opened), self.file, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = self.opened.pop()
            if closed.anchor:  # set at its end, so that a value cannot contain itself
                self.anchors[closed.anchor] = (closed.value, self.placed - closed.before)

    def place(self, value: Any, line: int) -> Place:
        """Add a value to the open list or mapping, and return its place."""
        self.count(1, line)
        if not self.opened:
            self.root, self.lines[()] = value, line
            return ()
        parent = self.opened[-1]
        if isinstance(parent.value, list):
            place: Place = (parent.place, len(parent.value))
            parent.value.append(value)
        elif parent.key is None:
            if not isinstance(value, str):
                raise BadInputError("expected a word as key", file=self.file, line=line)
            if value in parent.value:
                raise BadInputError(f"{value!r} is written twice", file=self.file, line=line)
            place, parent.key = (parent.place, value), value
            self.lines[place] = line
        else:
            place = (parent.place, parent.key)
            if parent.key == "<<" and isinstance(value, dict):
                parent.value.update({key: member for key, member in value.items() if key not in parent.value})
            else:
                parent.value[parent.key] = value
            parent.key = None
        self.lines.setdefault(place, line)
        return place

    def count(self, values: int, line: int) -> None:
        """Count values; raises BadInputError above MOST_VALUES, so nested aliases cannot exhaust the memory."""
        self.placed += values
        if self.placed > MOST_VALUES:
            raise _too_many(self.file, line)
