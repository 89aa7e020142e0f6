"""The plan, as operators see it: what would be changed, what holds the rest up, and which part is meant."""
