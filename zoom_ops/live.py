"""Values that are replaced at once while others hold them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")
_numbers = count(1)
_latest = 0


def latest_replacement() -> int:
    """Return a number that is another one after any content of this process was replaced."""
    return _latest


class Live(Mapping[K, V]):
    """A mapping whose whole content is replaced at once. An iteration that has begun goes on over the old content."""

    def __init__(self, content: Mapping[K, V]) -> None:
        self._content = dict(content)

    def __getitem__(self, key: K) -> V:
        return self._content[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def replace(self, content: Mapping[K, V]) -> None:
        """Take this content in place of the old."""
        global _latest
        self._content = dict(content)
        _latest = next(_numbers)


@dataclass
class Current(Generic[T]):
    """A value that is replaced at once."""

    value: T
