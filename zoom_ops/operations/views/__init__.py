"""Read models: what readers and operators look at, as values."""
