"""What a terminal is shown: colours and moving lines, or plain text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console


def is_plain(stream: TextIO | None = None) -> bool:
    """Return whether a stream gets plain text: no colour, and no line that is drawn again.

    That is so beyond a terminal, on one that can do no more (TERM=dumb), and if the reader wants it (no-color.org).
    Without a stream, only the last two count.
    """
    environment = os.environ  # noqa: TID251  # these two are settings of the terminal, and not ours
    asked = bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
    return asked or (stream is not None and not stream.isatty())


def color_default() -> bool | None:
    """Return what `typer.secho` takes as `color`: False for none at all, None for colours on a terminal."""
    return False if is_plain() else None


def open_console(stream: TextIO, *, quiet: bool = False) -> Console:
    """Open a console for what moves on a terminal; where the stream is plain, it prints lines and moves nothing."""
    from rich.console import Console

    plain = is_plain(stream)
    return Console(file=stream, quiet=quiet, highlight=False, force_terminal=not plain, no_color=plain)
