"""`zoom-ops db`: the database."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from .grammar.groups import Noun
from .opening import opened
from .output import AsJson, print_result, shown_progress

app = Noun(name="db", help="Show the state of the database; upgrade, back up and copy it.", alone="status")

_NOT_READY = "It does not answer, is not there yet, or has tables of another version: zoom-ops db upgrade"

SourceUrl = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE_URL", help="Where the records are: sqlite:///… or postgresql://…, as DATABASE_URL says it."
    ),
]
TargetUrl = Annotated[str, typer.Argument(metavar="TARGET_URL", help="Where to: an empty database.")]
Target = Annotated[Path, typer.Argument(metavar="FILE", help="Where to; a file that does not exist yet.")]


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show where the database is, how large it is, and whether its tables are of this version."""
    from ..operations.admin.database import describe_database
    from ..settings import load_settings

    document = describe_database(load_settings().database_url)
    size = f", {document['bytes']:,} bytes" if document["bytes"] is not None else ""
    state = "Its tables are of this version." if document["current"] else _NOT_READY
    return print_result(document, f"{document['kind']} at {document['address']}{size}. {state}", as_json=as_json)


@app.command()
def upgrade(as_json: AsJson = False) -> None:
    """Migrate the tables to the newest version. Every command does this at its start, too."""
    with opened() as service:
        kind = service.database.engine.dialect.name
    sentence = f"The {kind} database is at the newest version."
    return print_result({"database": kind, "current": True}, sentence, as_json=as_json)


@app.command()
def backup(target: Target, as_json: AsJson = False) -> None:
    """Write a copy of a SQLite database. The daemon may run meanwhile."""
    from ..store.db.backup import back_up

    with opened() as service:
        size = back_up(service.database, target)
    return print_result({"file": str(target), "bytes": size}, f"{target}: {size:,} bytes", as_json=as_json)


@app.command()
def copy(source: SourceUrl, target: TargetUrl, as_json: AsJson = False) -> None:
    """Move all records to another database, SQLite to PostgreSQL or back. Check every row. Resume if interrupted."""
    from ..operations.admin.move_database import move_records
    from ..settings import load_secret_keys, load_settings
    from ..store.db.encryption import SecretBox

    box = SecretBox(load_secret_keys(load_settings()))
    with shown_progress(quiet=as_json) as watch:
        rows = move_records(source, target, box, watch)
    sentences = (
        f"{sum(rows.values()):,} rows of {len(rows)} tables were copied, and every one was compared.\n"
        "Now set ZOOM_OPS_DATABASE_URL to the target and start the daemon there, with the same SECRET_KEY: what is "
        "encrypted was copied as it is. The source knows that it was moved, and refuses to start again."
    )
    return print_result(rows, sentences, as_json=as_json)


@app.command()
def take_back(as_json: AsJson = False) -> None:
    """Use this database again after it was moved. Only if nothing uses the copy, and nothing ever will."""
    from ..settings import load_settings
    from ..store.copy.progress import take_back
    from ..store.db.connect import open_database

    with closing(open_database(load_settings().database_url)) as database, database.begin() as connection:
        was_moved = take_back(connection)
    sentence = "This database is worked on again." if was_moved else "This database was not moved."
    return print_result({"taken_back": was_moved}, sentence, as_json=as_json)
