"""The tables that `events import --template` prints."""

import sys
from importlib import import_module
from pathlib import Path

import typer

from ...errors import BadInputError


def print_template(kind: str, files: list[Path] | None) -> None:
    """Print a table with an example. Raise BadInputError for another kind, and for bytes on a terminal."""
    if files:
        raise BadInputError("--template prints a table and imports nothing: leave FILE out.")
    if kind not in ("csv", "xlsx"):
        raise BadInputError(f"--template is csv or xlsx, not {kind!r}.")
    if kind == "xlsx" and sys.stdout.isatty():
        raise BadInputError("A terminal cannot show an .xlsx: zoom-ops events import --template xlsx > events.xlsx")
    template = import_module("zoom_ops.readers.tables.template")  # it loads the library of spreadsheets
    typer.echo(template.template_csv() if kind == "csv" else template.template_xlsx(), nl=False)
