"""Homes: where event records live. Records are read from them, and links to recordings are written back."""

from .errors import (
    CannotHideError,
    ConflictError,
    ConsentRefusedError,
    DriftedError,
    FormChangedError,
    HomeDownError,
    MissingRightError,
    StrangeAnswerError,
    UnauthorizedError,
)
from .gate import Gate
from .http import Answer, Client, Limits
from .kinds import KINDS, open_home, settings_of, title_of
from .port import MOST_RECORDS, Capabilities, Changed, Entry, EventRecords, Finding, Raw, Record, Shown
from .settings import HomeSettings, Rule

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
    "Finding",
    "FormChangedError",
    "Gate",
    "HomeDownError",
    "HomeSettings",
    "Limits",
    "MissingRightError",
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
