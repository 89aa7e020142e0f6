"""Webhooks: messages to other systems."""
