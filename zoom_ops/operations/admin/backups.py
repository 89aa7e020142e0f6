"""What admins do with backups in the console: check one, hand one out, dismiss what a restoration meant."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from ...errors import BadInputError, NotFoundError
from ...store.audit import Actor, record_audit
from ...store.backups.files import list_backups, read_backup
from ...store.backups.restoration import dismiss
from ..context import Context
from ..views.backups.listing import CHECKED

_AT_ONCE_S = 2.0  # a check that takes longer goes on while the page is shown
_CHECKS = ThreadPoolExecutor(max_workers=1, thread_name_prefix="backup-check")
_under_way: dict[Path, Future[str]] = {}


def find_backup(context: Context, name: str) -> Path:
    """Find a backup of this installation in BACKUP_DIR by its name; raise NotFoundError for any other file."""
    folder = context.nightly.folder if context.nightly else None
    files = {file.name: file for file in list_backups(folder, context.installation)} if folder else {}
    if name not in files:
        raise NotFoundError("backup", name, files)
    return files[name]


def check_backup(context: Context, name: str, by: Actor) -> str | None:
    """Read a backup from end to end; return what was found, or None where that takes longer than a moment.

    The audit says who had it checked, and what was found. One is checked at a time.
    """
    file = find_backup(context, name)
    check = _under_way.get(file)
    if check is None or check.done():
        check = _under_way[file] = _CHECKS.submit(_check, context, file, by)
    with suppress(TimeoutError):
        return check.result(_AT_ONCE_S)
    return None


def list_checks(context: Context) -> frozenset[str]:
    """List the names of the backups that are being checked now."""
    folder = context.nightly.folder if context.nightly else None
    return frozenset(
        file.name for file, check in list(_under_way.items()) if file.parent == folder and not check.done()
    )


def hand_out_backup(context: Context, name: str, by: Actor) -> Path:
    """Return the file of a backup for a download; the audit says who has it."""
    file = find_backup(context, name)
    with context.database.begin() as connection:
        now = context.database.now(connection)
        record_audit(connection, by, "backup_downloaded", ("backup", name), now, bytes=file.stat().st_size)
    return file


def dismiss_restoration(context: Context, digest: str, by: Actor) -> bool:
    """Show no more what a restoration meant, as it was read; return False where it is not that any more."""
    with context.database.begin() as connection:
        is_as_read = dismiss(connection, digest)
        if is_as_read:
            now = context.database.now(connection)
            record_audit(connection, by, "restoration_dismissed", ("service", "backups"), now)
    return is_as_read


def _check(context: Context, file: Path, by: Actor) -> str:
    try:
        content = read_backup(file, context.box)
    except BadInputError as error:
        ok, sentence = False, str(error)
    else:
        rows = content.rows
        ok, sentence = True, f"whole. Events: {rows['event']:,}, webinars: {rows['binding']:,}, runs: {rows['run']:,}."
    with context.database.begin() as connection:
        now = context.database.now(connection)
        record_audit(connection, by, CHECKED, ("backup", file.name), now, ok=ok, sentence=sentence)
    return sentence
