"""Follow runs to their end: through the daemon if there is one, else by doing the work here."""

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
    """Wait for runs and for those that follow them, show how they get on, and tell the exit code."""
    from ..operations.jobs.requests import Watch, exit_code
    from ..operations.views.runs import run_json

    watch = Watch(service.context, run_ids, lambda job: service.jobs[job].then if job in service.jobs else ())
    tell = _Teller(quiet=as_json)
    with tell.spinner():
        runs = (
            _work_here(service, watch, tell) if service.engines.alone_lock.acquire() else _watch(service, watch, tell)
        )
    if as_json:
        print_json([run_json(run) for run in runs])
    elif not runs:
        typer.echo("Nothing is to be done.")
    return exit_code(runs)


def _watch(service: App, watch: Watch, tell: Callable[[Iterable[Run]], None]) -> tuple[Run, ...]:
    from ..app import is_worked_on, wake

    wake(service)
    while True:
        progress = watch.look()
        tell(progress.runs)
        if progress.settled:
            return progress.runs
        if not is_worked_on(service):
            typer.echo("No process has performed anything lately. This is done as soon as one does.", err=True)
            return progress.runs
        time.sleep(_POLL_S)  # noqa: TID251  # a person waits here, in real time


def _work_here(service: App, watch: Watch, tell: Callable[[Iterable[Run]], None]) -> tuple[Run, ...]:
    last: list[Any] = [()]

    def enough() -> bool:
        progress = watch.look()
        tell(progress.runs)
        last[0] = progress.runs
        return progress.settled

    try:
        service.engines.alone.drain(enough)
    finally:
        service.engines.alone.stop()
    runs: tuple[Run, ...] = last[0]
    return runs


class _Teller:
    """Prints a line whenever a run gets on."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._told: dict[int, str] = {}

    def __call__(self, runs: Iterable[Run]) -> None:
        """Print what is new."""
        from ..operations.views.runs import state_of

        for run in runs:
            state = state_of(run)
            said = f"{state}: {run.outcome if state == 'done' else run.error or ''}".rstrip(": ")
            if self._told.get(run.id) != said and state not in ("active", "running"):
                self._told[run.id] = said
                if not self._quiet:
                    typer.echo(f"{run.job} {run.subject.id} {said}")

    def spinner(self) -> AbstractContextManager[Any]:
        """Show on a terminal that something is going on."""
        from rich.console import Console

        return Console(stderr=True, quiet=self._quiet).status("working")
