"""Refusals: what the web layer refuses to whoever attacks it or does it harm, counted, logged and kept."""

from .counting import KINDS, Counts, RefusalKind, Refusals
from .reporter import RefusalReporter

__all__ = ["KINDS", "Counts", "RefusalKind", "RefusalReporter", "Refusals"]
