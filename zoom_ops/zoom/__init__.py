"""Zoom's API: the only package that speaks to it."""

from .accounts import Waits, ZoomAccount
from .client import Callbacks
from .doctor import Report
from .endpoints import Label, label_patterns, list_calls, may_delete
from .errors import (
    AccountStoppedError,
    ConvertedError,
    CredentialError,
    EndpointStoppedError,
    MissingScopesError,
    NoLicenceError,
    NoRecordingError,
    PanelistRefusedError,
    PanelistsFullError,
    RateLimitedError,
    UnchangeableError,
    UserGoneError,
    WebinarGoneError,
    ZoomRefusedError,
)
from .gateway import Gateway, open_gateway
from .network_health import NetworkHealth
from .notifications import (
    KNOWN_KINDS,
    STORAGE_KIND,
    VALIDATION_KIND,
    Notification,
    answer_validation,
    find_secret,
    parse,
    read_signed_at,
)
from .parsing import as_mapping, as_rows
from .payloads import SINGLE
from .rate_limits import PER_SECOND
from .session import Call, Exchange
from .stops import describe_stop

__all__ = [
    "KNOWN_KINDS",
    "PER_SECOND",
    "SINGLE",
    "STORAGE_KIND",
    "VALIDATION_KIND",
    "AccountStoppedError",
    "Call",
    "Callbacks",
    "ConvertedError",
    "CredentialError",
    "EndpointStoppedError",
    "Exchange",
    "Gateway",
    "Label",
    "MissingScopesError",
    "NetworkHealth",
    "NoLicenceError",
    "NoRecordingError",
    "Notification",
    "PanelistRefusedError",
    "PanelistsFullError",
    "RateLimitedError",
    "Report",
    "UnchangeableError",
    "UserGoneError",
    "Waits",
    "WebinarGoneError",
    "ZoomAccount",
    "ZoomRefusedError",
    "answer_validation",
    "as_mapping",
    "as_rows",
    "describe_stop",
    "find_secret",
    "label_patterns",
    "list_calls",
    "may_delete",
    "open_gateway",
    "parse",
    "read_signed_at",
]
