"""Numbers in addresses, and the pages of long lists."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from ...errors import BadInputError, NotFoundError

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True)
class Pager:
    """Where a page stands among all of its list."""

    number: int
    total: int

    @property
    def offset(self) -> int:
        """How many lines come before this page."""
        return (self.number - 1) * PAGE_SIZE

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE_SIZE))


def read_number(text: str, what: str) -> int:
    """Read a number from an address; raise NotFoundError where it is none."""
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise NotFoundError(what, text[:100])
    return int(text)


def read_day(text: str) -> datetime | None:
    """Read a day from an address, its beginning in UTC; None where none is named."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise BadInputError(f"{text[:40]!r} is no day: one is written as 2027-01-31.") from None
