"""The pictures of events and people."""
