"""The geometry of the console's charts."""

import re
from datetime import datetime, timedelta

import pytest

from zoom_ops.web.console.figures.charts import (
    PLOT_FOOT,
    PLOT_TOP,
    Bar,
    Block,
    Columns,
    Level,
    Shape,
    place_bar,
    place_block,
    place_moment,
    place_points,
    place_stacks,
    place_strip,
    place_targets,
)

DAY = datetime.fromisoformat("2040-01-24T00:00:00+00:00")
HOUR = timedelta(hours=1)


def test_strip_ends_at_the_right_and_leaves_free_room_at_the_left() -> None:
    strip = place_strip(("done", "failed", "done"), 4)

    assert strip == Columns(
        width=32,
        height=32,
        shapes=(
            Shape(name="free", path="M1 32v-4h6v4z"),
            Shape(name="done", path="M9 32v-20h6v20zM25 32v-20h6v20z"),
            Shape(name="failed", path="M17 32v-32h6v32z"),
        ),
    )
    assert place_targets(3, 4) == ("M8 0h8v32h-8z", "M16 0h8v32h-8z", "M24 0h8v32h-8z")


def test_stack_of_the_most_is_as_high_as_the_chart_and_a_single_run_is_seen() -> None:
    stacks = place_stacks(({"done": 999, "failed": 1}, {}, {"done": 250}), ("done", "failed"), 1000)

    assert stacks == Columns(
        width=24,
        height=48,
        shapes=(
            Shape(name="done", path="M1 48v-46h6v46zM17 48v-12h6v12z"),
            Shape(name="failed", path="M1 2v-2h6v2z"),
        ),
    )


@pytest.mark.parametrize(
    ("seconds", "ticks"),
    [
        ((12, 45), (10, 60)), ((60,), (60, 600)), ((0, 4_000), (1, 10, 60, 600, 3_600, 21_600)),
        ((9e9,), (604_800, 2_592_000)), ((), (1, 10)),
    ],
)  # fmt: skip
def test_scale_of_points_has_round_times_around_all_of_them(seconds: tuple[float, ...], ticks: tuple[int, ...]) -> None:
    plot = place_points([(0.5, value) for value in seconds], {})

    heights = [height for _, height in plot.ticks]
    assert tuple(tick for tick, _ in plot.ticks) == ticks
    assert (heights[0], heights[-1]) == (PLOT_FOOT, PLOT_TOP)
    assert heights == sorted(heights, reverse=True)


def test_points_lie_between_their_ticks_and_what_was_swept_below() -> None:
    plot = place_points([(0.0, 10.0), (1.0, 1_000.0), (0.5, None)], {"half": 60.0})

    between = dict(plot.ticks)
    assert plot.ticks[0][0] == 10
    assert dict(plot.lines) == {"half": between[60]}
    points = {shape.name: [float(y) for y in re.findall(r"M\S+ (\S+?)a", shape.path)] for shape in plot.shapes}
    assert points["value"][0] == between[10]
    assert between[3_600] < points["value"][1] < between[600]
    assert points["swept"][0] > PLOT_FOOT


@pytest.mark.parametrize("place", [lambda: place_strip((), 0), lambda: place_points((), {})])
def test_nothing_has_no_shapes(place: object) -> None:
    assert place().shapes == ()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("used", "limit", "width", "level"),
    [
        (0, 30, 0, "good"), (20, 30, 133.3, "good"), (21, 30, 140, "warn"), (27, 30, 180, "bad"),
        (40, 30, 200, "bad"), (1, 0, 200, "bad"),
    ],
)  # fmt: skip
def test_bar_says_how_near_the_limit_is_and_ends_there(used: int, limit: int, width: float, level: Level) -> None:
    assert place_bar(used, limit) == Bar(width=width, level=level)


def test_block_of_a_day_is_cut_off_at_midnight() -> None:
    span, taken = (DAY + 23 * HOUR, DAY + 25 * HOUR), (DAY + 22.5 * HOUR, DAY + 25.5 * HOUR)

    first, second = (place_block("ours", day, span, taken) for day in (DAY, DAY + 24 * HOUR))

    assert first == Block(name="ours", x=92, width=4, taken_x=90, taken_width=6)
    assert second == Block(name="ours", x=0, width=4, taken_x=0, taken_width=6)
    assert (first.path, first.taken) == ("M92 1h4v10h-4z", "M90 3h6v6h-6z")


def test_moment_lies_on_one_day_only() -> None:
    assert [place_moment(DAY + n * 24 * HOUR, DAY + 30 * HOUR) for n in range(3)] == ["", "M24 0v12", ""]
