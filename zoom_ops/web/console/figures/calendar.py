"""The week of the hosts in the console."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from operator import itemgetter

from fastapi import Request, Response
from markupsafe import Markup, escape

from ....errors import BadInputError
from ....operations.reconcile.pools import CHANGES_A_DAY
from ....operations.views.figures.calendar import DAY, DAYS, Calendar, HostWeek, Slot, load_calendar
from ...dependencies import TheOperations
from ..frame import make_router, show
from ..paging import read_day
from .charts import LANE, place_bar, place_block, place_moment

_YEARS = range(2000, 2101)
_KEPT = 400  # days of hosts, each with 600 bytes for each entry
_ROOMY = 12  # rows: of more, each event has one line

router = make_router()


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What a host holds on a day. It is written here: of hundreds of entries a template would take four times as long.

    Each card has the start by which the list of the day is sorted.
    """

    shapes: Markup  # on the day's lane
    lines: Markup  # below it
    cards: tuple[tuple[datetime, str, str], ...]  # start, host, markup


@router.get("/hosts/calendar")
def show_calendar(request: Request, operations: TheOperations, week: str = "", account: str = "") -> Response:
    """Show 7 days (UTC), from today or another day: who has what, webinars of others, the time kept free."""
    now = operations.context.clock.now()
    first = _read_day(week) if week else now.date()
    calendar = load_calendar(operations.context, first, now, account)
    rows = [(host, _draw_week(calendar, host)) for host in calendar.hosts if any(host.days)]
    values = {
        "calendar": calendar,
        "account": account,
        "accounts": sorted(operations.context.gateways),
        "rows": rows,
        "idle": [host for host in calendar.hosts if not any(host.days)],
        "by_day": [(day, *_list_day([cells[number] for _, cells in rows])) for number, day in enumerate(calendar.days)],
        "busy": [(host, slot) for host in calendar.hosts for slot in host.days[0] if slot.start <= now < slot.end],
        "lines": [place_moment(_begin(day), now) for day in calendar.days],
        "today": now.date(),
        "opened": now.date() if now.date() in calendar.days else first,
        "previous": first - DAYS * DAY,
        "following": first + DAYS * DAY,
        "changes_a_day": CHANGES_A_DAY,
        "place_bar": place_bar,
        "write_name": write_name,
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


def write_name(slot: Slot) -> Markup:
    """Write what a host holds: a link to our event, or the name of a webinar of others."""
    name = escape(slot.name)
    if slot.event:
        return Markup(f'<a href="/-/events/{escape(slot.event)}" dir="auto">{name}</a>')  # noqa: S704 - escaped
    return Markup(f'<strong>foreign</strong> <span dir="auto">{name}</span>')  # noqa: S704 - escaped


def _draw_week(calendar: Calendar, host: HostWeek) -> list[Cell]:
    return [_draw_day(host.email, day, slots) for day, slots in zip(calendar.days, host.days, strict=True)]


@lru_cache(maxsize=_KEPT)
def _draw_day(email: str, day: date, slots: tuple[Slot, ...]) -> Cell:
    begin, host = _begin(day), escape(email)
    shapes, lines, cards = [], [], []
    for slot in slots:
        when, name, start = describe_slot(slot, day), write_name(slot), slot.start.isoformat()
        kind, span, taken = "ours" if slot.event else "foreign", (slot.start, slot.end), _taken_of(slot)
        block = place_block(kind, begin, span, taken)
        shapes.append(f'<path class="taken" d="{block.taken}"/><path class="{kind}" d="{block.path}"/>')
        first = f'<time datetime="{start}">{when.partition("–")[0]}</time>'
        lines.append(f'<li title="{when} UTC: {escape(slot.name)}">{first} {name}</li>')
        whole = f'<time datetime="{start}" data-end="{slot.end.isoformat()}">{when}</time>'
        free = f'<span class="detail">kept free {_write_clock(taken[0])}–{_write_clock(taken[1])}</span>'
        about = f"{host} {free if slot.event and taken != span else ''}"
        cards.append((slot.start, email, f'<li class="card"><p>{whole} {name}</p><p class="detail">{about}</p></li>'))
    return Cell(shapes=_join(shapes), lines=_join(lines), cards=tuple(cards))


def _list_day(cells: Sequence[Cell]) -> tuple[int, Markup]:
    """List who holds what on a day, the earliest first. Return their number, too."""
    cards = sorted((card for cell in cells for card in cell.cards), key=itemgetter(0, 1))
    return len(cards), _join(markup for _, _, markup in cards)


def _join(parts: Iterable[str]) -> Markup:
    return Markup("".join(parts))  # noqa: S704 - markup of this module


def _taken_of(slot: Slot) -> tuple[datetime, datetime]:
    return slot.taken_from, slot.taken_until


def _read_day(text: str) -> date:
    """Parse the day with which the calendar begins. Raise BadInputError for no day, or one far away."""
    day = read_day(text.strip())
    if day is None or day.year not in _YEARS:
        raise BadInputError(f"The calendar shows the years {_YEARS[0]} to {_YEARS[-1]}, not {text[:40]!r}.")
    return day.date()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _clock(moment: datetime, end: datetime | None = None) -> str:
    return "24:00" if moment == end else f"{moment.hour:02}:{moment.minute:02}"


def _write_clock(moment: datetime) -> str:
    return f'<time datetime="{moment.isoformat()}">{_clock(moment)}</time>'
