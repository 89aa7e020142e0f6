"""What an import did, or would do, as lines or as JSON."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from ...events import Event, ReviewNote, clean_line
from ..output import print_changes, print_json, warn

if TYPE_CHECKING:
    from ...operations.events.importing import Imported
    from ...operations.events.previewing import Preview
    from ...readers import Source

_WILL = {"created": "would be created", "updated": "would be updated", "unchanged": "unchanged", "unclear": "unclear"}
_USUAL: tuple[Any, ...] = (None, False, [], "speaker", "link", "public", "available")  # of most people and attachments
_QUOTED = 70  # characters of what stands at a place


def print_imported(imported: Sequence["Imported"], *, as_json: bool) -> None:
    """Print what was imported."""
    from ...operations.events.importing import imported_json

    if as_json:
        return print_json([imported_json(row) for row in imported])
    for row in imported:
        typer.echo(f"{row.id}: {row.action}{_visible(row.event)}")
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
        typer.echo(f"column {column!r} is {field}" if field else f"column {column!r} is left out")
    for row in previews:
        _print_preview(row)
    if previews:
        typer.echo(f"Nothing was stored. {_counted(row.action for row in previews)}.")
    return None


def _print_preview(row: "Preview") -> None:
    typer.secho(f"{row.id}: {_WILL[row.action]}{_visible(row.event)}", bold=True)
    if row.question:
        warn(f"    {row.question}")
    if row.action == "updated":
        print_changes(row.changes)
    before = ""
    for name, value in iter_fields(row.event):
        field = name.partition(".")[0]
        said = " ".join(_quote(source, value) for source in row.sources if _is_of(source.field, name))
        typer.echo(f"    {'' if field == before else field:<14} {value}  {said}".rstrip())
        before = field
    _print_doubts(row.notes, row.event, "row" if any("row " in source.place for source in row.sources) else "line")


def _visible(event: Event) -> str:
    return {"draft": ", a draft", "unlisted": ", unlisted"}.get(event.visibility, "")


def iter_fields(event: Event) -> Iterable[tuple[str, str]]:
    """Yield the fields of an event that have not the value of most events, as a person reads them.

    Each entry of a list comes on its own, as performers.0.
    """
    for name, value in event.to_json().items():
        if name in ("id", "needs_review", "visibility") or value in (None, "", [], Event.model_fields[name].default):
            continue
        if isinstance(value, list):
            yield from ((f"{name}.{number}", ", ".join(_parts(each))) for number, each in enumerate(value))
        else:
            yield name, _short(str(value))


def _is_of(said: str, name: str) -> bool:
    """Check whether a source is that of a field, or of the entry of a list; a whole list stands at its first."""
    return said == name or said.startswith(f"{name}.") or f"{said}.0" == name


def _quote(source: "Source", value: str) -> str:
    text = _short(source.text)
    return f"[{source.place}]" if text == value else f"[{source.place}: {text}]"


def _short(text: str) -> str:
    line = clean_line(text)
    return line if len(line) <= _QUOTED else line[: _QUOTED - 1] + "…"


def _parts(entry: dict[str, Any]) -> Iterable[str]:
    for value in entry.values():
        if value not in _USUAL:
            yield " ".join(value) if isinstance(value, list) else str(value)


def _print_doubts(notes: Iterable[ReviewNote], event: Event, place: str = "line") -> None:
    for note in notes:
        line = f" ({place} {note.line}: {note.text!r})" if note.line else ""
        choices = f" Choices: {' | '.join(note.choices)}." if note.choices else ""
        warn(f"    review {note.field}: {note.reason}{line}{choices}")
    if missing := [person.name for person in event.without_address()]:
        warn(f"    without an address, so not seated: {', '.join(missing)}")


def _counted(actions: Iterable[str]) -> str:
    counts: dict[str, int] = {}
    for action in actions:
        counts[action] = counts.get(action, 0) + 1
    return ", ".join(f"{count:,} {_WILL[action]}" for action, count in counts.items())
