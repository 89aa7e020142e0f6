"""Zoom's API: the only package that speaks to it."""

from .accounts import Waits, ZoomAccount
from .doctor import Report
from .errors import (
    AccountStoppedError,
    CredentialError,
    MissingScopesError,
    NoLicenceError,
    NoRecordingError,
    PanelistRefusedError,
    PanelistsFullError,
    RateLimitedError,
    WebinarGoneError,
    ZoomRefusedError,
)
from .gateway import Callbacks, Gateway, open_gateway
from .network_health import NetworkHealth
from .notifications import KNOWN_KINDS, Notification, answer_validation, find_secret, parse
from .session import Call

__all__ = [
    "KNOWN_KINDS",
    "AccountStoppedError",
    "Call",
    "Callbacks",
    "CredentialError",
    "Gateway",
    "MissingScopesError",
    "NetworkHealth",
    "NoLicenceError",
    "NoRecordingError",
    "Notification",
    "PanelistRefusedError",
    "PanelistsFullError",
    "RateLimitedError",
    "Report",
    "Waits",
    "WebinarGoneError",
    "ZoomAccount",
    "ZoomRefusedError",
    "answer_validation",
    "find_secret",
    "open_gateway",
    "parse",
]
