"""Wait for runs on the command line: this process does them if no daemon does."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import typer

from ..grammar.terminal import open_console
from ..output import print_json

if TYPE_CHECKING:
    from ...app import App
    from ...engine.runs import Run
    from ...operations.jobs.requests import Watch

_POLL_S = 0.1


def follow(service: App, run_ids: tuple[int, ...], *, as_json: bool) -> int:
    """Wait for runs and their follow-up runs, print their progress and at last their counts; return the exit code."""
    from ...operations.jobs.requests import exit_code
    from ...operations.views.runs import run_json, sum_up

    runs = wait_for(service, run_ids, quiet=as_json)
    if as_json:
        print_json([run_json(run) for run in runs])
    else:
        typer.echo(sum_up(runs))
    return exit_code(runs)


def wait_for(
    service: App, run_ids: Sequence[int], batches: Iterator[Sequence[int]] | None = None, *, quiet: bool
) -> tuple[Run, ...]:
    """Wait for runs and their follow-up runs, and print their progress; return what became of them.

    `batches`: further runs, the next ones once those before them rest. The daemon performs them if one runs, else this
    process does.
    """
    from ...operations.jobs.requests import Watch

    def followers(job: str) -> tuple[str, ...]:
        return service.jobs[job].then if job in service.jobs else ()

    watch = Watch(service.context, run_ids, followers, batches)
    console = open_console(sys.stderr, quiet=quiet)
    with console.status("working") as status:  # silent where no terminal shows it
        above = partial(console.out, highlight=False) if console.is_terminal and sys.stdout.isatty() else typer.echo
        show = _Printer(status.update, above, quiet=quiet)
        work = _work_here if service.engines.alone_lock.acquire() else _watch
        return work(service, watch, show)


def _watch(service: App, watch: Watch, show: Callable[[Iterable[Run]], None]) -> tuple[Run, ...]:
    from ...app import is_worked_on, wake

    wake(service)
    while True:
        progress = watch.look()
        show(progress.runs)
        if progress.settled:
            return progress.runs
        if not is_worked_on(service):
            typer.echo("No process has performed anything lately. This is done as soon as one does.", err=True)
            return progress.runs
        time.sleep(_POLL_S)  # noqa: TID251  # a person waits here, in real time


def _work_here(service: App, watch: Watch, show: Callable[[Iterable[Run]], None]) -> tuple[Run, ...]:
    runs: tuple[Run, ...] = ()

    def enough() -> bool:
        nonlocal runs
        progress = watch.look()
        runs = progress.runs
        show(runs)
        return progress.settled

    try:
        service.engines.alone.drain(enough)
    finally:
        service.engines.alone.stop()
    return runs


class _Printer:
    def __init__(self, show_counts: Callable[[str], None], write: Callable[[str], None], *, quiet: bool) -> None:
        self._show_counts, self._write, self._quiet = show_counts, write, quiet
        self._printed: dict[int, str] = {}

    def __call__(self, runs: Iterable[Run]) -> None:
        """Print the runs whose state has changed, and show how many are in which state."""
        from collections import Counter

        from ...operations.views.runs import state_of

        states = {run: state_of(run) for run in runs}
        self._show_counts(", ".join(f"{count} {state}" for state, count in sorted(Counter(states.values()).items())))
        for run, state in states.items():
            text = f"{state}: {run.outcome if state == 'done' else run.error or ''}".rstrip(": ")
            if self._printed.get(run.id) != text and state not in ("active", "running"):
                self._printed[run.id] = text
                if not self._quiet:
                    self._write(f"{run.job} {run.subject.id} {text}")
