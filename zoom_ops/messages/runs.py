"""What a run did, and why one failed."""
