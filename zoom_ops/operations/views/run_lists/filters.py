"""Which runs a person means: read the same way on the command line, in the console and over the API."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from ....alerting.hours import parse_since
from ....engine.listing import NEEDING, STATES, RunFilter, filter_runs, has_runs, list_job_names
from ....engine.runs import Run, Subject
from ....errors import BadInputError, NotFoundError
from ....stages import cause_of_run
from ....store.db.connect import Database
from ....store.event_queries import load_names
from ....store.events import load_event
from ...subjects import event_in

_AT_ONCE = 500  # runs that are loaded together to look for a cause


@dataclass(frozen=True, kw_only=True)
class RunQuery:
    """What a person writes to say which runs they mean; empty: all of them."""

    job: str = ""
    event: str = ""
    since: str = ""  # a span before now, or a time
    state: str = ""
    cause: str = ""  # words of the cause
    failed: bool = False  # only those that failed or are parked
    everything: bool = False  # also failures that a later run has replaced

    @property
    def needs_person(self) -> bool:
        """Whether only runs that failed or are parked are meant: those that a person can try again."""
        return self.failed or self.state in NEEDING

    @property
    def words(self) -> dict[str, str]:
        """What was written, by name: for addresses and for the audit."""
        flags = {"failed": "1" if self.failed else "", "all": "1" if self.everything else ""}
        named = {"job": self.job, "event": self.event, "since": self.since, "state": self.state, "cause": self.cause}
        return {name: value for name, value in (named | flags).items() if value}


@dataclass(frozen=True, kw_only=True)
class RunChoice:
    """The runs that a person means, with the words of a cause that they all have."""

    filters: RunFilter
    cause: str = ""


EVERY = RunChoice(filters=RunFilter())


def read_query(database: Database, query: RunQuery, jobs: Collection[str]) -> RunChoice:
    """Read what a person wrote. `jobs`: the names of the jobs that exist.

    Raise NotFoundError with the nearest names for an unknown job or event, BadInputError for what cannot be read.
    """
    if query.state and query.state not in STATES:
        raise BadInputError(f"{query.state[:20]!r} is no state of a run: {', '.join(STATES[:-1])} or {STATES[-1]}.")
    if query.state and query.failed:
        raise BadInputError("Ask for one state, or for all that failed or are parked; not for both.")
    states = NEEDING if query.failed else (query.state,) if query.state else ()
    subject = Subject(kind="event", id=query.event) if query.event else None
    with database.read() as connection:
        if query.job and query.job not in jobs:
            known = sorted({*jobs, *list_job_names(connection)})
            if query.job not in known:
                raise NotFoundError("job", query.job, known)
        if subject and not has_runs(connection, subject):
            load_event(connection, query.event)
        try:
            since = parse_since(query.since, database.now(connection)) if query.since else None
        except ValueError as error:
            raise BadInputError(str(error)) from None
    return RunChoice(
        filters=RunFilter(
            states=states, job=query.job or None, subject=subject, since=since, replaced=query.everything or not states
        ),
        cause=query.cause,
    )


def choose_runs(connection: Connection, choice: RunChoice, *, before: int | None = None, limit: int) -> tuple[Run, ...]:
    """List the runs that a person means, the newest first."""
    if not choice.cause:
        return filter_runs(connection, choice.filters, before=before, limit=limit)
    found: list[Run] = []
    for run, cause in iter_causes(connection, choice.filters, before=before):
        if choice.cause.lower() in cause.lower():
            found.append(run)
        if len(found) == limit:
            break
    return tuple(found)


def iter_causes(connection: Connection, filters: RunFilter, *, before: int | None = None) -> Iterator[tuple[Run, str]]:
    """Yield the runs that have an error, each with its cause, the newest first."""
    while True:
        runs = filter_runs(connection, filters, before=before, limit=_AT_ONCE)
        yield from causes_of(connection, runs)
        if len(runs) < _AT_ONCE:
            return
        before = runs[-1].id


def causes_of(connection: Connection, runs: Collection[Run]) -> Iterator[tuple[Run, str]]:
    """Yield those of some runs that have an error, each with its cause: what alerts are grouped by, too."""
    failed = [(run, run.error) for run in runs if run.error]
    names = load_names(connection, {event_id for run, _ in failed if (event_id := event_in(run.subject))})
    for run, error in failed:
        event_id = event_in(run.subject)
        own = (event_id, names.get(event_id, "")) if event_id else ()
        yield run, cause_of_run(run.job, error, *own)


def of_trouble(choice: RunChoice) -> RunChoice:
    """Restrict a choice to the runs that failed or are parked, and that no later run has replaced.

    Of a choice that names one of both states, the other is left out.
    """
    states = tuple(state for state in choice.filters.states if state in NEEDING) or NEEDING
    return replace(choice, filters=replace(choice.filters, states=states, replaced=False))
