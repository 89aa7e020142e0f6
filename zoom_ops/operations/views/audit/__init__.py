"""The audit: lists and exports of it, and its lines in plain words."""
