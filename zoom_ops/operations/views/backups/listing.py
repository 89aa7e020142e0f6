"""The backups in BACKUP_DIR, for operators: each file, the job that makes them, the space that is left."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ....clock import iso_text
from ....engine.listing import list_runs
from ....engine.runs import Run
from ....store.audit import load_latest
from ....store.backups.files import made_at, read_version
from ....store.backups.folder import BackupFolder, look_at_folder
from ....store.db.migrate import known_versions
from ...context import Context
from ...jobs.registry import Job
from ..figures.outcomes import load_strips
from ..jobs import list_jobs
from .restored import ShownRestoration, load_restoration, restoration_json

JOB = "make_backups"
CHECKED = "backup_checked"  # in the audit
_AT_MOST = 100


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The last time that somebody had a backup checked, and what was found."""

    at: datetime
    by: str
    ok: bool
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Backup:
    """A backup in the folder. It was checked when it was made."""

    name: str
    made: datetime
    bytes: int
    tables: str | None  # the version of its tables; None: it cannot be read
    is_current: bool  # it has the tables of this version
    checked: Checked | None


@dataclass(frozen=True, kw_only=True)
class Backups:
    """The backups of this installation. Without a `folder` none are made by themselves."""

    now: datetime
    makes_them: bool  # it is SQLite; PostgreSQL has its own tool
    folder: BackupFolder | None = None
    keep: int = 0
    rows: tuple[Backup, ...] = ()  # the latest first
    more: int = 0  # older ones that are not listed
    free: int | None = None  # bytes left on the disk of the folder
    job: Mapping[str, Any] | None = None  # schedule, last and next run; None: there is no such job
    last_run: Run | None = None
    restored: ShownRestoration | None = None  # until an admin has read what it meant


def load_backups(context: Context, jobs: Mapping[str, Job]) -> Backups:
    """Load the backups in the folder of the settings, and how their job does."""
    now, nightly = context.clock.now(), context.nightly
    with context.database.read() as connection:
        restored = load_restoration(context, connection)
    if not context.database.is_sqlite or nightly is None:
        return Backups(now=now, makes_them=context.database.is_sqlite, restored=restored)
    folder = look_at_folder(nightly, context.installation, now)
    shown = folder.files[:_AT_MOST]
    with context.database.read() as connection:
        rows = tuple(_iter_backups(connection, shown))
        runs = list_runs(connection, job=JOB, limit=1)
    return Backups(
        now=now,
        makes_them=True,
        folder=folder,
        keep=nightly.keep,
        rows=rows,
        more=len(folder.files) - len(shown),
        free=_free_at(folder.folder),
        job=_show_job(context, jobs),
        last_run=runs[0] if runs else None,
        restored=restored,
    )


def _show_job(context: Context, jobs: Mapping[str, Job]) -> dict[str, Any] | None:
    """Return the job that makes the backups; None where it is switched off."""
    shown = [jobs[JOB]] if JOB in jobs else []
    return next(
        iter(list_jobs(context.database, shown, load_strips(context.database, [job.name for job in shown]))), None
    )


def backups_json(backups: Backups) -> dict[str, Any]:
    """Return the backups for scripts."""
    folder, last = backups.folder, backups.last_run
    return {
        "folder": str(folder.folder) if folder else None,
        "trouble": folder.trouble if folder else None,
        "sentence": (folder.sentence or None) if folder else None,
        "keep": backups.keep or None,
        "free": backups.free,
        "more": backups.more,
        "last_run": {"id": last.id, "state": last.state, "at": iso_text(last.created)} if last else None,
        "next_run": backups.job["next_run"] if backups.job else None,
        "restored": restoration_json(backups.restored),
        "backups": [
            {
                "name": row.name,
                "made": iso_text(row.made),
                "bytes": row.bytes,
                "tables": row.tables,
                "current": row.is_current,
                "checked": iso_text(row.checked.at) if row.checked else None,
                "whole": row.checked.ok if row.checked else None,
            }
            for row in backups.rows
        ],
    }


def _iter_backups(connection: Connection, files: tuple[Path, ...]) -> Iterator[Backup]:
    latest = load_latest(connection, "backup", [file.name for file in files], (CHECKED,)) if files else {}
    newest, _ = known_versions()
    for file in files:
        with suppress(OSError):  # deleted meanwhile, by a run that makes one
            size, tables, line = file.stat().st_size, read_version(file), latest.get(file.name)
            checked = Checked(at=line.at, by=line.who, **line.detail) if line else None
            is_current = tables == newest
            made = made_at(file)
            yield Backup(name=file.name, made=made, bytes=size, tables=tables, is_current=is_current, checked=checked)


def _free_at(folder: Path) -> int | None:
    """Return the bytes that are left where the folder is, or would be made."""
    for place in (folder, *folder.absolute().parents):
        with suppress(OSError):
            return shutil.disk_usage(place).free
    return None
