"""The folder of the nightly backups: what is in it, and what is wrong with it."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from ..db.backup import Nightly
from .files import list_backups, made_at

Trouble = Literal["unusable", "none", "old"]
_AHEAD = timedelta(hours=1)  # a backup of a later time says nothing: the clock was wrong when it was made
OLD = timedelta(days=2)  # a backup each night is never that old, unless one or two have failed


@dataclass(frozen=True, kw_only=True)
class BackupFolder:
    """The backups of an installation in its folder, the latest first. `sentence`: what is wrong, empty for nothing."""

    folder: Path
    files: tuple[Path, ...]
    trouble: Trouble | None = None
    sentence: str = ""


def look_at_folder(nightly: Nightly, installation: str, now: datetime) -> BackupFolder:
    """List the backups in the folder, and say what is wrong with it: no other place decides that."""
    folder = nightly.folder
    files = tuple(list_backups(folder, installation))
    if reason := _why_unusable(folder):
        return BackupFolder(folder=folder, files=files, trouble="unusable", sentence=reason)
    if not files:
        return BackupFolder(folder=folder, files=(), trouble="none", sentence=f"None is in {folder} yet.")
    made = next((at for at in map(made_at, files) if at <= now + _AHEAD), None)
    if made and now - made <= OLD:
        return BackupFolder(folder=folder, files=files)
    sentence = f"Those in {folder} are all of a time that is still to come: look at the clock."
    if made:
        sentence = f"The latest in {folder} is of {made:%Y-%m-%d %H:%M} UTC, more than two days ago."
    return BackupFolder(folder=folder, files=files, trouble="old", sentence=sentence)


def _why_unusable(folder: Path) -> str:
    """Say why no backup can be written into the folder; an empty sentence where one can."""
    if folder.is_dir():
        if os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            return ""
        return f"BACKUP_DIR ({folder}) may not be written to by the user of this process: change its owner or rights."
    if os.path.lexists(folder):
        return f"BACKUP_DIR ({folder}) is a file and no folder: name a folder, or move the file away."
    above = next((parent for parent in folder.absolute().parents if os.path.lexists(parent)), folder)
    if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
        return ""
    return f"BACKUP_DIR ({folder}) is not there and cannot be made in {above}: make it for the user of this process."
