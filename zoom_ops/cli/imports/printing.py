"""What an import did, or would do, as lines or as JSON."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from ...events import Event, ReviewNote
from ..output import print_changes, print_json, warn

if TYPE_CHECKING:
    from ...operations.events.importing import Imported
    from ...operations.events.previewing import Preview

_WILL = {"created": "would be created", "updated": "would be updated", "unchanged": "unchanged", "unclear": "unclear"}
_USUAL: tuple[Any, ...] = (
    None,
    False,
    [],
    "speaker",
    "link",
    "public",
    "available",
)  # values of most performers and attachments
_QUOTED = 70  # characters of what stands at a place


def print_imported(imported: Sequence["Imported"], *, as_json: bool) -> None:
    """Print what was imported."""
    from ...operations.events.importing import imported_json

    if as_json:
        return print_json([imported_json(row) for row in imported])
    for row in imported:
        typer.echo(f"{row.id}: {row.action}")
        if row.action == "updated":
            print_changes(row.changes)
        _print_doubts(row.event.needs_review, row.event)
    return None


def print_previews(previews: Sequence["Preview"], *, as_json: bool) -> None:
    """Print what an import would do: each event with its fields, what says them, and its doubts."""
    from ...operations.events.previewing import columns_of, preview_json

    columns = columns_of(previews)
    if as_json:
        mapping = [{"column": column, "field": field} for column, field in columns]
        return print_json({"columns": mapping, "events": [preview_json(row) for row in previews]})
    for column, field in columns:
        typer.echo(f"column {column!r} is {field}")
    for row in previews:
        _print_preview(row)
    if previews:
        typer.echo(f"Nothing was stored. {_counted(row.action for row in previews)}.")
    return None


def _print_preview(row: "Preview") -> None:
    typer.secho(f"{row.id}: {_WILL[row.action]}", bold=True)
    if row.question:
        warn(f"    {row.question}")
    if row.action == "updated":
        print_changes(row.changes)
    said: dict[str, list[str]] = {}
    for source in row.sources:
        text = " ".join(source.text.split())
        shown = text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"
        said.setdefault(source.field.partition(".")[0], []).append(f"[{source.place}: {shown}]")
    for name, value in iter_fields(row.event):
        typer.echo(f"    {name:<14} {value}  {' '.join(said.get(name, ()))}".rstrip())
    _print_doubts(row.notes, row.event)


def iter_fields(event: Event) -> Iterable[tuple[str, str]]:
    """Yield the fields of an event that have not the value of most events, as a person reads them."""
    for name, value in event.to_json().items():
        if name in ("id", "needs_review") or value in (None, "", [], Event.model_fields[name].default):
            continue
        if isinstance(value, list):
            yield name, "; ".join(", ".join(_parts(each)) for each in value)
        else:
            text = " ".join(str(value).split())
            yield name, text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"


def _parts(entry: dict[str, Any]) -> Iterable[str]:
    for value in entry.values():
        if value not in _USUAL:
            yield " ".join(value) if isinstance(value, list) else str(value)


def _print_doubts(notes: Iterable[ReviewNote], event: Event) -> None:
    for note in notes:
        line = f" (line {note.line}: {note.text!r})" if note.line else ""
        choices = f" Choices: {' | '.join(note.choices)}." if note.choices else ""
        warn(f"    review {note.field}: {note.reason}{line}{choices}")
    if missing := [person.name for person in event.without_address()]:
        warn(f"    without an address, so not seated: {', '.join(missing)}")


def _counted(actions: Iterable[str]) -> str:
    counts: dict[str, int] = {}
    for action in actions:
        counts[action] = counts.get(action, 0) + 1
    return ", ".join(f"{count:,} {_WILL[action]}" for action, count in counts.items())
