"""Outgoing webhooks and their messages."""

from datetime import datetime
from typing import Literal

from .base import Answer, Page


class Delivery(Answer):
    """A message to a webhook, and what became of it."""

    id: str
    webhook: str
    type: str
    event: str
    at: datetime
    state: Literal["waiting", "taken", "failed", "skipped"]
    attempts: int
    next_at: datetime | None
    tried_at: datetime | None
    status: int | None
    answer: str | None


class DeliveryPage(Page):
    """A page of the messages."""

    deliveries: tuple[Delivery, ...]


class Webhook(Answer):
    """A webhook of another system."""

    name: str
    url: str
    kinds: tuple[str, ...]
    audience: str
    groups: tuple[str, ...]
    state: Literal["new", "working", "failing", "stopped"]
    waiting: int
    failed: int
    taken: int
    latest: Delivery | None


class WebhookPage(Page):
    """A page of the webhooks."""

    webhooks: tuple[Webhook, ...]


class WebhookTest(Answer):
    """What a webhook answered to a test message."""

    webhook: str
    taken: bool
    status: int | None
    answer: str


class MessagesRetried(Answer):
    """How many messages are sent again."""

    messages: int
