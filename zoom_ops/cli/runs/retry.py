"""`zoom-ops runs retry`: some runs by their numbers, or all that failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from ..asking import Yes, agreed, leave
from ..grammar.mistakes import LARGEST
from ..opening import As, actor, opened
from ..output import AsJson, print_json, warn
from .following import follow, wait_for
from .options import Cause, OfEvent, OfJob, Since

if TYPE_CHECKING:
    from ...app import App
    from ...operations.views.run_lists.filters import RunQuery
    from ...operations.views.run_lists.retries import Retried, RetryPlan
    from ...store.audit import Actor

_SHOWN = 20  # effects

RunIds = Annotated[list[int] | None, typer.Argument(metavar="RUN", help="The numbers of the runs.", max=LARGEST)]
AllFailed = Annotated[bool, typer.Option("--failed", help="All that failed or are parked; options narrow that.")]
Force = Annotated[bool, typer.Option("--force", help="Also what the guard refuses as unsafe.")]
NotDone = Annotated[
    bool, typer.Option("--not-done", help="You have looked for what `runs show` says is open: it was not done.")
]


def retry(  # noqa: PLR0913  # each is an option of the command
    runs: RunIds = None,
    failed: AllFailed = False,
    job: OfJob = None,
    event: OfEvent = None,
    since: Since = None,
    cause: Cause = None,
    force: Force = False,
    not_done: NotDone = False,
    yes: Yes = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Retry runs and wait for them: some by their numbers, or all that failed. Show first what that does for all."""
    from ...operations.views.run_lists.filters import RunQuery

    query = RunQuery(job=job or "", event=event or "", since=since or "", cause=cause or "", failed=failed)
    _check(runs or (), query, not_done=not_done)
    by = actor(as_name)
    with opened() as service:
        if runs:
            code = _retry_some(service, tuple(dict.fromkeys(runs)), by, (force, not_done), as_json=as_json)
        else:
            code = _retry_all(service, query, by, force=force, yes=yes, as_json=as_json)
    raise typer.Exit(code)


def _check(runs: tuple[int, ...] | list[int], query: RunQuery, *, not_done: bool) -> None:
    """Raise BadInputError if it is not clear which runs are meant."""
    from ...errors import BadInputError

    if runs and query.words:
        raise BadInputError("Name runs by their numbers, or choose them with --failed and its options; not both.")
    if not runs and not query.failed:
        raise BadInputError("Name runs by their numbers, or say --failed for all that failed: zoom-ops runs --failed")
    if not_done and len(runs) != 1:
        raise BadInputError("--not-done is about one run: name it, once you have looked at Zoom.")


def _retry_some(service: App, runs: tuple[int, ...], by: Actor, how: tuple[bool, bool], *, as_json: bool) -> int:
    from ...engine.listing import get_run
    from ...operations.jobs.requests import retry_run

    for run in runs:
        get_run(service.database, run)  # all of them are there, or none is retried
    force, not_done = how
    again = [retry_run(service.context, run, by, force=force, not_done=not_done) for run in runs]
    return follow(service, tuple(dict.fromkeys(again)), as_json=as_json)


def _retry_all(service: App, query: RunQuery, by: Actor, *, force: bool, yes: bool, as_json: bool) -> int:
    from ...operations.views.run_lists.filters import read_query
    from ...operations.views.run_lists.retries import plan_retry, retry_in_batches, retry_json

    choice = read_query(service.database, query, service.jobs)
    plan = plan_retry(service.context, service.jobs, choice, force=force)
    if not as_json:
        _print(plan)
    agrees = bool(plan.runs) and agreed((), "Retry them?", yes=yes, as_json=as_json)
    if not agrees:
        if as_json:
            print_json(retry_json(plan) | {"ordered": False})
        if plan.runs:
            raise leave()
        return 0
    batches = _Batches(service, retry_in_batches(service.context, plan, by, query.words))
    return _perform(service, plan, batches, as_json=as_json)


def _perform(service: App, plan: RetryPlan, batches: _Batches, *, as_json: bool) -> int:
    from ...operations.jobs.requests import exit_code
    from ...operations.views.run_lists.retries import retry_json
    from ...operations.views.runs import run_json, sum_up

    runs = wait_for(service, next(batches, ()), batches, quiet=as_json)
    for _left in batches:  # nobody performs them now: they are asked for all the same
        pass
    if as_json:
        counts = {"ordered": True, "skipped": batches.skipped, "runs": [run_json(run) for run in runs]}
        print_json(retry_json(plan) | counts)
    else:
        typer.echo(sum_up(runs))
        if batches.skipped:
            was = "1 was" if batches.skipped == 1 else f"{batches.skipped} were"
            typer.echo(f"{was} skipped: retried, mended or cancelled by somebody else meanwhile.")
    return exit_code(runs)


def _print(plan: RetryPlan) -> None:
    if not plan.runs:
        return typer.echo("No such run failed or waits for an operator.")
    typer.secho(plan.head, bold=True)
    for group in plan.groups:
        typer.echo(f"  {group.describe({})}")
    for sentence in plan.stops:
        warn(sentence)
    for sentence in plan.effects[:_SHOWN]:
        typer.echo(sentence)
    if (more := len(plan.effects) - _SHOWN) > 0:
        typer.echo(f"… and {more} more; --json shows all.")
    return None


class _Batches:
    """The batches of a retry: each is ordered when it is asked for, and the engine is told."""

    def __init__(self, service: App, batches: Iterator[Retried]) -> None:
        self._service, self._batches = service, batches
        self.skipped = 0

    def __iter__(self) -> _Batches:
        return self

    def __next__(self) -> tuple[int, ...]:
        from ...app import wake

        while True:
            batch = next(self._batches)
            self.skipped += batch.skipped
            if batch.runs:
                wake(self._service)
                return batch.runs
