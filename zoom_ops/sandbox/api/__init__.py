"""Zoom's API as the practice Zoom answers it."""
