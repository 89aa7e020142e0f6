"""Backups in a folder: made, kept and thrown away, and what is in one."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, exc, inspect, text

from ...errors import BadInputError, ConfigurationError, first_line
from ..copy.progress import COPY_MARK, MOVED_MARK
from ..db.backup import (
    PART,
    Watch,
    back_up,
    check_content,
    check_file,
    connect_reading,
    drop_stale,
    refuse_server,
)
from ..db.connect import Database
from ..db.encryption import KEY_CHECK, SecretBox
from ..db.migrate import known_versions
from .restoration import find_latest

_STAMP = "%Y%m%dT%H%M%SZ"
_COUNTED = ("event", "binding", "recording", "run")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A backup that was made, and the older ones that were thrown away for it."""

    file: Path
    bytes: int
    removed: tuple[Path, ...] = ()
    stuck: tuple[Path, ...] = ()  # older ones that could not be deleted


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is in a backup. It is whole, of tables that this version knows, and of this key."""

    bytes: int
    tables: str  # their version
    current: bool  # they are those of this version; others are migrated when it is restored
    installation: str
    as_of: datetime | None  # the latest thing that it knows
    rows: Mapping[str, int]
    moved_to: str | None  # its installation had moved to another database


def back_up_into(
    database: Database, folder: Path, installation: str, *, keep: int | None, watch: Watch = lambda *_: None
) -> Made:
    """Make a backup in a folder, and then delete the oldest of this installation, so that `keep` are left.

    Files of other names stay, also backups of other installations. Raises BadInputError where the folder takes no
    backup; then the older ones stay.
    """
    refuse_server(database)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(f"The folder cannot be made: {error.strerror}.", file=str(folder)) from error
    for part in folder.glob(f".zoom_ops-{installation}-*{PART}"):
        drop_stale(part)
    while os.path.lexists(made := folder / f"zoom_ops-{installation}-{database.ask_clock():{_STAMP}}.db"):
        database.clock.sleep(0.2)  # two backups within a second
    size = back_up(database, made, watch)
    others = [path for path in list_backups(folder, installation) if path != made]
    removed, stuck = list[Path](), list[Path]()
    for path in others[keep - 1 :] if keep else ():
        try:
            path.unlink(missing_ok=True)
            removed.append(path)
        except OSError:
            stuck.append(path)
    return Made(file=made, bytes=size, removed=tuple(removed), stuck=tuple(stuck))


def list_backups(folder: Path, installation: str) -> list[Path]:
    """List the backups of an installation in a folder, by the times in their names, the latest first."""
    ours = re.compile(rf"zoom_ops-{re.escape(installation)}-[0-9]{{8}}T[0-9]{{6}}Z\.db")
    with suppress(OSError), os.scandir(folder) as entries:
        found = [entry for entry in entries if ours.fullmatch(entry.name) and _is_dated(entry.name)]
        names = sorted((entry.name for entry in found if entry.is_file(follow_symlinks=False)), reverse=True)
        return [folder / name for name in names]
    return []


def _is_dated(name: str) -> bool:
    try:
        made_at(Path(name))
    except ValueError:  # no such day
        return False
    return True


def made_at(file: Path) -> datetime:
    """Return when a backup of this name was made."""
    return datetime.strptime(file.stem.rpartition("-")[2], _STAMP).replace(tzinfo=UTC)


def read_version(file: Path) -> str | None:
    """Read of which version the tables of a backup are; None where it cannot be read. Reads its first pages alone."""
    try:
        check_file(file)
        with _opened(file) as connection:
            return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
    except BadInputError:
        return None


def read_backup(file: Path, box: SecretBox | None, watch: Watch = lambda *_: None) -> Content:
    """Read what is in a backup, from end to end; raise BadInputError in a sentence where it cannot be restored.

    `box`: of the keys of this installation; None where there is no key yet.
    """
    size = check_file(file)
    with _opened(file) as connection:
        if not {"alembic_version", "meta", *_COUNTED} <= set(inspect(connection).get_table_names()):
            raise BadInputError("This is a database of another program, or an empty one.", file=str(file))
        newest, known = known_versions()
        tables = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
        if tables not in known:
            raise BadInputError(
                f"A newer zoom_ops wrote it: its tables are of version {tables}, and this one knows them up to "
                f"{newest}. Restore it with that version.",
                file=str(file),
            )
        facts = {str(name): str(value) for name, value in connection.execute(text("SELECT name, value FROM meta"))}
        _refuse_other_key(file, facts.get(KEY_CHECK), box)
        if COPY_MARK in facts:
            raise BadInputError("It is half of a copy of an installation: no backup.", file=str(file))
        content = Content(
            bytes=size,
            tables=tables,
            current=tables == newest,
            installation=facts.get("installation", ""),
            as_of=find_latest(connection),
            rows={name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in _COUNTED},  # noqa: S608  # our own names
            moved_to=facts.get(MOVED_MARK),
        )
    check_content(file, watch)
    return content


def _refuse_other_key(file: Path, sealed: str | None, box: SecretBox | None) -> None:
    if box is None:
        raise BadInputError(
            "There is no secret key here to check it with: bring the secret.key of its installation along, into "
            "DATA_DIR, or set SECRET_KEY.",
            file=str(file),
        )
    try:
        box.unseal(sealed.encode() if sealed else None)
    except ConfigurationError:
        raise BadInputError(
            "It is of another installation, or from before the key changed: SECRET_KEY does not open it. With the "
            "secret.key of then it can be restored.",
            file=str(file),
        ) from None


@contextmanager
def _opened(file: Path) -> Iterator[Connection]:
    engine = create_engine("sqlite://", creator=lambda: connect_reading(file), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    except exc.DBAPIError as error:
        raise BadInputError(f"The file is damaged: {first_line(error.orig)}.", file=str(file)) from error
