"""Some of many texts, by their numbers in the index: those that a search found, or all but the few that it did not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import filterfalse

_FEW = 32  # gaps; to find one takes some steps of halving


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Some texts of an order."""

    numbers: frozenset[str]
    are_left_out: bool = False  # all texts but these are meant

    def without(self, others: frozenset[str]) -> "Texts":
        """Return these texts without others."""
        if self.are_left_out:
            return Texts(numbers=self.numbers | others, are_left_out=True)
        return self if self.numbers.isdisjoint(others) else Texts(numbers=self.numbers - others)

    def both(self, other: "Texts") -> "Texts":
        """Return those of these texts that are among others, too."""
        if other.are_left_out:
            return self.without(other.numbers)
        return other.without(self.numbers) if self.are_left_out else Texts(numbers=self.numbers & other.numbers)

    def pick(self, texts: Iterable[str]) -> Iterator[str]:
        """Yield those of some texts that are among these."""
        return (filterfalse if self.are_left_out else filter)(self.numbers.__contains__, texts)

    def size(self, every: int) -> int:
        """Return how many these are, of so many that there are."""
        return every - len(self.numbers) if self.are_left_out else len(self.numbers)

    def count(self, texts: frozenset[str]) -> int:
        """Count those of some texts that are among these."""
        shared = len(self.numbers & texts)
        return len(texts) - shared if self.are_left_out else shared


EVERY = Texts(numbers=frozenset(), are_left_out=True)


def read_texts(found: str, every: str) -> Texts:
    """Read numbers with commas between them. `every`: all there are, ascending, each with a comma behind it.

    A set of thousands takes as long as to find them. Where a search finds nearly all, in their order, the few are read
    that it did not find.
    """
    given = f"{found}," if found else ""
    missing = every.count(",") - given.count(",")
    if 0 <= missing <= _FEW and (left_out := _find_gaps(given, every, missing)) is not None:
        return Texts(numbers=frozenset(left_out), are_left_out=True)
    return Texts(numbers=frozenset(found.split(",")) if found else frozenset())


def _find_gaps(given: str, every: str, missing: int) -> list[str] | None:
    """List the numbers of `every` that are not given; None if these are not the others, in the same order."""
    gaps, here, there = list[str](), 0, 0  # what is given up to `here` is what there is up to `there`, without the gaps
    while len(gaps) < missing:
        same = _count_same(given, here, every, there)
        begin = every.rfind(",", there, there + same) + 1 or there
        end = every.find(",", begin) + 1
        if not end:
            return None
        gaps.append(every[begin : end - 1])
        here, there = here + begin - there, end
    return gaps if given[here:] == every[there:] else None


def _count_same(given: str, here: int, every: str, there: int) -> int:
    """Count the letters from two places on that are the same."""
    low, high = 0, len(given) - here  # so many are, so many may be
    while low < high:
        middle = (low + high + 1) // 2
        if every.startswith(given[here + low : here + middle], there + low):
            low = middle
        else:
            high = middle - 1
    return low
