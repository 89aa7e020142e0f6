"""`zoom-ops alerts`: the alerts for operators."""

from typing import Annotated

import typer

from .opening import As, actor, opened_storage
from .output import AsJson, Cell, Limit, at, print_list, print_result

app = typer.Typer(name="alerts", help="Alerts: what needs an operator; dismiss.", invoke_without_command=True)

AlertId = Annotated[int, typer.Argument(metavar="ALERT", help="The number of the alert.")]
All = Annotated[bool, typer.Option("--all", help="Also what is over.")]


@app.callback()
def list_(context: typer.Context, everything: All = False, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List the open alerts, the newest first."""
    from ..operations.views.alerts import show_alerts

    if context.invoked_subcommand:
        return None
    with opened_storage() as storage:
        rows = show_alerts(storage.database, cleared=everything, limit=limit)
    columns: dict[str, Cell] = {
        "alert": "id",
        "since (UTC)": at("raised"),
        "over": at("cleared"),
        "kind": "kind",
        "account": "account",
        "about": "subject",
        "what happened, and what to do": "sentence",
    }
    return print_list(rows, columns, as_json=as_json, empty="There are no alerts.")


@app.command()
def dismiss(alert: AlertId, as_name: As = None, as_json: AsJson = False) -> None:
    """Dismiss an alert whose cause nobody will fix. It comes back only if the cause occurs again."""
    from ..operations.views.alerts import dismiss_alert

    with opened_storage() as storage:
        dismiss_alert(storage.database, alert, actor(as_name))
    return print_result({"id": alert, "dismissed": True}, f"Alert {alert} is dismissed.", as_json=as_json)
