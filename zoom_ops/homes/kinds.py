"""The kinds of homes. Each has a folder with the same files: settings, client, reading, entries, records, check."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from .settings import HomeSettings

if TYPE_CHECKING:
    from ..clock import Clock
    from .http import Limits
    from .port import EventRecords

KINDS: tuple[str, ...] = ("caldav", "feed", "indico", "json_api", "pretalx", "wagtail", "wordpress")
"""The folders of this package that are kinds."""


class Kind(Protocol):
    """What the folder of a kind offers in its `__init__`."""

    TITLE: str  # the system's name for people
    Settings: type[HomeSettings]

    def open_home(self, name: str, settings: HomeSettings, clock: Clock, limits: Limits) -> EventRecords:
        """Open a home. No request is made."""


def list_kinds() -> tuple[str, ...]:
    """List the kinds of homes."""
    return KINDS


def settings_of(kind: str) -> type[HomeSettings]:
    """Return the model of the settings of a kind. Raise KeyError for an unknown one."""
    return load_kind(kind).Settings


def title_of(kind: str) -> str:
    """Return the system's name for people."""
    return load_kind(kind).TITLE


def load_kind(kind: str) -> Kind:
    """Load a kind; a command that needs none does not wait for it. Raise KeyError for an unknown one."""
    if kind not in KINDS:
        raise KeyError(kind)
    return cast(Kind, import_module(f"{__package__}.{kind}"))
