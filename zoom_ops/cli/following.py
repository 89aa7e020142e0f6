"""Follow runs to their end. The daemon performs them if one runs, else this process does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import typer

from .output import print_json

if TYPE_CHECKING:
    from ..app import App
    from ..engine.runs import Run
    from ..operations.jobs.requests import Watch

_POLL_S = 0.1


def follow(service: App, run_ids: tuple[int, ...], *, as_json: bool) -> int:
    """Wait for runs and their follow-up runs, print their progress, and return the exit code."""
    from ..operations.jobs.requests import Watch, exit_code
    from ..operations.views.runs import run_json

    watch = Watch(service.context, run_ids, lambda job: service.jobs[job].then if job in service.jobs else ())
    show = _Printer(quiet=as_json)
    with show.spinner():
        work = _work_here if service.engines.alone_lock.acquire() else _watch
        runs = work(service, watch, show)
    if as_json:
        print_json([run_json(run) for run in runs])
    elif not runs:
        typer.echo("Nothing is to be done.")
    return exit_code(runs)


def _watch(service: App, watch: Watch, show: Callable[[Iterable[Run]], None]) -> tuple[Run, ...]:
    from ..app import is_worked_on, wake

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
    last: list[Any] = [()]

    def enough() -> bool:
        progress = watch.look()
        show(progress.runs)
        last[0] = progress.runs
        return progress.settled

    try:
        service.engines.alone.drain(enough)
    finally:
        service.engines.alone.stop()
    runs: tuple[Run, ...] = last[0]
    return runs


class _Printer:
    """Print a line for each new state of a run."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._printed: dict[int, str] = {}

    def __call__(self, runs: Iterable[Run]) -> None:
        """Print the runs whose state has changed."""
        from ..operations.views.runs import state_of

        for run in runs:
            state = state_of(run)
            text = f"{state}: {run.outcome if state == 'done' else run.error or ''}".rstrip(": ")
            if self._printed.get(run.id) != text and state not in ("active", "running"):
                self._printed[run.id] = text
                if not self._quiet:
                    typer.echo(f"{run.job} {run.subject.id} {text}")

    def spinner(self) -> AbstractContextManager[Any]:
        """Show a spinner on a terminal during the block."""
        from rich.console import Console

        return Console(stderr=True, quiet=self._quiet).status("working")
