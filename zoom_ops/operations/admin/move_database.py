"""Move an installation to another database: copy and compare all records while no other process uses either one."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, func, inspect, literal_column, select, table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ...engine.lock import keep_others_out, open_lock, open_use_lock
from ...errors import BadInputError, ConfigurationError, PermanentError, TemporaryError
from ...store.copy.progress import CopyMark, begin_mark, find_mark, mark_moved, refuse_half_copied, refuse_moved_from
from ...store.copy.rows import LEFT_OUT, copy_rows, count_rows, finish_copy, held_still, iter_differences, start_copy
from ...store.db.connect import Database, open_database
from ...store.db.encryption import SecretBox
from ...store.db.migrate import is_current, upgrade
from .doctor import refuse_other_key

_MOST_DIFFERENCES = 10  # named in the error
Stage = Literal["copied", "checked"]
Watch = Callable[[Stage, int, int], None]
"""Called after each chunk with the stage, the number of rows done so far, and the number of all rows."""


def move_records(source_url: str, target_url: str, box: SecretBox, watch: Watch) -> dict[str, int]:
    """Copy all records to an empty database, or resume an interrupted copy. Return the number of rows by table.

    Both databases are locked for all other processes meanwhile. The source refuses every later start.
    Raise BadInputError or ConfigurationError for a source or target that does not fit, TemporaryError if a lock is
    lost, and PermanentError, with notes that name rows, if source and target differ in the end.
    """
    with suppress(ArgumentError):  # open_database reports it
        address = make_url(source_url)
        if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():  # it would be created
            raise BadInputError("There is no such database file.", file=address.database)
    with closing(open_database(source_url)) as source, closing(open_database(target_url)) as target:
        if _identity(source) == _identity(target):
            raise BadInputError("Source and target are the same database.")
        with _alone_at(source, "source") as still_there, _alone_at(target, "target") as still_here:
            if not is_current(source):
                raise ConfigurationError(
                    "The source has not the tables of this version. Run `zoom-ops db upgrade` with "
                    "ZOOM_OPS_DATABASE_URL at it first, by this version; a newer one's tables are copied by that one."
                )
            refuse_half_copied(source)
            refuse_other_key(source, box)
            with held_still(source) as records:
                mark = _begin_or_go_on(records, target, box)
                _copy_and_compare(records, target, mark, watch, (still_there, still_here))
                mark_moved(records, target.engine.url.set(password=None, query={}).render_as_string())
                rows = count_rows(records)
            finish_copy(target)  # only now: no daemon may start on both, even if this process is killed before
            return rows


def _copy_and_compare(
    source: Connection, target: Database, mark: CopyMark, watch: Watch, still_alone: tuple[Callable[[], None], ...]
) -> None:
    """Copy the remaining rows, then compare all rows. Raise TemporaryError if a lock was lost after a chunk."""
    total = sum(count_rows(source).values())

    def counter(stage: Stage, done: int = 0) -> Callable[[int], None]:
        def count(rows: int) -> None:
            nonlocal done
            for check in still_alone:
                check()
            done += rows
            watch(stage, done, total)

        return count

    with target.read() as connection:
        copied = sum(count_rows(connection).values())
    copy_rows(source, target, mark, counter("copied", copied))
    with target.read() as connection:
        differences = list(islice(iter_differences(source, connection, counter("checked")), _MOST_DIFFERENCES))
    if differences:
        error = PermanentError(
            "The copy is not the same as the source, and no daemon starts on it. If something has worked on the source "
            "since a copy was interrupted, or on the target, give an empty target."
        )
        for sentence in differences:
            error.add_note(sentence)
        raise error


def _identity(database: Database) -> tuple[object, ...]:
    """Return a value that identifies a database, even if two URLs lead to it."""
    if database.is_sqlite:
        status = os.stat(database.engine.url.database or "")
        return status.st_dev, status.st_ino
    with database.read() as connection:
        return tuple(connection.execute(select(func.current_database(), func.pg_postmaster_start_time())).one())


@contextmanager
def _alone_at(database: Database, which: str) -> Iterator[Callable[[], None]]:
    """Lock a database for the block. Yield a function that raises TemporaryError once a lock is lost."""
    locks = open_lock(database), open_use_lock(database, shared=False)
    refusal = f"Another zoom_ops process works on the {which}: stop every one of them first."
    with keep_others_out(*locks, refusal=refusal) as are_held:

        def still_alone() -> None:
            if not are_held():
                raise TemporaryError(f"The lock of the {which} was lost; give the same command again to go on.")

        yield still_alone


def _begin_or_go_on(source: Connection, target: Database, box: SecretBox) -> CopyMark:
    """Return the mark to copy from: the start for an empty target, or the position of an interrupted copy."""
    with target.read() as connection:
        begun = find_mark(connection) if inspect(connection).has_table("meta") else None
    fresh = begin_mark(source)
    if begun is None:
        refuse_moved_from(source)
        _refuse_filled(target)
        upgrade(target, box)
        start_copy(target, fresh)
        return fresh
    if not is_current(target) or begun.installation != fresh.installation:
        raise ConfigurationError(
            "The target holds an interrupted copy of another installation, or by another version: give an empty target."
        )
    if begun.heartbeat != fresh.heartbeat:
        raise ConfigurationError(
            "A daemon has worked on the source since the copy into this target was interrupted: give an empty target."
        )
    return begun


def _refuse_filled(target: Database) -> None:
    """Raise BadInputError if any table of the target has a row. `meta` does not count: a first start fills it."""
    with target.read() as connection:
        for name in inspect(connection).get_table_names():
            if name == "meta" or name.startswith(tuple(LEFT_OUT)):
                continue
            has_rows = select(literal_column("1")).select_from(table(name)).exists()
            if connection.execute(select(has_rows)).scalar_one():
                raise BadInputError(f"The target holds other records, in {name}: give an empty database.")
