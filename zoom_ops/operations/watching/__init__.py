"""The service watches itself: what is known of it, which alerts follow, and the pings of a monitor outside."""
