"""Zoom's notifications: intake, administration."""
