"""Dates and times as other systems write them (ISO 8601)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ...events import YEARS
from .nodes import Node


@dataclass(frozen=True, kw_only=True)
class Written:
    """A date or time as written: the time of the wall, the offset if one is written, and where it stands."""

    node: Node
    wall: datetime  # naive
    offset: timedelta | None = None
    has_time: bool = True
    is_utc: bool = False  # written as Z, which programs use for instants

    def instant(self) -> datetime | None:
        """Return the instant, if the offset is written."""
        return (self.wall - self.offset).replace(tzinfo=UTC) if self.offset is not None else None


def parse_written(node: Node, text: str = "") -> Written | None:
    """Read a date or time, such as 2027-04-03T14:30:00+02:00; None if it is neither."""
    text = text or node.text
    has_time = ":" in text or "T" in text.upper()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not YEARS[0] <= moment.year <= YEARS[1]:
        return None
    wall, is_utc = moment.replace(tzinfo=None), text[-1] in "Zz"
    return Written(node=node, wall=wall, offset=moment.utcoffset(), has_time=has_time, is_utc=is_utc)
