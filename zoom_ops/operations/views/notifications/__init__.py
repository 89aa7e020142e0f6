"""Notifications, for operators."""
