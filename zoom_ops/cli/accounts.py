"""`zoom-ops accounts`: the Zoom accounts."""

from typing import Annotated, Any

import typer

from .grammar.groups import Noun
from .opening import As, actor, opened
from .output import AsJson, Cell, at, print_json, print_list, print_result, short_time

app = Noun(name="accounts", help="List the Zoom accounts; show, pause and resume one.")

Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account, as `accounts` lists it.")]
Note = Annotated[str, typer.Option("--note", help="Why, for everybody who sees the pause.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the Zoom accounts: working, stopped or paused, since when, and why."""
    from ..operations.views.accounts import show_accounts

    with opened() as service:
        rows = show_accounts(service.context)
    columns: dict[str, Cell] = {
        "account": "name",
        "state": "state",
        "since (UTC)": at("since"),
        "token": lambda row: _token(row["token_expires_in_s"]),
        "calls today": "calls_today",
        "errors": "errors_today",
        "why": _reason,
    }
    return print_list(rows, columns, as_json=as_json, empty="No Zoom account is configured (ZOOM_OPS_ACCOUNTS__…).")


@app.command()
def show(account: Account, as_json: AsJson = False) -> None:
    """Show an account, and what a rehearsal found out about it."""
    from ..operations.rehearsal.facts import describe_account
    from ..operations.rehearsal.questions import render

    with opened() as service:
        document = describe_account(service.context, account)
    if as_json:
        return print_json(document)
    typer.secho(f"{document['name']}: {document['state']}", bold=True)
    if not document["facts"]:
        typer.echo(f"Nothing was measured yet: zoom-ops rehearse --account {account} --host HOST --mail YOU")
    for fact in document["facts"]:
        typer.echo(f"  {fact['question']} {render(fact['answer'])} ({fact['at'][:10]})")
        if fact["consequence"]:
            typer.echo(f"    {fact['consequence']}")
    return None


@app.command()
def pause(account: Account, note: Note, as_name: As = None, as_json: AsJson = False) -> None:
    """Pause an account: no call goes to Zoom, and what needs one waits, until `accounts resume`."""
    from ..operations.admin.accounts import pause_account

    with opened() as service:
        pause_account(service.context, account, note, actor(as_name))
    sentence = f"Account {account} is paused: no call goes to Zoom. To go on: zoom-ops accounts resume {account}"
    return print_result({"name": account, "state": "paused"}, sentence, as_json=as_json)


@app.command()
def resume(account: Account, as_name: As = None, as_json: AsJson = False) -> None:
    """End an account's pause, or allow a stopped account one trial call at once. Runs that wait then continue."""
    from ..operations.admin.accounts import resume_account

    with opened() as service:
        resumed = resume_account(service.context, account, actor(as_name))
    sentences = [f"Account {account} is not paused any more."] if resumed.was_paused else []
    if resumed.stops:
        sentences.append(f"The next call of account {account} is a trial: zoom-ops accounts tells what came of it.")
    document = {"name": account, "was_paused": resumed.was_paused, "trial": resumed.stops > 0}
    nothing = f"Account {account} is neither stopped nor paused."
    return print_result(document, " ".join(sentences) or nothing, as_json=as_json)


def _token(left_s: int | None) -> str:
    if left_s is None:
        return "none"
    return f"{left_s // 60} minutes left" if left_s > 0 else "expired"


def _reason(row: dict[str, Any]) -> str:
    again = f" Tried again at {short_time(row['retry_at'])}." if row["retry_at"] else ""
    by = f"{row['paused_by']}: " if row["paused_by"] else ""
    return f"{by}{row['reason'] or ''}{again}"
