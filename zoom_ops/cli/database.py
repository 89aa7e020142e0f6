"""`zoom-ops db`: the database."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from .opening import opened
from .output import AsJson, print_json

app = typer.Typer(help="The database: upgrade, backup, copy.", no_args_is_help=True)


@app.command()
def upgrade(as_json: AsJson = False) -> None:
    """Migrate the tables to the newest version. Every command does this at its start, too."""
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
    """Write a copy of a SQLite database. The daemon may run meanwhile."""
    from ..store.db.backup import back_up

    with opened() as service:
        size = back_up(service.database, target)
    if as_json:
        return print_json({"file": str(target), "bytes": size})
    return typer.echo(f"{target}: {size:,} bytes")


@app.command()
def copy(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE_URL", help="Where the records are: sqlite:///… or postgresql://…")
    ],
    target: Annotated[str, typer.Argument(metavar="TARGET_URL", help="Where to: an empty database.")],
    as_json: AsJson = False,
) -> None:
    """Move all records to another database, SQLite to PostgreSQL or back. Check every row. Resume if interrupted."""
    from ..operations.admin.move_database import move_records
    from ..settings import load_secret_keys, load_settings
    from ..store.db.encryption import SecretBox
    from .progress import shown_progress

    box = SecretBox(load_secret_keys(load_settings()))
    with shown_progress(quiet=as_json) as watch:
        rows = move_records(source, target, box, watch)
    if as_json:
        return print_json(rows)
    typer.echo(f"{sum(rows.values()):,} rows of {len(rows)} tables were copied, and every one was compared.")
    return typer.echo(
        "Now set ZOOM_OPS_DATABASE_URL to the target and start the daemon there, with the same SECRET_KEY: what is "
        "encrypted was copied as it is. The source knows that it was moved, and refuses to start again."
    )


@app.command()
def take_back(as_json: AsJson = False) -> None:
    """Use this database again after it was moved. Only if nothing uses the copy, and nothing ever will."""
    from ..settings import load_settings
    from ..store.copy.progress import take_back
    from ..store.db.connect import open_database

    with closing(open_database(load_settings().database_url)) as database, database.begin() as connection:
        was_moved = take_back(connection)
    if as_json:
        return print_json({"taken_back": was_moved})
    return typer.echo("This database is worked on again." if was_moved else "This database was not moved.")
