"""Move an installation to another database: all that it holds, checked, while nobody works on either."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, func, inspect, literal_column, select, table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ...engine.lock import open_lock, open_use_lock
from ...errors import BadInputError, ConfigurationError, PermanentError, TemporaryError
from ...store.copy.progress import CopyMark, begin_mark, find_mark, mark_moved, refuse_half_copied, refuse_moved_from
from ...store.copy.rows import copy_rows, finish_copy, held_still, iter_differences, start_copy
from ...store.copy.tables import LEFT_OUT, count_rows
from ...store.db.connect import Database, open_database
from ...store.db.encryption import SecretBox
from ...store.db.migrate import is_current, upgrade
from .doctor import refuse_other_key

MOST_TOLD = 10
Stage = Literal["copied", "checked"]
Watch = Callable[[Stage, int, int], None]
"""Called after each chunk: what was done with how many rows so far, of how many."""


def move_records(source_url: str, target_url: str, box: SecretBox, watch: Watch) -> dict[str, int]:
    """Copy all records to an empty database, or go on with a copy that was interrupted; tell the rows of each table.

    Both databases are kept from every daemon meanwhile, and the source for good. Raises PermanentError, naming rows, if
    in the end they differ.
    """
    _refuse_missing(source_url)
    with closing(open_database(source_url)) as source, closing(open_database(target_url)) as target:
        _refuse_same(source, target)
        with _alone_at(source, "source") as still_there, _alone_at(target, "target") as still_here:
            _check_source(source, box)
            with held_still(source) as records:
                mark = _begin_or_go_on(records, target, box)
                _Copying(records, target, watch, (still_there, still_here)).run(mark)
                mark_moved(records, _address_of(target))
                rows = count_rows(records)
            finish_copy(target)  # now, for nothing may start on both, even if we are killed here
            return rows


class _Copying:
    """One copy under way."""

    def __init__(
        self, source: Connection, target: Database, watch: Watch, still_alone: tuple[Callable[[], None], ...]
    ) -> None:
        self._source, self._target, self._watch, self._still_alone = source, target, watch, still_alone
        self._total = sum(count_rows(source).values())

    def run(self, mark: CopyMark) -> None:
        """Copy what is left, and compare everything."""
        with self._target.read() as connection:
            done = sum(count_rows(connection).values())
        copy_rows(self._source, self._target, mark, self._counter("copied", done))
        with self._target.read() as connection:
            differences = iter_differences(self._source, connection, self._counter("checked"))
            _refuse_differences(list(islice(differences, MOST_TOLD)))

    def _counter(self, stage: Stage, done: int = 0) -> Callable[[int], None]:
        """Build what is called after each chunk."""

        def count(rows: int) -> None:
            nonlocal done
            for still_alone in self._still_alone:
                still_alone()
            done += rows
            self._watch(stage, done, self._total)

        return count


def _refuse_differences(differences: list[str]) -> None:
    if not differences:
        return
    error = PermanentError(
        "The copy is not the same as the source, and no daemon starts on it. If something has worked on the source "
        "since a copy was interrupted, or on the target, give an empty target."
    )
    for sentence in differences:
        error.add_note(sentence)
    raise error


def _refuse_missing(url: str) -> None:
    """Raise for a SQLite file that is not there: opening would make it."""
    try:
        address = make_url(url)
    except ArgumentError:
        return  # whoever opens it says so
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise BadInputError("There is no such database file.", file=address.database)


def _refuse_same(source: Database, target: Database) -> None:
    if _identity(source) == _identity(target):
        raise BadInputError("Source and target are the same database.")


def _address_of(database: Database) -> str:
    """Name a database to a person, without a password."""
    return database.engine.url.set(password=None, query={}).render_as_string()


def _identity(database: Database) -> tuple[object, ...]:
    """Tell a database from all others, whatever address leads to it."""
    if database.is_sqlite:
        found = os.stat(database.engine.url.database or "")
        return found.st_dev, found.st_ino
    with database.read() as connection:
        return tuple(connection.execute(select(func.current_database(), func.pg_postmaster_start_time())).one())


@contextmanager
def _alone_at(database: Database, which: str) -> Iterator[Callable[[], None]]:
    """Keep all others from a database for the block, which is given what raises once that is lost."""
    locks = open_lock(database), open_use_lock(database, shared=False)

    def still_alone() -> None:
        if not all(lock.acquire() for lock in locks):
            raise TemporaryError(f"The lock of the {which} was lost; give the same command again to go on.")

    try:
        if not all(lock.acquire() for lock in locks):
            raise ConfigurationError(f"Another zoom_ops process works on the {which}: stop every one of them first.")
        yield still_alone
    finally:
        for lock in locks:
            lock.release()


def _check_source(source: Database, box: SecretBox) -> None:
    if not is_current(source):
        raise ConfigurationError(
            "The source has not the tables of this version. Run `zoom-ops db upgrade` with ZOOM_OPS_DATABASE_URL at it "
            "first, by this version; a newer one's tables are copied by that one."
        )
    refuse_half_copied(source)
    refuse_other_key(source, box)


def _begin_or_go_on(source: Connection, target: Database, box: SecretBox) -> CopyMark:
    """Tell where to begin: at the beginning of an empty target, or where an interrupted copy has come to."""
    begun, fresh = _find_begun(target), begin_mark(source)
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


def _find_begun(target: Database) -> CopyMark | None:
    with target.read() as connection:
        return find_mark(connection) if inspect(connection).has_table("meta") else None


def _refuse_filled(target: Database) -> None:
    """Raise for a target with any row in it, whosever; what a first start leaves in `meta` counts for nothing."""
    with target.read() as connection:
        for name in inspect(connection).get_table_names():
            if name != "meta" and not name.startswith(tuple(LEFT_OUT)) and _has_rows(connection, name):
                raise BadInputError(f"The target holds other records, in {name}: give an empty database.")


def _has_rows(connection: Connection, name: str) -> bool:
    return bool(connection.execute(select(select(literal_column("1")).select_from(table(name)).exists())).scalar_one())
