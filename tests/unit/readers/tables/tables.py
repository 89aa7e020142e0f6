"""Builders of tables for tests: rows → CSV or XLSX, and events → what a test compares."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

from zoom_ops.events import Event
from zoom_ops.readers.tables import read

HEADERS = ("Title", "Date", "Start", "End", "Time zone", "Speakers")


def xlsx(rows: Iterable[Sequence[Any]], **sheets: Iterable[Sequence[Any]]) -> bytes:
    """Write an XLSX file of one sheet, or of more."""
    book = Workbook()
    _fill(book.active, rows)
    for name, others in sheets.items():
        _fill(book.create_sheet(name), others)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Return the bytes of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(sheet: Any, rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        sheet.append(list(row))


def events_of(content: bytes | str, file: str = "programme.csv") -> list[Event]:
    """Read the events of a table."""
    data = content.encode() if isinstance(content, str) else content
    return [announced.event for announced in read(data, file)]


def row_event(*cells: str, headers: Sequence[str] = HEADERS) -> Event:
    """Read the one event of a row."""
    (event,) = events_of("\t".join(headers) + "\n" + "\t".join(cells) + "\n", "programme.tsv")
    return event


def told(event: Event) -> str:
    """Write the fields that must never be wrong in silence: name, start, end, zone, status, people; what is held."""
    local = event.to_json()
    people = "; ".join(
        ", ".join(
            part
            for part in (
                None if person.kind == "speaker" else person.kind,
                f"{person.honorific or ''} {person.name}".strip(),
                person.role,
                person.organization,
                person.email,
            )
            if part
        )
        for person in event.performers
    )
    held = ", ".join(sorted({note.field for note in event.blocking_notes()}))
    status = "" if event.status == "scheduled" else f" | {event.status}"
    when = f"{local['start'][:16]} {local['end'][11:16]} {event.timezone}"
    return f"{event.name} | {when}{status} | {people}" + (f" | held: {held}" if held else "")


def notes(event: Event) -> list[str]:
    """List the notes of an event: field and reason."""
    return [f"{note.field}: {note.reason}" for note in event.needs_review]


def choices(event: Event, field: str) -> tuple[str, ...]:
    """Return the choices of the first note on a field."""
    return next(note.choices for note in event.needs_review if note.field == field)
