"""`zoom-ops db`: the database."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .grammar.groups import Noun
from .opening import opened
from .output import AsJson, print_result, shown_progress, warn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ..operations.views.backups.listing import Backups
    from ..settings import Settings
    from ..store.backups.files import Content
    from ..store.db.encryption import SecretBox

app = Noun(name="db", help="Show the state of the database; upgrade, back up, restore and copy it.", alone="status")

_ASKS = "Now Zoom is asked what is newer, for half a minute at least. If it is interrupted, the daemon goes on with it."
_NOT_READY = "It does not answer, is not there yet, or has tables of another version: zoom-ops db upgrade"

SourceUrl = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE_URL", help="Where the records are: sqlite:///… or postgresql://…, as DATABASE_URL says it."
    ),
]
TargetUrl = Annotated[str, typer.Argument(metavar="TARGET_URL", help="Where to: an empty database.")]
Target = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; a file that does not exist yet.")]
Folder = Annotated[
    Path | None, typer.Option("--to", metavar="DIR", help="A folder, where each backup gets a name of its own.")
]
Keep = Annotated[
    int | None, typer.Option(help="How many backups to keep in the folder; older ones are deleted.", min=1)
]
Backup = Annotated[Path, typer.Argument(metavar="FILE", help="A backup of a SQLite database.")]


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
def backup(target: Target = None, folder: Folder = None, keep: Keep = None, as_json: AsJson = False) -> None:
    """Write a copy of a SQLite database to FILE or into a folder, and check it. The daemon may run meanwhile."""
    from ..errors import BadInputError
    from ..store.backups.files import Made, back_up_into
    from ..store.db.backup import back_up

    if target and (folder or keep):
        raise BadInputError("Give a FILE, or --to DIR with --keep, not both.")
    with opened() as service, shown_progress(quiet=as_json) as watch:
        settings, database = service.settings, service.database
        where = folder or settings.backup_dir
        if target:
            made = Made(file=target, bytes=back_up(database, target, watch))
        elif where:
            kept = keep or (None if folder else settings.backup_keep)
            made = back_up_into(database, where, service.context.installation, keep=kept, watch=watch)
        else:
            raise BadInputError("Say where to: a FILE, or --to DIR. BACKUP_DIR is not set.")
    document = {"file": str(made.file), "bytes": made.bytes, "removed": [str(path) for path in made.removed]}
    print_result(document, _made_sentence(made.file, made.bytes, len(made.removed)), as_json=as_json)
    for path in made.stuck:
        warn(f"{path}: this older backup could not be deleted.")


@app.command()
def backups(as_json: AsJson = False) -> None:
    """List the backups in BACKUP_DIR: age, size and tables; and whether they are made as they should be."""
    from ..operations.views.backups.listing import backups_json, load_backups

    with opened() as service:
        found = load_backups(service.context, service.jobs)
    return print_result(backups_json(found), "\n".join(_list_sentences(found)), as_json=as_json)


@app.command()
def verify(file: Backup, as_json: AsJson = False) -> None:
    """Check that a backup is whole and can be restored here, and show what is in it. Changes nothing."""
    from ..clock import SystemClock
    from ..settings import load_settings
    from ..store.backups.files import read_backup

    with shown_progress(quiet=as_json) as watch:
        content = read_backup(file, _box(load_settings()), watch)
    return print_result(_as_json(file, content), _content_sentence(file, content, SystemClock().now()), as_json=as_json)


@app.command()
def restore(file: Backup, as_json: AsJson = False) -> None:
    """Put a backup in the place of the SQLite database, then ask Zoom what is newer. Every process must be stopped."""
    from ..clock import SystemClock
    from ..operations.admin.restore_database import restore_file
    from ..settings import load_settings

    settings = load_settings()
    with shown_progress(quiet=as_json) as watch:
        restored = restore_file(settings.database_url, file, _box(settings), SystemClock(), watch)
    kept = f" The database before it is kept as {restored.kept}." if restored.kept else ""
    if not as_json:
        typer.echo(f"{_content_sentence(file, restored.content, SystemClock().now())}\nIt is restored.{kept}\n{_ASKS}")
    document = {**_as_json(file, restored.content), "kept": str(restored.kept) if restored.kept else None}
    _tell_newer(document, as_json=as_json)


@app.command()
def restored(as_json: AsJson = False) -> None:
    """Say that the database was restored by another tool, such as pg_restore, and ask Zoom what is newer."""
    from ..operations.admin.restore_database import note_restored_alone

    with opened() as service:
        note_restored_alone(service.database)
    _tell_newer({}, as_json=as_json)


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


def _box(settings: "Settings") -> "SecretBox | None":
    """Build what decrypts, without making a key where there is none."""
    from ..settings import find_secret_keys
    from ..store.db.encryption import SecretBox

    keys = find_secret_keys(settings)
    return SecretBox(keys) if keys else None


def _list_sentences(found: "Backups") -> "Iterator[str]":
    if not found.makes_them:
        yield "PostgreSQL has its own tool: pg_dump --format=custom --file=FILE DATABASE"
    elif found.folder is None:
        yield "BACKUP_DIR is not set, so no backups are made by themselves. One now: zoom-ops db backup FILE"
    for row in found.rows:
        tables = "" if row.is_current else f", tables {row.tables}" if row.tables else ", unreadable"
        checked = f", {'whole' if row.checked.ok else 'NOT whole'} on {row.checked.at:%Y-%m-%d}" if row.checked else ""
        yield f"{row.name}: {_ago((found.now - row.made).total_seconds())}, {row.bytes:,} bytes{tables}{checked}"
    if found.more:
        yield f"… and {found.more:,} older ones"
    if found.folder and found.folder.sentence:
        yield found.folder.sentence
    if found.restored:
        yield f"{found.restored.sentence} What was newer at Zoom: --json, or /-/backups in the console"


def _made_sentence(file: Path, size: int, removed: int) -> str:
    older = f"; {removed} older deleted" if removed else ""
    return f"{file}: {size:,} bytes, checked{older}"


def _as_json(file: Path, content: "Content") -> dict[str, Any]:
    from dataclasses import asdict

    from ..clock import iso_text

    return {"file": str(file), **asdict(content), "as_of": iso_text(content.as_of)}


def _content_sentence(file: Path, content: "Content", now: "datetime") -> str:
    age = "nothing has happened in it yet"
    if content.as_of is not None:
        old = _ago((now - content.as_of).total_seconds())
        age = f"it knows what happened until {content.as_of:%Y-%m-%d %H:%M} UTC ({old})"
    tables = (
        "" if content.current else f" Its tables are of version {content.tables}, and are migrated when it is restored."
    )
    moved = f" Its installation had moved to {content.moved_to}: it is not restored here." if content.moved_to else ""
    rows = content.rows
    return (
        f"{file}: whole, of installation {content.installation}; {age}. {rows['event']:,} events, "
        f"{rows['binding']:,} webinars, {rows['recording']:,} recordings, {rows['run']:,} runs.{tables}{moved}"
    )


def _ago(seconds: float) -> str:
    if seconds < 0:
        return "ahead of the clock here"
    hours = int(seconds // 3600)
    return "within the hour" if not hours else f"{hours} h ago" if hours < 72 else f"{hours // 24} days ago"


def _tell_newer(document: dict[str, Any], *, as_json: bool) -> None:
    """Ask Zoom what is newer than the restored database, and print it."""
    from ..operations.admin.newer import find_newer, newer_sentences
    from ..operations.views.backups.restored import newer_json

    with opened() as service, shown_progress(quiet=as_json) as watch:
        newer = find_newer(service.context, service.engines.alone_lock, watch)
    sentences = list(newer_sentences(newer)) or ["Nothing at Zoom is newer."]
    last = "What is still to be done: zoom-ops plan. Then start the daemon, or: zoom-ops apply"
    print_result(document | newer_json(newer), "\n".join((*sentences, last)), as_json=as_json)
