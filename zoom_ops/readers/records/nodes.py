"""A value of a tree, with its line and with its place in words for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...events import clean_line
from ..documents import Tree

Path = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Node:
    """A value of a JSON or XML file. A missing value is a node too, with the value None."""

    tree: Tree
    path: Path = ()
    value: Any = None

    @classmethod
    def root(cls, tree: Tree) -> "Node":
        """Return the node of the whole tree."""
        return cls(tree=tree, value=tree.value)

    def __bool__(self) -> bool:
        return self.value not in (None, "", [], {}, False)

    def __truediv__(self, key: str | int) -> "Node":
        """Return the value of a key or at a place; a list with one object stands for that object."""
        value = None
        if isinstance(key, str) and isinstance(self.value, list) and len(self.value) == 1:
            return (self / 0) / key
        if isinstance(self.value, dict):
            value = self.value.get(key)
        elif isinstance(self.value, list) and isinstance(key, int) and key < len(self.value):
            value = self.value[key]
        return Node(tree=self.tree, path=(*self.path, key), value=value)

    def first(self, *keys: str) -> "Node":
        """Return the value of the first of several keys that has one."""
        return next((node for key in keys if (node := self / key)), self / keys[0])

    def entries(self) -> list["Node"]:
        """Return the members of a list. A single value is a list of one, and a missing value an empty list."""
        if isinstance(self.value, list):
            return [self / number for number in range(len(self.value))]
        return [self] if self else []

    def members(self) -> Iterator[tuple[str, "Node"]]:
        """Yield the keys of an object with their values."""
        if isinstance(self.value, dict):
            for key in self.value:
                yield key, self / key

    @property
    def text(self) -> str:
        """The value, or the only one of a list, on one line; empty if it is no text and no number."""
        return as_text(self._only)

    @property
    def prose(self) -> str:
        """The text as written, with its lines; empty for any other value."""
        return self._only if isinstance(self._only, str) else ""

    @property
    def _only(self) -> Any:
        return self.value[0] if isinstance(self.value, list) and len(self.value) == 1 else self.value

    @property
    def line(self) -> int:
        """The line of the file on which it stands."""
        return self.tree.line(self.path)

    @property
    def place(self) -> str:
        """The place in words: "schedule → days 2 → Aula 4 → start, line 120"."""
        parts: list[str] = []
        for step in self.path:
            if isinstance(step, int) and parts:
                parts[-1] += f" {step + 1}"
            else:
                parts.append(str(step + 1) if isinstance(step, int) else step)
        return f"{' → '.join(parts)}, line {self.line}" if parts else f"line {self.line}"


def as_text(value: Any) -> str:
    """Return a text or a number on one line; empty for any other value."""
    if isinstance(value, str):
        return clean_line(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
