"""Zoom's API: the only package that speaks to it."""

from .accounts import Call, Waits, ZoomAccount
from .doctor import Finding, Report
from .errors import (
    AccountStoppedError,
    CredentialError,
    MissingScopesError,
    NoLicenceError,
    NoRecordingError,
    RateLimitedError,
    WebinarGoneError,
    ZoomRefusedError,
)
from .gateway import Callbacks, Gateway, open_gateway
from .network_health import Reach
from .notifications import KNOWN_KINDS, Notification, answer_validation, find_secret, parse, verify

__all__ = [
    "KNOWN_KINDS",
    "AccountStoppedError",
    "Call",
    "Callbacks",
    "CredentialError",
    "Finding",
    "Gateway",
    "MissingScopesError",
    "NoLicenceError",
    "NoRecordingError",
    "Notification",
    "RateLimitedError",
    "Reach",
    "Report",
    "Waits",
    "WebinarGoneError",
    "ZoomAccount",
    "ZoomRefusedError",
    "answer_validation",
    "find_secret",
    "open_gateway",
    "parse",
    "verify",
]
