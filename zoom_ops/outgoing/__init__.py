"""Outgoing webhooks: signed messages to the URLs in the settings."""

from .kinds import KINDS, TEST, kind_of
from .messages import Message, Webhook, new_message_id, sign
from .patience import ATTEMPTS, next_attempt
from .sending import Answer, Sender

__all__ = [
    "ATTEMPTS",
    "KINDS",
    "TEST",
    "Answer",
    "Message",
    "Sender",
    "Webhook",
    "kind_of",
    "new_message_id",
    "next_attempt",
    "sign",
]
