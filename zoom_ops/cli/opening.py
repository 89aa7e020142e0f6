"""Open the service for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..app import App

_debug = [False]  # whether --debug stood on this command line


def remember_debug(wanted: bool) -> None:
    """Remember that --debug was given."""
    _debug[0] = wanted


def debugging() -> bool:
    """Tell whether --debug was given."""
    return _debug[0]


@contextmanager
def opened(*, quiet: bool = True) -> Iterator[App]:
    """Open the service by the settings; `quiet` keeps the log out of a command's own output."""
    from ..app import open_app
    from ..logs import configure_logging
    from ..settings import load_settings

    settings = load_settings()
    configure_logging(settings.log_format, debug=debugging(), quiet=quiet and not debugging())
    with open_app(settings) as app:
        yield app


def operator() -> str:
    """Name who sits at the keyboard, for the timeline."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "an operator"
