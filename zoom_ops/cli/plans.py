"""`zoom-ops plan` and `zoom-ops apply`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from .opening import As, actor, opened
from .output import AsJson, print_changes, print_json

if TYPE_CHECKING:
    from ..app import App
    from ..operations.views.plans.choices.choice import PlanQuery
    from ..operations.views.plans.overview import Overview
    from ..stages import Holdup

_USUAL = 200  # events; a larger plan is asked for by name

Most = Annotated[int, typer.Option("--limit", help="How many events at most.", min=1, max=2_000)]
Without = Annotated[
    list[str] | None, typer.Option("--without", metavar="EVENT", help="All but this event; may be repeated.")
]
Kind = Annotated[
    str | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="Only changes of this kind: webinar, panelists, recording, or an action such as CreateWebinar.",
    ),
]
Account = Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Only events of this account.")]
Host = Annotated[
    str | None,
    typer.Option("--host", metavar="HOST", help="Only events whose webinar is on this host, or gets there."),
]
Profile = Annotated[str | None, typer.Option("--profile", metavar="PROFILE", help="Only events with this profile.")]
Series = Annotated[
    str | None, typer.Option("--series", metavar="WORDS", help="Only events with these words in their series.")
]
Days = Annotated[
    int | None,
    typer.Option("--days", metavar="N", help="Only events that begin within so many days.", min=0, max=3_650),
]


def plan(  # noqa: PLR0913  # each is an option of the command
    events: Annotated[list[str] | None, typer.Argument(metavar="EVENT", help="Only these events.")] = None,
    without: Without = None,
    kind: Kind = None,
    account: Account = None,
    host: Host = None,
    profile: Profile = None,
    series: Series = None,
    days: Days = None,
    long: Annotated[bool, typer.Option("--long", help="Show each field, old → new, and each event by itself.")] = False,
    limit: Most = _USUAL,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 4 if there is something to do.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what would be changed outside, whom Zoom mails, and what holds the rest up. Nothing is changed."""
    from ..operations.views.plans.overview import overview_json
    from ..operations.views.plans.plan import plan_choice

    query = _query((events, without), kind, account, host, profile, series, days)
    with opened() as service:
        overview = plan_choice(service.context, service.jobs.values(), query, limit=limit)
        if as_json:
            print_json(overview_json(overview))
        else:
            _print(service, overview, long=long)
            _close(overview, limit)
    if exit_code and overview.actions:
        raise typer.Exit(4)


def apply(  # noqa: PLR0913  # each is an option of the command
    digest: Annotated[str | None, typer.Argument(metavar="DIGEST", help="Only if the plan is still this one.")] = None,
    event: Annotated[
        list[str] | None, typer.Option("--event", metavar="EVENT", help="Only this event; may be repeated.")
    ] = None,
    without: Without = None,
    kind: Kind = None,
    account: Account = None,
    host: Host = None,
    profile: Profile = None,
    series: Series = None,
    days: Days = None,
    force: Annotated[bool, typer.Option("--force", help="Also what the guard refuses as unsafe.")] = False,
    limit: Most = _USUAL,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Make the changes that `plan` shows, and wait for them. The same options choose the same part of the plan."""
    from ..operations.views.plans.choices.applying import check_digest, request_plan
    from ..operations.views.plans.plan import plan_choice
    from .runs import follow

    query = _query((event, without), kind, account, host, profile, series, days)
    with opened() as service:
        overview = plan_choice(service.context, service.jobs.values(), query, force=force, limit=limit)
        if digest is not None:
            check_digest(overview, digest)
        runs = request_plan(service.context, service.jobs.values(), overview, actor(as_name), force=force)
        if not as_json:
            _print(service, overview, performs=True)
        if runs:
            code = follow(service, runs, as_json=as_json)
            if overview.left and not as_json:
                typer.echo(f"Not carried out: {overview.left}.")
        else:
            code = _print_unchanged(overview, as_json=as_json)
    if code == 0 and overview.refused:
        code = 3
    raise typer.Exit(code)


def _query(  # each is an option of the commands
    events: tuple[list[str] | None, list[str] | None],
    kind: str | None,
    account: str | None,
    host: str | None,
    profile: str | None,
    series: str | None,
    days: int | None,
) -> PlanQuery:
    from ..operations.views.plans.choices.choice import PlanQuery

    only, without = (tuple(each or ()) for each in events)
    return PlanQuery(
        events=only,
        without=without,
        kind=kind or "",
        account=account or "",
        host=host or "",
        profile=profile or "",
        series=series or "",
        days=days,
    )


def _print(service: App, overview: Overview, *, long: bool = False, performs: bool = False) -> None:
    """Print a plan, with what holds it up. `performs`: this command does the work if no process does."""
    from ..operations.views.events import names_of
    from ..operations.views.plans.groups import events_in, group_held

    first = (*_gaps(service), *(overview.warn_of(holdup) for holdup in _holdups(overview, performs=performs)))
    for sentence in first:
        _print_holdup(sentence)
    if long:
        _print_fields(overview)
    else:
        _print_lines(overview)
    for group in group_held(overview, names_of(service.database, events_in(overview))):
        for line in group.long if long else group.lines:
            _print_holdup(line)
    if overview.is_idle:
        typer.echo(_unchanged(overview) if first or _is_chosen(overview) else "Everything is as it should be.")


def _gaps(service: App) -> tuple[str, ...]:
    """Say what the installation lacks without which nothing can be planned: a Zoom account."""
    from ..operations.gaps import load_gaps

    with service.database.read() as connection:
        return tuple(gap.sentence for gap in load_gaps(service.context, connection) if gap.kind == "no_account")


def _holdups(overview: Overview, *, performs: bool) -> tuple[Holdup, ...]:
    return tuple(holdup for holdup in overview.service if not (performs and holdup.kind == "no_process"))


def _print_holdup(sentence: str) -> None:
    """Print what holds something up: it is part of the plan, and not a warning about it."""
    typer.secho(sentence, fg=typer.colors.YELLOW)


def _print_unchanged(overview: Overview, *, as_json: bool) -> int:
    """Print why nothing was carried out, if the plan does not say it; return the exit code."""
    if as_json:
        print_json([])
    elif overview.left:
        typer.echo(f"Nothing was carried out: {overview.left}.")
    elif not overview.is_idle:
        typer.echo(_unchanged(overview))
    return 5 if overview.waiting else 0


def _unchanged(overview: Overview) -> str:
    return "No event that was chosen needs such a change." if _is_chosen(overview) else "No event needs a change."


def _is_chosen(overview: Overview) -> bool:
    return bool(overview.query.words or overview.query.without)


def _print_lines(overview: Overview) -> None:
    """Print a line an event: what is done, and whom Zoom mails."""
    lines: dict[str, list[str]] = {}
    for action, sentence in overview.impact.effects:
        lines.setdefault(action.event, []).append(sentence)
    for event, sentences in lines.items():
        typer.secho(f"{event}:", bold=True, nl=False)
        typer.echo(f" {' '.join(sentences)}")


def _print_fields(overview: Overview) -> None:
    """Print each action with its reason and its fields, old → new."""
    from ..planning import name_action

    for action, sentence in overview.impact.effects:
        typer.secho(f"{action.event}: {name_action(action.kind)}", bold=True, nl=False)
        typer.echo(f" ({action.reason})" if action.reason else "")
        typer.echo(f"    {sentence}")
        print_changes(action.changes())


def _close(overview: Overview, limit: int) -> None:
    """Print how many events were left out, and what `apply` would do of the plan now."""
    if overview.left_out:
        count = len(overview.plans) + overview.left_out
        typer.echo(f"… {overview.left_out} more events may need work: zoom-ops plan{_scope(overview)} --limit {count}")
    if count := len(overview.actions):
        cut = f" --limit {limit}" if limit != _USUAL else ""
        stopped, command = len(overview.stopped), f"zoom-ops apply {overview.digest}{_scope(overview)}{cut}"
        actions = f"{count} action{'s' if count > 1 else ''}"
        mailed = f" This mails {overview.impact.mailed}." if overview.impact.mailed else ""
        if overview.is_stopped:
            typer.echo(
                f"\n{actions}, and none is carried out before the account works again.{mailed}"
                f" Digest: {overview.digest}"
            )
        elif stopped:
            typer.echo(
                f"\n{actions}; {command} does {count - stopped} now, and {stopped} when the account works again."
            )
        else:
            typer.echo(f"\n{actions}; {command} does that.{mailed}")


def _scope(overview: Overview) -> str:
    """Repeat what the plan was restricted to, for the command that applies it."""
    return "".join(f" --{name} {shlex.quote(value)}" for name, value in overview.query.pairs)
