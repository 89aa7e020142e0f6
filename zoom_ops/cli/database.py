"""`zoom-ops db`: migrate and back up."""

from pathlib import Path
from typing import Annotated

import typer

from .opening import opened
from .output import AsJson, print_json

app = typer.Typer(help="The database: upgrade, backup.", no_args_is_help=True)


@app.command()
def upgrade(as_json: AsJson = False) -> None:
    """Bring the tables to the newest version; every command does that by itself at its start."""
    with opened() as service:
        kind = service.database.engine.dialect.name
    if as_json:
        return print_json({"database": kind, "current": True})
    return typer.echo(f"The {kind} database is at the newest version.")


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; a file that does not exist yet.")],
    as_json: AsJson = False,
) -> None:
    """Write a copy of a SQLite database, also while the daemon runs."""
    from ..store.backup import back_up

    with opened() as service:
        size = back_up(service.database, target)
    if as_json:
        return print_json({"file": str(target), "bytes": size})
    return typer.echo(f"{target}: {size:,} bytes")
