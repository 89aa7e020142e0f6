"""What `zoom-ops doctor`, the rehearsal and the watch say."""
