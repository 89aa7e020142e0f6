"""What this program asks of the operating system: processes of its own with limits, and its memory back."""
