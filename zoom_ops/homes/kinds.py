"""The kinds of homes. Each has a folder with the same file names: settings, client, records, check."""

from importlib import import_module
from typing import Protocol, cast

from ..clock import Clock
from .http import Limits
from .port import EventRecords
from .settings import HomeSettings

KINDS: tuple[str, ...] = ("caldav", "feed", "json_api")
"""The folders of this package that are kinds."""


class Kind(Protocol):
    """What the folder of a kind offers in its `__init__`."""

    TITLE: str  # the system's name for people
    Settings: type[HomeSettings]

    def open_home(self, name: str, settings: HomeSettings, clock: Clock, limits: Limits) -> EventRecords:
        """Open a home. No request is made."""


def settings_of(kind: str) -> type[HomeSettings]:
    """Return the model of the settings of a kind. Raise KeyError for an unknown one."""
    return _load(kind).Settings


def title_of(kind: str) -> str:
    """Return the system's name for people."""
    return _load(kind).TITLE


def open_home(
    name: str, settings: HomeSettings, clock: Clock, *, connect_s: float = 3, read_s: float = 10, deadline_s: float = 15
) -> EventRecords:
    """Open the home that a file describes. Times are in seconds; `deadline_s` limits all requests of one call."""
    limits = Limits(
        connect_s=connect_s,
        read_s=read_s,
        deadline_s=deadline_s,
        requests_a_minute=settings.requests_a_minute,
        at_once=settings.at_once,
    )
    return _load(settings.kind).open_home(name, settings, clock, limits)


def _load(kind: str) -> Kind:
    """Load a kind; a command that needs none does not wait for it."""
    if kind not in KINDS:
        raise KeyError(kind)
    return cast(Kind, import_module(f"{__package__}.{kind}"))
