"""`zoom-ops audit`: who did what, when and from where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from .opening import opened
from .output import AsJson, print_table, short_time


def audit(
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Only since then: 7d, 12h, or a date such as 2027-01-31.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Only the latest so many.", min=1)] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what people and scripts did, oldest first; nothing can be changed or deleted in it."""
    from ..operations.auditing import iter_deeds
    from .spans import read_since

    with opened() as service:
        moment = read_since(since, service.context.clock.now()) if since else None
        deeds = iter_deeds(service.database, since=moment, limit=limit)
        if as_json:
            return _print_json(deeds)
        return _print_csv(deeds) if as_csv else _print_table(deeds)


def _print_table(deeds: Iterable[dict[str, Any]]) -> None:
    cells = [
        (
            short_time(d["at"]),
            d["who"],
            d["how"],
            d["address"],
            d["what"].replace("_", " "),
            d["subject"],
            _in_words(d["detail"]),
        )
        for d in deeds
    ]
    columns = ("at (UTC)", "who", "how", "from", "what", "about", "detail")
    print_table(columns, cells, empty="Nobody has done anything yet.")


def _print_csv(deeds: Iterable[dict[str, Any]]) -> None:
    """Print a line each; what a spreadsheet would take for a formula begins with an apostrophe."""
    import csv
    import json
    import sys

    from ..operations.auditing import COLUMNS

    rows = csv.writer(sys.stdout)
    rows.writerow(COLUMNS)
    for deed in deeds:
        cells = [json.dumps(deed[name]) if name == "detail" else deed[name] or "" for name in COLUMNS]
        rows.writerow([f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell for cell in cells])


def _print_json(deeds: Iterable[dict[str, Any]]) -> None:
    """Print one JSON list, a line for each, however many there are."""
    import json

    before = "["
    for deed in deeds:
        typer.echo(f"{before}\n{json.dumps(deed)}", nl=False)
        before = ","
    typer.echo("\n]" if before == "," else "[]")


def _in_words(detail: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {_listed(value)}" for name, value in detail.items() if value not in (None, [], ""))


def _listed(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
