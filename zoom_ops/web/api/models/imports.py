"""Answers about imports."""

from typing import Literal

from pydantic import Field

from ....events import ReviewNote
from .base import Answer, FieldChange
from .records import EventIn


class FieldSource(Answer):
    """Where the file says a field."""

    field: str = Field(description="Empty for a column of a table that is left out.")
    place: str = Field(description="Such as `line 4` or `row 3, column Title`.")
    text: str = Field(description="What stands there.")


class ImportedEvent(Answer):
    """What an import does, or would do, with one event."""

    id: str
    action: Literal["created", "updated", "unchanged", "unclear"]
    question: str | None = Field(description="Which event is meant, where that is unclear.")
    held: bool = Field(description="Whether a note holds the webinar back.")
    changes: tuple[FieldChange, ...]
    needs_review: tuple[ReviewNote, ...]
    sources: tuple[FieldSource, ...]
    line: int = Field(description="The line or row on which the event begins.")
    event: EventIn = Field(description="The event as it is now, or would be; it may be sent back.")


class TableColumn(Answer):
    """How a column of a table was understood."""

    column: str
    field: str = Field(description="Empty where the column is left out.")


class FileImported(Answer):
    """The events of a file, and what an import does, or would do, with them."""

    dry_run: bool
    format: str
    preview: str = Field(description="The digest of a preview; give it back to store exactly what it says.")
    columns: tuple[TableColumn, ...]
    events: tuple[ImportedEvent, ...]
