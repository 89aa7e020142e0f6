"""Homes: where event records live. Records are read from them, and links to recordings are written back."""

from typing import TYPE_CHECKING

from ..front import load_later
from .kinds import KINDS, list_kinds, settings_of, title_of
from .settings import HomeSettings, Rule, with_keys

if TYPE_CHECKING:  # loaded when they are asked for: the settings of every command import this package
    from .answers import Answer
    from .errors import (
        CannotHideError,
        ConflictError,
        ConsentRefusedError,
        DriftedError,
        ExposedError,
        FormChangedError,
        HomeDownError,
        MissingRightError,
        NoPlaceError,
        PacedError,
        StrangeAnswerError,
        UnauthorizedError,
        UnprotectedError,
    )
    from .gate import Gate
    from .http import Client, Limits
    from .list_memory import reading
    from .opening import open_home
    from .port import (
        MOST_RECORDS,
        Capabilities,
        Changed,
        Entry,
        EventRecords,
        Finding,
        Glimpse,
        MakesWebinars,
        Raw,
        Record,
        Shown,
    )

__all__ = [
    "KINDS",
    "MOST_RECORDS",
    "Answer",
    "CannotHideError",
    "Capabilities",
    "Changed",
    "Client",
    "ConflictError",
    "ConsentRefusedError",
    "DriftedError",
    "Entry",
    "EventRecords",
    "ExposedError",
    "Finding",
    "FormChangedError",
    "Gate",
    "Glimpse",
    "HomeDownError",
    "HomeSettings",
    "Limits",
    "MakesWebinars",
    "MissingRightError",
    "NoPlaceError",
    "PacedError",
    "Raw",
    "Record",
    "Rule",
    "Shown",
    "StrangeAnswerError",
    "UnauthorizedError",
    "UnprotectedError",
    "list_kinds",
    "open_home",
    "reading",
    "settings_of",
    "title_of",
    "with_keys",
]
__getattr__ = load_later(__name__, __all__, ("errors", "port", "answers", "gate", "http", "opening", "list_memory"))
