"""Work that survives a crash: runs, effects, ticks, and what carries them; it knows nothing of webinars."""
