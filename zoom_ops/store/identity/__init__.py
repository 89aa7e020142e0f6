"""Users, sessions, tokens, and how often somebody may try."""
