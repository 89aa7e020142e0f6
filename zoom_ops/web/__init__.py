"""The web door: event pages and their stream of changes, console, API, feeds, notifications, probes, the daemon."""
