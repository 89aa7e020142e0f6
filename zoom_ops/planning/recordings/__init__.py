"""Recordings in the plan of an event: which are published, what holds one back, and what Zoom does to them."""
