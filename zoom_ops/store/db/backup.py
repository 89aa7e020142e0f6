"""Copy a SQLite database while it is in use, and check a copy."""

import fcntl
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ...errors import BadInputError, ZoomOpsError, first_line, refusal_of
from .connect import Database

Watch = Callable[[str, int, int], None]
"""Called as the work goes on, with the stage, how much of it is done, and all of it."""


@dataclass(frozen=True, kw_only=True)
class Nightly:
    """Where backups are made by themselves, and how many of them stay."""

    folder: Path
    keep: int


LOGS = ("-wal", "-shm", "-journal")  # end the names of what SQLite writes beside a file
PART = ".part"  # ends the name of a copy that is not whole yet
_PAGES = 2_000  # copied in one step, 8 MB: between two of them the progress is told
_MAGIC, _HEADER = b"SQLite format 3\0", 100
_DUMP = "This is a PostgreSQL database, and its own tool backs it up: pg_dump --format=custom --file=FILE DATABASE"


def refuse_server(database: Database) -> None:
    """Raise BadInputError for a PostgreSQL database."""
    if not database.is_sqlite:
        raise BadInputError(_DUMP)


def back_up(database: Database, target: Path, watch: Watch = lambda *_: None) -> int:
    """Copy a SQLite database to a new file, check the copy and return its size in bytes.

    The file appears under its name when it is whole, checked and on the disk; until then it ends in PART. Raises
    BadInputError for a PostgreSQL database and for a target that exists, ZoomOpsError for a copy that fails.
    """
    refuse_server(database)
    if os.path.lexists(target):
        raise BadInputError("There is a file of that name already.", file=str(target))
    part = target.with_name(f".{target.name}{PART}")
    with _written(part, target), closing(sqlite3.connect(str(database.engine.url.database), timeout=20)) as source:
        if os.path.lexists(target):  # written by the process that held the lock before
            raise BadInputError("There is a file of that name already.", file=str(target))
        copy_database(source, part, watch)
        check_content(part, watch)
        os.rename(part, target)
        sync(target.parent)
    return target.stat().st_size


def copy_database(source: sqlite3.Connection, target: Path, watch: Watch) -> None:
    """Copy a SQLite database, as it is at this moment, into a file that is empty or not there yet.

    Others may write to the source meanwhile. The copy needs no log of its own.
    """
    with closing(sqlite3.connect(target)) as copy:
        source.execute("BEGIN")  # one snapshot: SQLite would begin again after each write of another process
        source.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()

        def tell(_status: int, left: int, total: int) -> None:
            watch("pages copied", total - left, total)

        source.backup(copy, pages=_PAGES, progress=tell)
        copy.execute("PRAGMA journal_mode=DELETE")
    sync(target)


def connect_reading(file: Path, wait_s: float = 20) -> sqlite3.Connection:
    """Open a SQLite file for reading alone. Beside one without a log nothing is created."""
    has_log = file.with_name(f"{file.name}-wal").exists()
    how = "mode=ro" if has_log else "mode=ro&immutable=1"
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?{how}", uri=True, timeout=wait_s)


def check_file(file: Path) -> int:
    """Raise BadInputError for what is no SQLite file, or not all of one; return its size in bytes. Reads its head."""
    try:
        kind = file.stat()
        if stat.S_ISDIR(kind.st_mode):
            raise BadInputError("This is a folder; a backup is one file in it.", file=str(file))
        if not stat.S_ISREG(kind.st_mode):  # to open a pipe would wait for its other end
            raise BadInputError("This is no file.", file=str(file))
        with file.open("rb") as stream:
            head, size = stream.read(_HEADER), os.fstat(stream.fileno()).st_size
    except FileNotFoundError:
        raise BadInputError("There is no such file.", file=str(file)) from None
    except OSError as error:
        raise BadInputError(f"It cannot be read: {error.strerror}.", file=str(file)) from error
    if not size:
        raise BadInputError("The file is empty.", file=str(file))
    if not head.startswith(_MAGIC[: len(head)]):
        raise BadInputError("This is no SQLite database.", file=str(file))
    page = int.from_bytes(head[16:18], "big")
    whole = max(_HEADER, (65_536 if page == 1 else page) * int.from_bytes(head[28:32], "big"))
    if size < whole:
        raise BadInputError(f"The file is cut off: it has {size:,} of {whole:,} bytes.", file=str(file))
    return size


def check_content(file: Path, watch: Watch) -> None:
    """Read a SQLite file from end to end; raise BadInputError where it is damaged."""
    watch("copies checked", 0, 1)
    with closing(connect_reading(file)) as reading, readable(file):
        verdict = str(reading.execute("PRAGMA integrity_check(1)").fetchone()[0])
        lost = reading.execute("PRAGMA foreign_key_check").fetchone()
    if verdict != "ok":
        raise BadInputError(f"The file is damaged: {first_line(verdict)}.", file=str(file))
    if lost:
        raise BadInputError(
            f"The file is damaged: a row of {lost[0]} refers to a lost one of {lost[2]}.", file=str(file)
        )
    watch("copies checked", 1, 1)


@contextmanager
def readable(file: Path) -> Iterator[None]:
    """Turn SQLite's refusal to read a file into BadInputError."""
    try:
        yield
    except sqlite3.Error as error:
        raise BadInputError(f"The file is damaged: {first_line(error)}.", file=str(file)) from error


def sync(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(file: Path) -> None:
    """Delete a SQLite file, as far as it is there, with what SQLite writes beside it."""
    for ending in ("", *LOGS):
        with suppress(OSError):
            file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)


def drop_stale(part: Path) -> None:
    """Delete an unfinished copy, unless a process is writing it."""
    with suppress(OSError, BadInputError):
        handle = _lock(part, part, os.O_RDWR)
        try:
            remove(part)
        finally:
            os.close(handle)


@contextmanager
def _written(part: Path, target: Path) -> Iterator[None]:
    """Make the unfinished copy, of this process alone; delete it where it does not become whole."""
    try:
        handle = _lock(part, target, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise _write_failed(error, target) from error
    try:
        os.ftruncate(handle, 0)  # a process that was killed may have left it
        yield
    except (sqlite3.Error, OSError) as error:
        raise _write_failed(error, target) from error
    finally:
        remove(part)
        os.close(handle)


def _lock(part: Path, target: Path, flags: int) -> int:
    handle = os.open(part, flags, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise BadInputError("Another process writes this backup now.", file=str(target)) from None
    return handle


def _write_failed(error: Exception, target: Path) -> ZoomOpsError:
    return BadInputError(f"The copy could not be written: {refusal_of(error)}.", file=str(target))
