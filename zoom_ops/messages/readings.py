"""What is in doubt in event records, and what cannot be read."""
