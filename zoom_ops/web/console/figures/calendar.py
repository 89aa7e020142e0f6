"""The week of the hosts in the console."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from fastapi import Request, Response

from ....errors import BadInputError
from ....operations.reconcile.observe import CHANGES_A_DAY
from ....operations.views.figures.calendar import DAY, DAYS, Calendar, HostWeek, Slot, load_calendar
from ...dependencies import TheOperations
from ..frame import make_router, show
from ..paging import read_day
from .charts import LANE, Block, place_bar, place_block, place_moment

_YEARS = range(2000, 2101)
_ROOMY = 12  # rows: of more, each event has one line

router = make_router()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a host holds on a day: when, in words of that day; and where on the day's lane."""

    when: str
    slot: Slot
    block: Block

    @property
    def begins(self) -> str:
        """The same without the end, which the lane shows."""
        return self.when.partition("–")[0]


@router.get("/hosts/calendar")
def show_calendar(request: Request, operations: TheOperations, week: str = "", account: str = "") -> Response:
    """Show 7 days (UTC), from today or another day: who has what, webinars of others, the time kept free."""
    now = operations.context.clock.now()
    first = _read_day(week) if week else now.date()
    calendar = load_calendar(operations.context, first, now, account)
    rows = [(host, _cells(calendar, host)) for host in calendar.hosts if any(host.days)]
    values = {
        "calendar": calendar,
        "account": account,
        "accounts": sorted(operations.context.gateways),
        "rows": rows,
        "idle": [host for host in calendar.hosts if not any(host.days)],
        "by_day": [_list_day(calendar, rows, number) for number in range(DAYS)],
        "busy": [(host, slot) for host in calendar.hosts for slot in host.slots if slot.start <= now < slot.end],
        "lines": [place_moment(_begin(day), now) for day in calendar.days],
        "today": now.date(),
        "opened": now.date() if now.date() in calendar.days else first,
        "previous": first - DAYS * DAY,
        "following": first + DAYS * DAY,
        "changes_a_day": CHANGES_A_DAY,
        "place_bar": place_bar,
        "lane": LANE,
        "dense": len(rows) > _ROOMY,
    }
    return show(request, "calendar.html", values)


def describe_slot(slot: Slot, day: date) -> str:
    """Write when a host holds something, in words of one day (UTC)."""
    begin = _begin(day)
    end = begin + DAY
    if slot.end <= begin or slot.start >= end:
        return f"kept free {_clock(max(begin, slot.taken_from))}–{_clock(min(end, slot.taken_until), end)}"
    if slot.start < begin and slot.end > end:
        return "all day"
    if slot.start < begin:
        return f"until {_clock(slot.end, end)}"
    return f"from {_clock(slot.start)}" if slot.end > end else f"{_clock(slot.start)}–{_clock(slot.end, end)}"


def _cells(calendar: Calendar, host: HostWeek) -> list[list[Entry]]:
    pairs = zip(calendar.days, host.days, strict=True)
    return [[_entry_of(slot, day) for slot in slots] for day, slots in pairs]


def _list_day(
    calendar: Calendar, rows: Sequence[tuple[HostWeek, Sequence[Sequence[Entry]]]], number: int
) -> tuple[date, list[tuple[HostWeek, Entry]]]:
    """List who holds what on a day (0 is the first), the earliest first."""
    held = [(host, entry) for host, cells in rows for entry in cells[number]]
    return calendar.days[number], sorted(held, key=lambda pair: (pair[1].slot.start, pair[0].email))


def _entry_of(slot: Slot, day: date) -> Entry:
    name, span, taken = "ours" if slot.event else "foreign", (slot.start, slot.end), (slot.taken_from, slot.taken_until)
    return Entry(when=describe_slot(slot, day), slot=slot, block=place_block(name, _begin(day), span, taken))


def _read_day(text: str) -> date:
    """Parse the day with which the calendar begins. Raise BadInputError for no day, or one far away."""
    day = read_day(text.strip())
    if day is None or day.year not in _YEARS:
        raise BadInputError(f"The calendar shows the years {_YEARS[0]} to {_YEARS[-1]}, not {text[:40]!r}.")
    return day.date()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _clock(moment: datetime, end: datetime | None = None) -> str:
    return "24:00" if moment == end else f"{moment:%H:%M}"
