"""`zoom-ops plan` and `zoom-ops apply`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .opening import As, actor, opened
from .output import AsJson, print_changes, print_json, warn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..operations.context import Context
    from ..operations.views.plans import Overview


def plan(
    events: Annotated[list[str] | None, typer.Argument(metavar="[EVENT...]", help="Only these events.")] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 4 if there is something to do.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what would be changed outside, old → new. Nothing is changed."""
    from ..operations.views.plans import overview_json, plan_events

    with opened() as service:
        overview = plan_events(service.context, tuple(events or ()))
        moves = _moves(service.context, overview)
    if as_json:
        print_json(overview_json(overview))
    else:
        _print(overview, moves)
        if count := len(overview.actions):
            only = "".join(f" --event {event}" for event in events or ())
            typer.echo(f"\n{count} action{'s' if count > 1 else ''}; zoom-ops apply {overview.digest}{only} does that.")
    if exit_code and overview.actions:
        raise typer.Exit(4)


def apply(
    digest: Annotated[
        str | None, typer.Argument(metavar="[DIGEST]", help="Only if the plan is still this one.")
    ] = None,
    event: Annotated[list[str] | None, typer.Option("--event", help="Only this event; may be repeated.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Also what the guard refuses as unsafe.")] = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Make the changes that `plan` shows, and wait for them."""
    from ..operations.views.plans import check_digest, plan_events, request_plan
    from .runs import follow

    with opened() as service:
        overview = plan_events(service.context, tuple(event or ()), force=force)
        if digest is not None:
            check_digest(overview, digest)
        runs = request_plan(service.context, service.jobs.values(), overview, actor(as_name), force=force)
        if not as_json:
            _print(overview, _moves(service.context, overview))
        code = follow(service, runs, as_json=as_json)
    if code == 0 and overview.refused:
        code = 3
    raise typer.Exit(code)


def _moves(context: Context, overview: Overview) -> dict[str, str]:
    """Return the effect of each move in a sentence, by event: whom Zoom tells, and whom it does not."""
    from ..operations.views.impact import impact_of_plan

    moves = [action for action in overview.actions if getattr(action, "reschedules", False)]
    return {action.event: sentence for action, sentence in impact_of_plan(context, moves).effects} if moves else {}


def _print(overview: Overview, moves: Mapping[str, str]) -> None:
    for action in overview.actions:
        typer.secho(f"{action.event}: {action.kind}", bold=True, nl=False)
        typer.echo(f" ({action.reason})" if action.reason else "")
        print_changes(action.changes())
        if action.kind == "UpdateWebinar" and action.event in moves:
            typer.echo(f"    {moves[action.event]}")
    for event, reason in overview.waiting:
        warn(f"{event} waits: {reason}")
    for event, reason in overview.refused:
        warn(f"{event} is refused: {reason}")
    for event, reason in overview.notices:
        warn(f"{event} needs attention: {reason}")
    if not (overview.actions or overview.waiting or overview.refused or overview.notices):
        typer.echo("Everything is as it should be.")
