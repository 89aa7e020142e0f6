"""Outgoing webhooks: signed messages to the URLs in the settings."""

from .messages import Message, Webhook, new_message_id, sign
from .patience import ATTEMPTS, next_attempt
from .sending import Answer, Sender

__all__ = [
    "ATTEMPTS",
    "Answer",
    "Message",
    "Sender",
    "Webhook",
    "new_message_id",
    "next_attempt",
    "sign",
]
