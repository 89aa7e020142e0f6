"""Output of commands: JSON for scripts; sentences, tables and progress bars for people."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from .grammar.terminal import color_default, open_console

Cell = str | Callable[[Any], Any]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1, max=10_000)]


def print_json(value: Any) -> None:
    """Print a value as JSON: in ASCII unless the output is UTF-8."""
    import json
    import sys

    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    typer.echo(json.dumps(value, indent=2, ensure_ascii=not is_utf8, default=str))


def print_result(document: Any, sentence: str, *, as_json: bool) -> None:
    """Print what a command did: as JSON, or in a sentence."""
    if as_json:
        print_json(document)
    else:
        typer.echo(sentence)


def print_list(
    rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Cell], *, as_json: bool = False, empty: str
) -> None:
    """Print rows as JSON or as a table: under each heading a key of the row, or what a function makes of the row."""
    known = list(rows)
    if as_json:
        return print_json(known)
    if not known:
        return typer.echo(empty)
    values = [[row[cell] if isinstance(cell, str) else cell(row) for cell in columns.values()] for row in known]
    cells = [["" if value is None else str(value) for value in row] for row in values]
    widths = [max(len(cell) for cell in column) for column in zip(columns, *cells, strict=True)]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in (columns, *cells)]
    heading, *lines = ["  ".join(row).rstrip() for row in padded]
    typer.secho(heading, bold=True)
    return typer.echo("\n".join(lines))


def at(key: str) -> Cell:
    """Make a cell of a moment in ISO 8601."""
    return lambda row: short_time(row[key])


def listed(key: str) -> Cell:
    """Make a cell of several words."""
    return lambda row: ", ".join(row[key])


def short_time(moment: str | None) -> str:
    """Render an ISO 8601 instant for a table, to the minute."""
    return moment[:16].replace("T", " ") if moment else "-"


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar per stage on a terminal, during the block. Yield what moves a bar: stage, rows done, all rows."""
    import sys

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    console = open_console(sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as progress:
        bars: dict[str, TaskID] = {}

        def move(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                bars[stage] = progress.add_task(stage, total=total)
            progress.update(bars[stage], completed=done)

        yield move


def print_changes(changes: Iterable[Any]) -> None:
    """Print changes as field, old → new. For a list of rows, print the removed and the added rows."""
    for change in changes:
        if _is_rows(change.old) and _is_rows(change.new):
            typer.echo(f"    {change.field}:")
            for mark, rows, others in (("-", change.old, change.new), ("+", change.new, change.old)):
                for row in (row for row in rows if row not in others):
                    typer.echo(f"      {mark} {_short(', '.join(str(value) for value in row.values() if value))}")
            continue
        old, new = _short(change.old), _short(change.new)
        typer.echo(f"    {change.field}: {new}" if change.old is None else f"    {change.field}: {old} → {new}")


def print_error(error: Exception) -> None:
    """Print an error's message and its notes to standard error."""
    for sentence in (str(error), *getattr(error, "__notes__", ())):
        typer.secho(sentence, err=True, fg=typer.colors.RED, color=color_default())


def warn(sentence: str) -> None:
    """Print a warning to standard error."""
    typer.secho(sentence, err=True, fg=typer.colors.YELLOW, color=color_default())


def _is_rows(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(row, dict) for row in value)


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list | tuple):
        return f"{len(value)} entries" if value and not isinstance(value[0], str | int) else ", ".join(map(str, value))
    text = " ".join(str(value).split())
    return text if len(text) <= 70 else text[:69] + "…"
