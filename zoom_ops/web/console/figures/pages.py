"""Figures in the console: outcomes of the jobs, latency to the page, calls against Zoom's limits."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby

from fastapi import Request, Response
from markupsafe import Markup

from ....engine.outcomes import OUTCOMES
from ....operations.reconcile.pools import CHANGES_A_DAY
from ....operations.views.figures.latency import Published, load_published, share_within
from ....operations.views.figures.limits import load_limits
from ....operations.views.figures.outcomes import (
    LATEST,
    WORDS,
    JobCounts,
    RunShown,
    load_outcomes,
    write_counts,
)
from ....operations.views.figures.spans import SPANS, get_span
from ...dependencies import TheOperations
from ...time_elements import write_moment
from ..frame import make_router, show
from . import charts
from .charts import Columns, Plot, place_bar, place_points, place_stacks, place_strip, place_targets

router = make_router()
_KEPT = 100  # charts with their words: of each job those of three spans, and its strip
_LEVELS = {"half": (0.5, "half within"), "most": (0.95, "19 of 20 within")}


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Runs in a row with one outcome."""

    words: str
    runs: tuple[RunShown, ...]


@dataclass(frozen=True, kw_only=True)
class Strip:
    """The last runs of a job: the chart, its sentence, and the same by stretches."""

    job: str
    words: str
    chart: Columns
    runs: tuple[RunShown, ...]
    links: Markup  # where the pointer finds each run

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The runs in a row with one outcome, the newest first."""
        parts = groupby(reversed(self.runs), key=lambda run: run.words)
        return tuple(Stretch(words=words, runs=tuple(runs)) for words, runs in parts)


@dataclass(frozen=True, kw_only=True)
class JobStacks:
    """A job over time: the chart, its words, and the steps in which it had runs, with their begin and words."""

    job: str
    words: str
    most: int  # runs in a step
    chart: Columns
    steps: tuple[tuple[Markup, str], ...]


@dataclass(frozen=True, kw_only=True)
class Latencies:
    """The recordings of a span: the chart, its words, and each with what it took."""

    words: str
    chart: Plot
    legend: tuple[tuple[str, str], ...]  # classes with their words
    rows: tuple[tuple[Published, str], ...]  # the newest first


@router.get("/figures")
def show_figures(request: Request, operations: TheOperations, span: str = "day") -> Response:
    """Show the outcomes of all jobs, the latency to the page, and the calls against the limits, over a span."""
    chosen, context = get_span(span), operations.context
    now = context.clock.now()
    outcomes = load_outcomes(context.database, operations.jobs, chosen, now)
    jobs = [stack_job(job, outcomes.begin, outcomes.step) for job in outcomes.jobs]
    values = {
        "span": chosen,
        "spans": tuple(SPANS),
        "outcomes": outcomes,
        "outcomes_in_words": [(name, WORDS[name]) for name in OUTCOMES],
        "jobs": [job for job in jobs if job.steps],
        "idle": [job.job for job in jobs if not job.steps],
        "latencies": draw_latencies(load_published(context.database, chosen, now), outcomes.begin, now),
        "write_time": write_time,
        "write_moment": write_moment,
        "charts": charts,
        "accounts": load_limits(context, chosen, now),
        "place_bar": place_bar,
        "changes_a_day": CHANGES_A_DAY,
    }
    return show(request, "figures.html", values)


@lru_cache(maxsize=_KEPT)
def draw_strip(job: str, runs: tuple[RunShown, ...]) -> Strip:
    """Draw the last runs of a job, the newest at the right."""
    outcomes = tuple(run.outcome for run in runs)
    return Strip(
        job=job,
        words=write_counts(Counter(outcomes)),
        chart=place_strip(outcomes, LATEST),
        runs=runs,
        links=_link_runs(runs),
    )


def _link_runs(runs: Sequence[RunShown]) -> Markup:
    """Write the links of a strip. A page has 800 of them, which a template would take four times as long to write."""
    links = (
        f'<a href="/-/runs/{run.id}" tabindex="-1"><title>Run {run.id}: {run.words}, {str(run.created)[5:16]} UTC'
        f'</title><path d="{target}"/></a>'
        for run, target in zip(runs, place_targets(len(runs), LATEST), strict=True)
    )
    return Markup("".join(links))  # noqa: S704 - numbers, and words and shapes of ours


@lru_cache(maxsize=_KEPT)
def stack_job(job: JobCounts, begin: datetime, step: timedelta) -> JobStacks:
    """Draw the runs of a job over time to its own scale: some jobs run each minute, others once a day."""
    steps = tuple(dict(counts) for counts in job.steps)
    most = max((sum(counts.values()) for counts in steps), default=0)
    return JobStacks(
        job=job.job,
        words=write_counts(job.total),
        most=most,
        chart=place_stacks(steps, OUTCOMES, most),
        steps=tuple(
            (write_moment(begin + number * step), write_counts(counts)) for number, counts in enumerate(steps) if counts
        ),
    )


def draw_latencies(published: Sequence[Published], begin: datetime, now: datetime) -> Latencies:
    """Draw how long recordings took to their page, by the time of their publication since `begin`."""
    told = [recording.latency for recording in published if recording.latency is not None]
    points = [
        ((row.at - begin) / (now - begin), None if row.latency is None else row.latency.total_seconds())
        for row in published
    ]
    levels = {name: share_within(told, share) for name, (share, _) in _LEVELS.items()} if len(told) > 1 else {}
    known = {name: level for name, level in levels.items() if level is not None}
    lines = ((name, f"{_LEVELS[name][1]}: {write_time(level)}") for name, level in known.items())
    return Latencies(
        words=write_latencies(told, len(published)),
        chart=place_points(points, {name: level.total_seconds() for name, level in known.items()}),
        legend=(("value", "told by Zoom"), *lines, ("swept", "found by the sweep")),
        rows=tuple((row, "found by the sweep" if row.latency is None else write_time(row.latency))
                   for row in reversed(published)),
    )  # fmt: skip


def write_latencies(told: Sequence[timedelta], recordings: int) -> str:
    """Write the median and the 95th percentile in words, and how many recordings the sweep found."""
    swept = recordings - len(told)
    parts = []
    if len(told) == 1:
        parts.append(f"Zoom told of 1 recording: it took {write_time(told[0])}.")
    elif told:
        half, most = (share_within(told, share) or timedelta() for share, _ in _LEVELS.values())
        within = f"half of them took at most {write_time(half)}, 19 of 20 at most {write_time(most)}"
        parts.append(f"Zoom told of {len(told)} recordings: {within}.")
    if swept:
        parts.append(f"{swept} {'was' if swept == 1 else 'were'} found by the sweep, before any notification came.")
    return " ".join(parts)


def write_time(time: timedelta | int) -> str:
    """Write a length of time (an integer: seconds) in its two largest units, such as `3 min 10 s`."""
    left, parts = max(0, round(time.total_seconds() if isinstance(time, timedelta) else time)), []
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size)
        parts.append((count, unit))
    first = next((number for number, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count) or "under 1 s"
