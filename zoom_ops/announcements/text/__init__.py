"""Announcement text: its parts."""

from .parse import parse_text

__all__ = ["parse_text"]
