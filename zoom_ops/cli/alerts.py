"""`zoom-ops alerts`: problems and their alerts, who is told of them, and who is not."""

from typing import Annotated, Any

import typer

from .grammar.groups import Noun
from .opening import As, actor, opened, opened_storage
from .output import AsJson, Cell, Limit, at, print_json, print_list, print_result, short_time, warn

app = Noun(name="alerts", help="List what needs an operator; mute it, and say who is told and when.", alone="problems")
windows = Noun(
    name="windows", help="List the maintenance windows, in which nobody is told of problems; add and end one."
)
app.add_typer(windows)

AlertId = Annotated[int, typer.Argument(metavar="ALERT", help="The number of the alert.")]
WindowId = Annotated[int, typer.Argument(metavar="WINDOW", help="The number of the window.")]
ProblemId = Annotated[
    str, typer.Argument(metavar="PROBLEM", help="Its id, the beginning of it, or its kind if it is the only one.")
]
All = Annotated[bool, typer.Option("--all", help="Each alert by itself, also what is over.")]
AlsoOver = Annotated[bool, typer.Option("--all", help="Also what is over.")]
Note = Annotated[str, typer.Option(help="Why, for everybody who sees it.")]
For = Annotated[str | None, typer.Option("--for", metavar="SPAN", help="For how long, such as 2h or 7d.")]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="Until when, in ALERT_ZONE: 2027-01-31T22:00.")]
From = Annotated[str | None, typer.Option("--from", metavar="TIME", help="From when; now if you do not say it.")]
OfAccount = Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Only problems of this account.")]

_EMPTY = "There are no alerts."
_NOBODY = "Nobody is told of problems: ZOOM_OPS_ALERT_TO is not set."


@app.command()
def problems(everything: All = False, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List the problems that last, the worst first: alerts with one cause are one problem."""
    from ..operations.views.problems import show_problems, show_windows

    if everything:
        return list_(everything=True, limit=limit, as_json=as_json)
    with opened_storage() as storage:
        rows, tells = show_problems(storage.database, limit=limit + 1), bool(storage.settings.alert_to)
        if not as_json:
            for window in show_windows(storage.database):
                warn(say_window(window))
    columns: dict[str, Cell] = {
        "problem": "id",
        "severity": "severity",
        "since (UTC)": at("since"),
        "alerts": "count",
        "told": lambda row: _say_told(row, tells=tells),
        "what happened, and what to do": _say_what,
    }
    print_list(rows[:limit], columns, as_json=as_json, empty=_EMPTY)
    if len(rows) > limit and not as_json:
        typer.echo(f"There are more than {limit}: --limit {10 * limit} shows them.")
    return None


@app.command("list")
def list_(everything: AlsoOver = False, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List each alert by itself, the newest first."""
    from ..operations.views.alerts import show_alerts

    with opened_storage() as storage:
        rows = show_alerts(storage.database, cleared=everything, limit=limit)
    columns: dict[str, Cell] = {
        "alert": "id",
        "since (UTC)": at("raised"),
        "over": at("cleared"),
        "problem": "problem",
        "severity": "severity",
        "kind": "kind",
        "account": "account",
        "about": "subject",
        "what happened, and what to do": "sentence",
    }
    return print_list(rows, columns, as_json=as_json, empty=_EMPTY)


@app.command()
def dismiss(alert: AlertId, as_name: As = None, as_json: AsJson = False) -> None:
    """Dismiss an alert whose cause nobody will fix. It comes back only if the cause occurs again."""
    from ..operations.views.alerts import dismiss_alert

    with opened_storage() as storage:
        dismiss_alert(storage.database, alert, actor(as_name))
    return print_result({"id": alert, "dismissed": True}, f"Alert {alert} is dismissed.", as_json=as_json)


@app.command()
def mute(
    problem: ProblemId, note: Note, lasts: For = None, until: Until = None, as_name: As = None, as_json: AsJson = False
) -> None:
    """Tell nobody of a problem any more. Lists and pages still show it, with the note."""
    from ..operations.alerting.admin import Times, mute_problem

    with opened_storage() as storage:
        times = Times(until=until, lasts=lasts, zone=storage.settings.hours.zone)
        muted = mute_problem(storage.database, problem, actor(as_name), times, note=note)
    when = f"until {short_time(muted['until'])} UTC" if muted["until"] else "until a day after it is over"
    sentence = f"Problem {muted['problem']} ({muted['summary']}) is muted {when}."
    return print_result(muted, sentence, as_json=as_json)


@app.command()
def unmute(problem: ProblemId, as_name: As = None, as_json: AsJson = False) -> None:
    """Tell of a muted problem again."""
    from ..operations.alerting.admin import unmute_problem

    with opened_storage() as storage:
        ended = unmute_problem(storage.database, problem, actor(as_name))
    return print_result(ended, f"Problem {ended['problem']} is told again.", as_json=as_json)


@app.command()
def targets(as_json: AsJson = False) -> None:
    """List where operators are told (ALERT_TO), and the latest result of each."""
    from ..operations.views.targets import show_targets

    with opened() as service:
        rows = show_targets(service.context)
    columns: dict[str, Cell] = {
        "target": "target",
        "state": "state",
        "is told": "wants",
        "waiting": "waiting",
        "given up": "failed",
        "taken": "taken",
        "tried (UTC)": at("tried"),
        "last answer": "answer",
    }
    return print_list(rows, columns, as_json=as_json, empty=_NOBODY)


@app.command("test")
def try_(as_name: As = None, as_json: AsJson = False) -> None:
    """Send a test message to each target now, and print whether it took it."""
    from ..operations.alerting.admin import try_targets

    with opened() as service:
        rows = try_targets(service.context, actor(as_name))
    if as_json:
        print_json(rows)
    for row in () if as_json else rows:
        if row["taken"]:
            typer.echo(f"{row['target']}: {row['answer']}")
        else:
            warn(f"{row['target']}: {row['answer']}")
    if not rows and not as_json:
        warn(_NOBODY)
    if not rows or not all(row["taken"] for row in rows):
        raise typer.Exit(1)


@windows.command("list")
def list_windows(as_json: AsJson = False) -> None:
    """List the maintenance windows that last or are to come."""
    from ..operations.views.problems import show_windows

    with opened_storage() as storage:
        rows = show_windows(storage.database)
    columns: dict[str, Cell] = {
        "window": "id",
        "from (UTC)": at("begins"),
        "until (UTC)": at("ends"),
        "of": lambda row: row["account"] or "everything",
        "note": "note",
        "who": "who",
    }
    return print_list(rows, columns, as_json=as_json, empty="There is no maintenance window.")


@windows.command()
def add(
    note: Note,
    begins: From = None,
    until: Until = None,
    lasts: For = None,
    account: OfAccount = None,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Add a maintenance window. What still lasts when it ends is told then."""
    from ..operations.alerting.admin import Times, add_window, check_account

    with opened_storage() as storage:
        settings = storage.settings
        known = check_account(account, settings.accounts)
        times = Times(begins=begins, until=until, lasts=lasts, zone=settings.hours.zone)
        window = add_window(storage.database, actor(as_name), times, note=note, account=known)
    return print_result(window, f"Window {window['id']}: {say_window(window)}", as_json=as_json)


@windows.command()
def end(window: WindowId, as_name: As = None, as_json: AsJson = False) -> None:
    """End a maintenance window now, or cancel one to come."""
    from ..operations.alerting.admin import stop_window

    with opened_storage() as storage:
        ended = stop_window(storage.database, window, actor(as_name))
    return print_result(ended, f"Window {window} is over; what still lasts is told.", as_json=as_json)


def say_window(window: dict[str, Any]) -> str:
    whose = f"of account {window['account']}" if window["account"] else "of everything"
    when = f"from {short_time(window['begins'])} until {short_time(window['ends'])} UTC"
    return f"Maintenance {whose} {when}: {window['note']} ({window['who']})"


def _say_told(row: dict[str, Any], *, tells: bool) -> str:
    if row["muted"]:
        until = f" until {short_time(row['muted']['until'])}" if row["muted"]["until"] else ""
        return f"muted{until}"
    if row["window"]:
        return "maintenance"
    if row["told"]:
        return short_time(row["told"])
    return "not yet" if tells else "nobody"


def _say_what(row: dict[str, Any]) -> str:
    about = f"{row['about']}: " if row["about"] else ""
    what = f"{about}{row['sentence']}"
    if row["count"] > 1:
        named = f" ({row['about']})" if about else ""
        what = f"{row['summary']}{named}. First: {row['sentence']}"
    return f"{what} (Muted by {row['muted']['who']}: {row['muted']['note']})" if row["muted"] else what
