"""What is done with event records: import, edit, decide, review, describe."""
