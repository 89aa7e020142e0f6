"""Webinars that the system of a home makes by itself, and that events adopt."""
