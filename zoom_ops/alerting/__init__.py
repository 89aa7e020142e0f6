"""Telling operators of problems: what is told when and in which words, pure; and the sender of messages."""
