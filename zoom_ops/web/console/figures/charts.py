"""Geometry of the small charts, as values that templates draw: strips, columns, points, bars against a limit, a day's
hours.

Each has the size of its view box and its shapes as paths, so that no template knows a measure. The templates write the
sentence that names a chart, and the table behind it; colours come from the style sheet by class.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import log
from typing import Literal, TypeVar

N = TypeVar("N", bound=str)  # of classes
Level = Literal["good", "warn", "bad"]
PITCH = 8  # from one column to the next
_BAR = 6
_FREE = "free"  # the class of the room that no run has taken yet
_HEIGHTS = {"done": 20, "retried": 25, "waits": 10, "cancelled": 15, "parked": 29, "failed": 32, _FREE: 4}  # of a strip
STRIP_HEIGHT = 32
COLUMNS_HEIGHT = 48
BAR_WIDTH, BAR_HEIGHT = 200, 8
HOUR = 4  # units of a day's lane
PLOT_WIDTH, PLOT_HEIGHT = 344, 132
PLOT_LEFT, PLOT_TOP, PLOT_FOOT = 48, 8, 120  # of the scale; the words of its ticks are at the left of it
_DOT = 3  # radius of a point
_CIRCLE = f"a{_DOT} {_DOT} 0 1 0 {2 * _DOT} 0a{_DOT} {_DOT} 0 1 0 -{2 * _DOT} 0z"  # from its left end
_TICKS = (1, 10, 60, 600, 3_600, 21_600, 86_400, 604_800, 2_592_000)  # seconds: round times, from a second to a month
LANE_HEIGHT = 12


@dataclass(frozen=True, kw_only=True)
class Shape:
    """All columns of one class as one path."""

    name: str  # its class
    path: str


@dataclass(frozen=True, kw_only=True)
class Columns:
    """A chart of columns."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, kw_only=True)
class Plot:
    """Points on a logarithmic scale of time. Ticks (seconds) and lines (class) have their height."""

    shapes: tuple[Shape, ...]
    ticks: tuple[tuple[int, float], ...]
    lines: tuple[tuple[str, float], ...]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A bar against a limit; it ends at the limit, however much was used."""

    width: float
    level: Level

    @property
    def path(self) -> str:
        """What was used."""
        return _draw_box(0, 0, self.width, BAR_HEIGHT)

    @property
    def track(self) -> str:
        """All that may be used."""
        return _draw_box(0, 0, BAR_WIDTH, BAR_HEIGHT)

    @property
    def box(self) -> tuple[int, int]:
        """Its width and height."""
        return BAR_WIDTH, BAR_HEIGHT


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of a day: from the left, its width, and the same for the time kept free."""

    name: str
    x: float
    width: float
    taken_x: float
    taken_width: float

    @property
    def path(self) -> str:
        """The time of the event."""
        return _draw_box(self.x, 1, self.width, LANE_HEIGHT - 2)

    @property
    def taken(self) -> str:
        """The time kept free around it, lower than the event."""
        return _draw_box(self.taken_x, 3, self.taken_width, LANE_HEIGHT - 6)


@dataclass(frozen=True, kw_only=True)
class Lane:
    """The lane of a day: its size, the lines of some hours, and these hours with their places."""

    width: int
    height: int
    lines: str
    hours: tuple[tuple[int, int], ...]


def _draw_lane(*hours: int) -> Lane:
    places = tuple((hour, hour * HOUR) for hour in hours)
    lines = "".join(f"M{x} 0v{LANE_HEIGHT}" for _, x in places)
    return Lane(width=24 * HOUR, height=LANE_HEIGHT, lines=lines, hours=places)


def _draw_box(x: float, y: float, width: float, height: float) -> str:
    return f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z"


LANE = _draw_lane(6, 12, 18)


@lru_cache(maxsize=100)
def place_strip(outcomes: tuple[str, ...], room: int) -> Columns:
    """Place a column for each outcome; the last is at the right end; free room is at the left, in low columns."""
    names = (*(_FREE for _ in range(room - len(outcomes))), *outcomes)
    placed = ((name, n * PITCH, STRIP_HEIGHT, _HEIGHTS[name]) for n, name in enumerate(names))
    return Columns(width=room * PITCH, height=STRIP_HEIGHT, shapes=_draw(placed))


@lru_cache(maxsize=100)
def place_targets(count: int, room: int) -> tuple[str, ...]:
    """Return the path of the part of a strip that belongs to each column: all of its height, and no gap."""
    return tuple(_draw_box((room - count + n) * PITCH, 0, PITCH, STRIP_HEIGHT) for n in range(count))


def place_stacks(stacks: Sequence[Mapping[N, int]], order: Sequence[N], most: int) -> Columns:
    """Place a stack for each mapping of class to count; `most` is as high as the chart, and a count is always seen."""
    placed = []
    for number, stack in enumerate(stacks):
        foot = float(COLUMNS_HEIGHT)
        heights = _heights(stack, most)
        for name in order:
            if height := heights.get(name, 0):
                placed.append((name, number * PITCH, foot, height))
                foot -= height
    return Columns(width=len(stacks) * PITCH, height=COLUMNS_HEIGHT, shapes=_draw(placed))


def place_points(points: Sequence[tuple[float, float | None]], levels: Mapping[str, float]) -> Plot:
    """Place points (share of the span, seconds) on a logarithmic scale, and a line at each level, in seconds.

    A point without seconds gets a mark of the class `swept` below the scale; the others are of the class `value`.
    """
    seconds = [value for _, value in points if value is not None]
    ticks = _ticks_of(min(seconds, default=_TICKS[0]), max(seconds, default=_TICKS[0]))

    def height(value: float) -> float:
        bounds = (log(ticks[0]), log(ticks[-1]))
        share = (log(min(max(value, ticks[0]), ticks[-1])) - bounds[0]) / (bounds[1] - bounds[0])
        return round(PLOT_TOP + (1 - share) * (PLOT_FOOT - PLOT_TOP), 1)

    shapes: dict[str, list[str]] = {}
    for share, value in points:
        x = round(PLOT_LEFT + share * (PLOT_WIDTH - PLOT_LEFT - 2 * _DOT), 1) + _DOT
        name, y = ("swept", PLOT_FOOT + 2 * _DOT) if value is None else ("value", height(value))
        shapes.setdefault(name, []).append(f"M{x - _DOT:g} {y:g}{_CIRCLE}")
    return Plot(
        shapes=tuple(Shape(name=name, path="".join(parts)) for name, parts in shapes.items()),
        ticks=tuple((tick, height(tick)) for tick in ticks),
        lines=tuple((name, height(value)) for name, value in levels.items()),
    )


def place_bar(used: float, limit: float) -> Bar:
    """Place a bar against a limit: good below seven tenths of it, bad from nine tenths on."""
    share = used / limit if limit else 1.0
    level: Level = "bad" if share >= 0.9 else "warn" if share >= 0.7 else "good"
    return Bar(width=round(BAR_WIDTH * min(1.0, share), 1), level=level)


def place_block(name: str, day: datetime, span: tuple[datetime, datetime], taken: tuple[datetime, datetime]) -> Block:
    """Place what a host holds on a day that begins at `day`; what lies outside of the day is cut off."""
    x, end = (_hours(day, moment) for moment in span)
    taken_x, taken_end = (_hours(day, moment) for moment in taken)
    return Block(name=name, x=x, width=_width(x, end), taken_x=taken_x, taken_width=_width(taken_x, taken_end))


def place_moment(day: datetime, moment: datetime) -> str:
    """Return the path of a moment on a day's lane; empty if it lies on another day."""
    is_on = day <= moment < day + timedelta(days=1)
    return f"M{_hours(day, moment):g} 0v{LANE_HEIGHT}" if is_on else ""


def _ticks_of(least: float, most: float) -> tuple[int, ...]:
    """Return the ticks between which all values lie, two at least; what is beyond the last one is drawn at it."""
    first = max((number for number, tick in enumerate(_TICKS) if tick <= least), default=0)
    last = min((number for number, tick in enumerate(_TICKS) if tick >= most), default=len(_TICKS) - 1)
    first = min(first, len(_TICKS) - 2)
    return _TICKS[first : max(last, first + 1) + 1]


def _heights(stack: Mapping[N, int], most: int) -> dict[N, float]:
    """Return the heights of a stack's parts. None is lower than 2: the highest part gives them room."""
    heights = {name: max(2.0, COLUMNS_HEIGHT * count / most) for name, count in stack.items() if count}
    excess = sum(heights.values()) - COLUMNS_HEIGHT
    if excess > 0:
        heights[max(heights, key=heights.__getitem__)] -= excess
    return heights


def _hours(day: datetime, moment: datetime) -> float:
    return round(HOUR * min(24.0, max(0.0, (moment - day) / timedelta(hours=1))), 1)


def _width(start: float, end: float) -> float:
    return round(end - start, 1)


def _draw(columns: Iterable[tuple[str, float, float, float]]) -> tuple[Shape, ...]:
    """Draw columns (class, left, foot, height) as one path for each class."""
    paths: dict[str, list[str]] = {}
    for name, x, foot, height in columns:
        paths.setdefault(name, []).append(f"M{x + 1:g} {foot:g}v{-height:.3g}h{_BAR}v{height:.3g}z")
    return tuple(Shape(name=name, path="".join(parts)) for name, parts in paths.items())
