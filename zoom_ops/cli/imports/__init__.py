"""`zoom-ops events import`."""
