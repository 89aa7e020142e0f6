"""What a plan does, and what holds it back."""
