"""Lists of runs: which are meant, what they have in common, and retry all of a list."""
