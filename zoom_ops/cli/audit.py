"""`zoom-ops audit`: the audit log."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from .grammar.groups import Noun
from .opening import opened_storage
from .output import AsJson, Cell, at, print_list

app = Noun(name="audit", help="List what people and scripts did; nobody can change a line.")


@app.command("list")
def list_(
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Only since then: 7d, 12h, or a date such as 2027-01-31.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Only the latest so many.", min=1)] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what people and scripts did, oldest first. Nobody can change a line; refused passwords go after 90 days."""
    import sys
    from dataclasses import asdict

    from ..operations.views.audit.lines import describe_lines, iter_lines, write_csv
    from ..store.audit import AuditFilter
    from .spans import read_since

    with opened_storage() as storage:
        moment = read_since(since, storage.database.clock.now()) if since else None
        lines = iter_lines(storage.database, AuditFilter(since=moment), limit=limit)
        if as_json:
            return _print_json(lines)
        if as_csv:
            sys.stdout.writelines(write_csv(lines))
            return None
        kept = tuple(lines)
        words = describe_lines(storage.database, kept)
        rows = (
            {**asdict(told), "at": line["at"], "from": line["address"]} for line, told in zip(kept, words, strict=True)
        )
        columns: dict[str, Cell] = {
            "at (UTC)": at("at"),
            "who": "who",
            "how": "how",
            "from": "from",
            "what": "deed",
            "about": "about",
            "detail": lambda row: "; ".join(row["details"]),
        }
        return print_list(rows, columns, empty="Nobody has done anything yet.")


def _print_json(lines: Iterable[dict[str, Any]]) -> None:
    """Print one JSON list as a stream, one line of the audit per line of text."""
    import json

    before = "["
    for line in lines:
        typer.echo(f"{before}\n{json.dumps(line)}", nl=False)
        before = ","
    typer.echo("\n]" if before == "," else "[]")
