"""Homes: where event records live; a recording's link is written back to them."""

from .port import Entry, EventRecords, OwnRecords
from .sql import SqlRecords

__all__ = ["Entry", "EventRecords", "OwnRecords", "SqlRecords"]
