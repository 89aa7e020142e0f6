"""Open the service for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from .grammar.terminal import is_plain

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..app import App
    from ..settings import Place, Settings
    from ..storage import Storage
    from ..store.audit import Actor

As = Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who does this, for the audit.")]


@dataclass(frozen=True)
class Peek:
    """The settings, and a connection that only reads: None where there is no database of this version."""

    settings: Settings
    connection: Connection | None


_debug = [False]  # whether --debug stood on this command line


def remember_debug(wanted: bool) -> None:
    """Remember that --debug was given."""
    _debug[0] = wanted


def debugging() -> bool:
    """Return whether --debug was given."""
    return _debug[0]


@contextmanager
def opened(*, quiet: bool = True) -> Iterator[App]:
    """Open the service by the settings; `quiet` keeps the log out of a command's own output.

    A profile or home with a mistake keeps no command from working, only the daemon from its start.
    """
    from ..app import open_app
    from ..store.db.notify import notify_others

    with open_app(_load_settings(quiet=quiet), _leave_out if quiet else None) as app:
        yield app
        notify_others(app.database, "due")  # runs that the command has requested


def opened_storage() -> AbstractContextManager[Storage]:
    """Open the database alone, for a command that neither calls Zoom nor reads what is encrypted: it starts at once."""
    from ..storage import open_storage

    return open_storage(_load_settings(quiet=True))


def place() -> Place:
    """Return where the configuration is: the environment and the current folder."""
    from ..settings import Place

    return Place.of()


@contextmanager
def peeked() -> Iterator[Peek]:
    """Look at the settings and the database: nothing is created or migrated."""
    from ..store.db.peek import peek

    settings = _load_settings(quiet=True)
    with peek(settings.database_url) as connection:
        yield Peek(settings, connection)


def _leave_out(mistake: str) -> None:
    from .output import warn

    warn(f"{mistake} It is left out here, and a daemon keeps what it has. All mistakes: zoom-ops config check")


def _load_settings(*, quiet: bool) -> Settings:
    from ..logs import configure_logging
    from ..settings import load_settings

    settings = load_settings()
    configure_logging(settings.log_format, debug=debugging(), quiet=quiet and not debugging(), plain=is_plain())
    return settings


def actor(name: str | None) -> Actor:
    """Return the person for the audit: the name of --as, else the user of this terminal."""
    import getpass

    from ..store.audit import Actor

    try:
        return Actor(name=name or getpass.getuser())
    except (KeyError, OSError):
        return Actor(name="an operator")
