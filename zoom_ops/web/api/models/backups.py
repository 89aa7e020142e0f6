"""Backups of the database."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from .base import Answer


class BackupFile(Answer):
    """A backup in the folder."""

    name: str
    made: datetime
    bytes: int
    tables: str | None = Field(description="The version of its tables; null where it cannot be read.")
    current: bool = Field(
        description="Whether they are those of this version; others are migrated when it is restored."
    )
    checked: datetime | None = Field(description="When it was last checked after it was made.")
    whole: bool | None = Field(description="What that check found.")


class LastBackup(Answer):
    """The last run of `make_backups`."""

    id: int
    state: str
    at: datetime


class NewWebinar(Answer):
    """A webinar of an event."""

    event: str
    webinar: int


class PlacedWebinar(NewWebinar):
    """A webinar on a host."""

    host: str


class RestorationMeant(Answer):
    """A restoration from a backup, and what was newer at Zoom, until an admin has read it."""

    at: datetime
    as_of: datetime | None = Field(description="The latest thing that the backup knew.")
    unlooked: tuple[str, ...] = Field(description="Accounts that are still to be asked.")
    older: int = Field(description="How many coming webinars are still to be read again.")
    taken_over: tuple[NewWebinar, ...]
    gone: tuple[NewWebinar, ...]
    unknown: tuple[PlacedWebinar, ...] = Field(description="Of events that the backup does not know.")
    unclear: tuple[PlacedWebinar, ...] = Field(description="A person has to decide which one stays.")
    changed: dict[str, tuple[str, ...]] = Field(description="The fields that have changed, by event.")
    seated: dict[str, int] = Field(description="How many panelists were not known, by event.")
    recorded: tuple[str, ...] = Field(description="Events with new recordings.")


class BackupList(Answer):
    """The backups in `BACKUP_DIR`, the latest first, at most a hundred."""

    folder: str | None = Field(description="Null where no backups are made by themselves.")
    trouble: Literal["unusable", "none", "old"] | None
    sentence: str | None = Field(description="What is wrong, in a sentence.")
    keep: int | None
    free: int | None = Field(description="Bytes left on the disk of the folder.")
    more: int = Field(description="How many older ones are not listed.")
    last_run: LastBackup | None
    next_run: datetime | None
    restored: RestorationMeant | None
    backups: tuple[BackupFile, ...]
