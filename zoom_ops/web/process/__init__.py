"""The process of a daemon: its start, its stop, what ends it."""
