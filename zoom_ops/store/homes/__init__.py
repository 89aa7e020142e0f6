"""Homes of event records: what was read there, our links in it, and what operators are told of both."""
