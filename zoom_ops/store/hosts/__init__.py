"""Hosts, and the webinars on them that no event of ours has."""
