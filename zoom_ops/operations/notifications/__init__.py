"""Zoom's notifications: taken, and looked into."""
