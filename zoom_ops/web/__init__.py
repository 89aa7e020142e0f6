"""The web application: event pages, their stream of changes, console, API, feeds, notifications, probes, daemon."""
