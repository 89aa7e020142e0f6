"""Zoom's API, answered by the practice Zoom."""
