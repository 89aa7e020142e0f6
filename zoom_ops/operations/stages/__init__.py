"""The stages of events: loaded, reported as alerts, shown."""
