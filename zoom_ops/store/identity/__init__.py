"""Users, sessions, tokens, login rates."""
