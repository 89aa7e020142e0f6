"""Recordings that do not play at Zoom, or not from its cloud."""
