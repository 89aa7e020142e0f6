"""What is known of the Zoom accounts: how they behave, and what stops them."""
