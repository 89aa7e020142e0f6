"""Homes: where event records live; a recording's link is written back to them."""

from .port import Entry, EventRecords
from .sql import SqlRecords

__all__ = ["Entry", "EventRecords", "SqlRecords"]
