"""Notifications from Zoom."""

from datetime import datetime
from typing import Any

from .base import Answer, Page


class Notification(Answer):
    """What Zoom sent to our webhook address."""

    id: int
    account: str
    kind: str
    state: str
    event: str | None
    webinar: int | None
    uuid: str | None
    occurred: datetime | None
    received: datetime


class NotificationPage(Page):
    """A page of the notifications."""

    notifications: tuple[Notification, ...]


class NotificationDetail(Notification):
    """A notification with its body, in which whatever may be secret is hidden."""

    rings: tuple[str, ...]
    body: Any


class Replay(Answer):
    """What it does to ring the jobs of a notification once more."""

    notification: int
    event: str
    rings: tuple[str, ...]
    effects: tuple[str, ...]
