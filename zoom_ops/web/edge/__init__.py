"""The edge of the web server: connections, their limits, and who gives way when there is no room."""
