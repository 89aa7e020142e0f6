"""Conference programmes (pretalx, frab) → one event for each session."""

from .sessions import Session, origin_of, read_sessions

__all__ = ["Session", "origin_of", "read_sessions"]
