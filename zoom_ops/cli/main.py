"""The commands. Each ends with a sentence and an exit code, never with a traceback."""

import io
import os
import sys
from typing import Annotated

import typer

from . import (
    accounts,
    alerts,
    audit,
    config,
    daemon,
    database,
    events,
    homes,
    hosts,
    jobs,
    moves,
    notifications,
    people,
    plans,
    reviews,
    runs,
    status,
    tokens,
    users,
    webhooks,
)
from .demo.command import demo
from .grammar.groups import HELP, Command
from .grammar.root import Root
from .grammar.script import print_completion
from .init.command import init
from .output import print_error
from .rehearse import rehearse

app = typer.Typer(
    name="zoom-ops",
    cls=Root,
    help="Event records go in; Zoom webinars, seated speakers and recording links on the event page come out.",
    context_settings={"help_option_names": list(HELP)},
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
_COMMANDS = (  # each is called as its function is
    init,
    demo,
    daemon.serve,
    daemon.sandbox,
    status.status,
    plans.plan,
    plans.apply,
    runs.run,
    runs.logs,
    daemon.doctor,
    rehearse,
)
for command in _COMMANDS:
    app.command(cls=Command)(command)
app.command(cls=Command, hidden=True)(daemon.health)
app.command("completion", cls=Command)(print_completion)
events.app.command()(moves.move)
events.app.command("move-host", hidden=True)(moves.move_host)
events.app.command("open")(moves.open_page)
for group in (
    reviews,
    people,
    jobs,
    runs,
    accounts,
    alerts,
    notifications,
    users,
    hosts,
    homes,
    webhooks,
    tokens,
    audit,
    config,
    database,
):
    app.add_typer(group.app)


def _version(wanted: bool) -> None:
    if wanted:
        from .. import __version__

        typer.echo(f"zoom_ops {__version__}")
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Log in detail, and show the traceback of an error.")] = False,
    _shown: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Read the options before the command."""
    from .opening import remember_debug

    remember_debug(debug)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may not know every letter of a name
    try:
        app(standalone_mode=True)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:
        from ..errors import ZoomOpsError, shorten
        from .opening import debugging

        if debugging():
            import traceback

            traceback.print_exception(error)
        unexpected = f"Unexpected {type(error).__name__}: {shorten(str(error))} (--debug shows more)"
        shown = error if isinstance(error, ZoomOpsError) else ZoomOpsError(unexpected)
        print_error(shown)
        sys.exit(shown.exit_code)
