"""Controls of the practice Zoom, for tests and people."""
