"""What homes of event records say, and what is said of them."""
