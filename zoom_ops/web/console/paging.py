"""Pagination of long lists, with parsers of query parameters."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from ...errors import BadInputError, NotFoundError

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True)
class Pager:
    """The position of a page in its list."""

    number: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE_SIZE))


def read_number(text: str, what: str) -> int:
    """Parse a number of an address. Raise NotFoundError if it is none."""
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise NotFoundError(what, text[:100])
    return int(text)


def read_day(text: str) -> datetime | None:
    """Parse a day of an address into its start in UTC; None if it is empty. Raise BadInputError if it is no day."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise BadInputError(f"{text[:40]!r} is no day: one is written as 2027-01-31.") from None
