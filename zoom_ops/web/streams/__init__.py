"""Streams of changes to open pages: how they are sent, and how many there may be."""
