"""Homes: where event records live. Records are read from them, and links to recordings are written back."""

from .built_in import BuiltInRecords
from .errors import (
    CannotHideError,
    ConflictError,
    ConsentRefusedError,
    DriftedError,
    FormChangedError,
    HomeDownError,
    MissingRightError,
    NoPlaceError,
    StrangeAnswerError,
    UnauthorizedError,
)
from .http import Answer, Client, Limits
from .kinds import KINDS, open_home, settings_of, title_of
from .old_port import OldEventRecords, OwnRecords
from .port import MOST_RECORDS, Capabilities, Changed, Entry, EventRecords, Finding, Raw, Record, Shown
from .settings import HomeSettings, Rule

__all__ = [
    "KINDS",
    "MOST_RECORDS",
    "Answer",
    "BuiltInRecords",
    "CannotHideError",
    "Capabilities",
    "Changed",
    "Client",
    "ConflictError",
    "ConsentRefusedError",
    "DriftedError",
    "Entry",
    "EventRecords",
    "Finding",
    "FormChangedError",
    "HomeDownError",
    "HomeSettings",
    "Limits",
    "MissingRightError",
    "NoPlaceError",
    "OldEventRecords",
    "OwnRecords",
    "Raw",
    "Record",
    "Rule",
    "Shown",
    "StrangeAnswerError",
    "UnauthorizedError",
    "open_home",
    "settings_of",
    "title_of",
]
