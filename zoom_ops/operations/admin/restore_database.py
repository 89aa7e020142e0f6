"""Put a backup in the place of the database: checked first, with nobody at work, in one step, nothing thrown away."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from ...clock import Clock
from ...engine.heartbeat import forget_heartbeat
from ...engine.lock import keep_others_out, open_file_locks, open_lock, open_use_lock
from ...errors import BadInputError, BesideOthersError, ConfigurationError, ZoomOpsError, refusal_of
from ...store.backups.files import Content, read_backup
from ...store.backups.restoration import mark_restored
from ...store.copy.progress import MOVED_MARK
from ...store.db.backup import LOGS, Watch, connect_reading, copy_database, remove, sync
from ...store.db.connect import Database, open_database
from ...store.db.encryption import SecretBox
from ...store.db.migrate import upgrade

_WAIT_S = 0.1  # for another program to let go of the database
_IN_USE = "Another program has the database open: end it first."
_BESIDE_OTHERS = "Another zoom_ops process works on this database: stop every one of them first."
_ON_A_SERVER = (
    "This installation's database is on PostgreSQL: with every process stopped, pg_restore --clean --if-exists "
    "--dbname=DATABASE FILE, then: zoom-ops db restored"
)


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A backup that was restored, and where the database before it is kept."""

    content: Content
    kept: Path | None  # None: there was none


def restore_file(database_url: str, file: Path, box: SecretBox | None, clock: Clock, watch: Watch) -> Restored:
    """Restore a backup of a SQLite database.

    The database before is kept beside it under another name. At each moment one of the two is in place, whole: a kill
    leaves either. Raises BadInputError for a file that cannot be restored here, BesideOthersError while another
    process uses the database, ZoomOpsError where the disk does not take it; nothing is changed then.
    """
    address = make_url(database_url)
    if address.get_backend_name() != "sqlite":
        raise BadInputError(_ON_A_SERVER)
    if address.database in (None, "", ":memory:"):
        raise BadInputError("DATABASE_URL names no file, so nothing can be restored to it.")
    place = Path(str(address.database)).resolve()  # the file itself and not a link to it, as the locks
    if place.exists() and file.exists() and os.path.samefile(place, file):
        raise BadInputError("This is the database itself, and no backup of it.", file=str(file))
    content = read_backup(file, box, watch)
    if content.moved_to:
        raise BadInputError(f"Its installation had moved to {content.moved_to}: restore there.", file=str(file))
    draft = place.with_name(f"{place.name}.restoring")
    url = address.set(database=str(draft)).render_as_string(hide_password=False)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with keep_others_out(*open_file_locks(place), refusal=_BESIDE_OTHERS):
            if _is_readable(place, content, file):
                _calm(place)
            try:
                _prepare(file, draft, url, box, clock, watch)
                _give_to_owner_of(place if place.exists() else place.parent, draft)
                kept = _keep(place, f"{clock.now():%Y%m%dT%H%M%SZ}")
                os.replace(draft, place)
                sync(place.parent)
            finally:
                remove(draft)
    except (OSError, sqlite3.Error) as error:
        raise ZoomOpsError(f"It could not be restored, and the database is as it was: {refusal_of(error)}.") from error
    return Restored(content=content, kept=kept)


def note_restored_alone(database: Database) -> None:
    """Note in a database that another tool restored it now; refuse beside any other process."""
    locks = open_lock(database), open_use_lock(database, shared=False)
    with keep_others_out(*locks, refusal=_BESIDE_OTHERS):
        _note_restored(database)


def _note_restored(database: Database) -> None:
    with database.begin() as connection:
        now = database.now(connection)
        restoration = mark_restored(connection, now)
        forget_heartbeat(connection, now, restoration.as_of)


def _is_readable(place: Path, content: Content, file: Path) -> bool:
    """Return whether the database in place can be read. Refuse where it is another installation's, or has moved."""
    with _broken_or_free(), closing(connect_reading(place, _WAIT_S)) as present:
        facts = dict(present.execute("SELECT name, value FROM meta").fetchall())
        events = present.execute("SELECT count(*) FROM event").fetchone()[0]
        if MOVED_MARK in facts:
            raise ConfigurationError(f"This installation has moved to {facts[MOVED_MARK]}: restore there.")
        if events and facts.get("installation") != content.installation:
            raise BadInputError(
                f"It is of another installation ({content.installation}) than the database here "
                f"({facts.get('installation')}), which has {events:,} events. Restore it in a place of its own.",
                file=str(file),
            )
        return True
    return False


@contextmanager
def _broken_or_free() -> Iterator[None]:
    """Suppress what says that a database is broken or not there; refuse while another program keeps it locked."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        if "locked" in str(error):
            raise BesideOthersError(_IN_USE) from error


def _calm(place: Path) -> None:
    """Write the log of the database in place into its file; refuse while another program has it open."""
    try:
        with closing(sqlite3.connect(place, timeout=_WAIT_S)) as present:
            present.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BesideOthersError(_IN_USE) from error
        raise


def _prepare(file: Path, draft: Path, url: str, box: SecretBox | None, clock: Clock, watch: Watch) -> None:
    """Make the database that takes the place: of this version, knowing that it was restored, in one file."""
    remove(draft)
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(connect_reading(file)) as source:
        copy_database(source, draft, watch)
    with closing(open_database(url, clock)) as database:
        upgrade(database, box)
        _note_restored(database)
    with closing(sqlite3.connect(draft)) as alone:
        alone.execute("PRAGMA journal_mode=DELETE")
    sync(draft)


def _keep(place: Path, stamp: str) -> Path | None:
    """Give the database in place a second name, under which it stays.

    One that is broken keeps its logs beside it, and so do the logs of one that is gone: SQLite would write what stands
    in them over the backup.
    """
    number, is_there = 1, place.exists()
    kept = place.with_name(f"{place.name}.before-{stamp}")
    while os.path.lexists(kept):
        number += 1
        kept = place.with_name(f"{place.name}.before-{stamp}-{number}")
    if is_there:
        os.link(place, kept)
    for ending in LOGS:
        with suppress(FileNotFoundError):
            os.rename(place.with_name(place.name + ending), kept.with_name(kept.name + ending))
    return kept if is_there else None


def _give_to_owner_of(model: Path, file: Path) -> None:
    """Give a file to the owner of the one whose place it takes: an administrator restores for the service's user."""
    if os.geteuid() == 0:
        owner = model.stat()
        os.chown(file, owner.st_uid, owner.st_gid)
