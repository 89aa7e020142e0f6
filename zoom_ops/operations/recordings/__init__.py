"""Recordings: fetched, swept for, missed."""
