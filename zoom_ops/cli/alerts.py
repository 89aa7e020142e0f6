"""`zoom-ops alerts`: what an operator has to know."""

from typing import Annotated

import typer

from .opening import opened
from .output import AsJson, print_json, print_table, short_time


def alerts(
    everything: Annotated[bool, typer.Option("--all", help="Also what is over.")] = False,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List what needs an operator, the newest first."""
    from ..operations.alerting import show_alerts

    with opened() as service:
        rows = show_alerts(service.context, cleared=everything, limit=limit)
    if as_json:
        return print_json(rows)
    cells = [
        (short_time(r["raised"]), short_time(r["cleared"]), r["kind"], r["account"], r["subject"], r["sentence"])
        for r in rows
    ]
    columns = ("since (UTC)", "over", "alert", "account", "about", "what to do")
    return print_table(columns, cells, empty="There are no alerts.")
