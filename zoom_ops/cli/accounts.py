"""`zoom-ops accounts`: the Zoom accounts."""

from typing import Annotated, Any

import typer

from .opening import As, actor, opened
from .output import AsJson, at, print_json, print_list, short_time

app = typer.Typer(help="Zoom accounts: which are stopped, and why; resume.", invoke_without_command=True)


@app.callback()
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List the Zoom accounts: working or stopped, since when, and why."""
    from ..operations.views.accounts import show_accounts

    if context.invoked_subcommand:
        return None
    with opened() as service:
        rows = show_accounts(service.context)
    return print_list(
        rows,
        {
            "account": "name",
            "state": "state",
            "since (UTC)": at("since"),
            "token": lambda row: _token(row["token_expires_in_s"]),
            "calls today": "calls_today",
            "errors": "errors_today",
            "why": _reason,
        },
        as_json=as_json,
        empty="No Zoom account is configured (ZOOM_OPS_ACCOUNTS__…).",
    )


@app.command()
def resume(
    account: Annotated[str, typer.Argument(metavar="NAME", help="The account, as `accounts` lists it.")],
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Allow a stopped account one trial call at once. If Zoom accepts it, all runs that wait continue."""
    from ..operations.admin.accounts import resume_account

    with opened() as service:
        count = resume_account(service.context, account, actor(as_name))
    if as_json:
        return print_json({"name": account, "trial": count > 0})
    if not count:
        return typer.echo(f"Account {account} is not stopped.")
    return typer.echo(f"The next call of account {account} is a trial: zoom-ops accounts tells what came of it.")


def _token(left_s: int | None) -> str:
    if left_s is None:
        return "none"
    return f"{left_s // 60} minutes left" if left_s > 0 else "expired"


def _reason(row: dict[str, Any]) -> str:
    again = f" Tried again at {short_time(row['retry_at'])}." if row["retry_at"] else ""
    return f"{row['reason'] or ''}{again}"
