"""A rehearsal on a real Zoom account: makes a webinar, watches what Zoom does with it, removes it, and reports."""
