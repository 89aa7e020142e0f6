"""What became of the runs: the latest of each job, and all jobs over an hour, a day or a week."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ....engine.outcomes import (
    OUTCOMES,
    CountedRuns,
    RunOutcome,
    Window,
    count_deleted,
    count_outcomes,
    load_latest,
    load_window,
    mark_ids,
    mark_unfinished,
)
from ....store.counted import count_gone
from ....store.db.connect import Database
from ....store.tables import run
from ..lists import Kept
from .kept import kept_of
from .spans import Span, begin_of

LATEST = 50  # runs of a strip
WORDS: Mapping[RunOutcome, str] = {
    "done": "done",
    "retried": "done after a retry",
    "waits": "open",
    "cancelled": "cancelled",
    "parked": "waiting for an operator",
    "failed": "failed",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RunShown:
    """A run of a strip."""

    id: int
    created: datetime
    outcome: RunOutcome

    def __hash__(self) -> int:
        return self.id  # quick: strips are found by their 50 runs

    @property
    def words(self) -> str:
        """The outcome in words."""
        return WORDS[self.outcome]


@dataclass(frozen=True, kw_only=True)
class JobCounts:
    """How many runs of a job had which outcome, in each step of a span; a step without runs has no counts."""

    job: str
    steps: tuple[tuple[tuple[RunOutcome, int], ...], ...]

    @property
    def total(self) -> dict[RunOutcome, int]:
        """The counts of the whole span; an outcome that no run had is left out."""
        sums: dict[RunOutcome, int] = {}
        for step in self.steps:
            for outcome, count in step:
                sums[outcome] = sums.get(outcome, 0) + count
        return sums


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """The outcomes of all jobs in a span. `since`: the counts begin there, where too many runs were made to count."""

    begin: datetime
    step: timedelta
    jobs: tuple[JobCounts, ...]
    since: datetime | None


def load_strips(database: Database, jobs: Iterable[str]) -> dict[str, tuple[RunShown, ...]]:
    """Load the last 50 runs of each job, the newest last."""
    with database.read() as connection:
        latest = load_latest(connection, tuple(jobs), limit=LATEST)
    return {
        job: tuple(RunShown(id=number, created=created, outcome=outcome) for number, _, created, outcome in rows)
        for job, rows in latest.items()
    }


def write_counts(counts: Mapping[RunOutcome, int]) -> str:
    """Write counts by outcome in words, the worst last; "no runs" for none."""
    return ", ".join(f"{counts[name]:,} {WORDS[name]}" for name in OUTCOMES if counts.get(name)) or "no runs"


def load_outcomes(database: Database, jobs: Iterable[str], span: Span, now: datetime) -> Outcomes:
    """Count the runs of each job in a span that ends now."""
    begin = begin_of(span, now)
    with database.read() as connection:
        window = load_window(connection)
        cut = window.cut if window.cut and window.cut >= begin else None
        rows = (
            *_count_earlier(database, connection, window, begin, span.step),
            *count_outcomes(connection, window, "later", begin, span.step),
            *count_deleted(connection, begin, span.step, cut or begin),
        )
    steps: dict[str, list[dict[RunOutcome, int]]] = {job: [{} for _ in range(span.steps)] for job in jobs}
    last = span.steps - 1
    for job, outcome, number, held in rows:
        if job in steps:
            counts = steps[job][min(number, last)]
            counts[outcome] = counts.get(outcome, 0) + held
    by_job = tuple(
        JobCounts(job=job, steps=tuple(tuple(sorted(step.items())) for step in held)) for job, held in steps.items()
    )
    return Outcomes(begin=begin, step=span.step, jobs=by_job, since=cut)


def _count_earlier(
    database: Database, connection: Connection, window: Window, begin: datetime, step: timedelta
) -> Iterator[CountedRuns]:
    """Count the earlier runs: those that are finished only once, while they stay the same."""
    kept = kept_of(database)
    key = ("runs", window, begin, step, _mark_ids(kept, connection, window), mark_unfinished(connection, window))
    yield from kept.get(key, lambda: count_outcomes(connection, window, "finished", begin, step))
    yield from count_outcomes(connection, window, "unfinished", begin, step)


def _mark_ids(kept: Kept, connection: Connection, window: Window) -> tuple[int, ...]:
    """Mark the runs up to the last one. On SQLite all of them are looked at only where a run was deleted since."""
    gone = count_gone(connection, run)
    if gone is None:
        return mark_ids(connection, window)
    return kept.get(("run ids", window, gone), lambda: mark_ids(connection, window))
