"""What the lines of the audit say."""
