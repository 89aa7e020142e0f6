"""Values that are replaced at once while others hold them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")


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
        self._content = dict(content)


@dataclass
class Current(Generic[T]):
    """A value that is replaced at once."""

    value: T
