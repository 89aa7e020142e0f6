"""`zoom-ops init`: from an empty folder to settings that work."""
