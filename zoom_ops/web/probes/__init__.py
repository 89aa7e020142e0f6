"""Probes: what a process says of itself, with pages and without."""
