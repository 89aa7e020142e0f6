"""Answers that are the same for everybody without an account: rendered once, and given while they are right."""
