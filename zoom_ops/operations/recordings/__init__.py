"""Recordings: fetch, sweep, playing links, alerts for overdue ones."""
