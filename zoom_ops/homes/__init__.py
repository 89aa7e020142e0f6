"""Homes: where event records live. Links to recordings are written back to them."""

from .port import Entry, EventRecords, OwnRecords
from .sql import SqlRecords

__all__ = ["Entry", "EventRecords", "OwnRecords", "SqlRecords"]
