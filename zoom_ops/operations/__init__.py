"""Verbs a person would use: where the machines meet."""
