"""All tables. The migrations create them, and a test checks that both agree."""

from .accounts import account_stop, budget, host, host_day, token
from .base import metadata
from .identity import api_token, audit, pace, session, site_user
from .outgoing import delivery, webhook_stop
from .records import (
    approval,
    binding,
    booking,
    contact,
    event,
    event_change,
    event_text,
    instance,
    notification,
    publication,
    recording,
    seat,
    unbound_webinar,
    withheld,
)
from .utc_type import Moment
from .work import alert, effect, meta, run, schedule_setting, tick, zoom_call

__all__ = [
    "Moment",
    "account_stop",
    "alert",
    "api_token",
    "approval",
    "audit",
    "binding",
    "booking",
    "budget",
    "contact",
    "delivery",
    "effect",
    "event",
    "event_change",
    "event_text",
    "host",
    "host_day",
    "instance",
    "meta",
    "metadata",
    "notification",
    "pace",
    "publication",
    "recording",
    "run",
    "schedule_setting",
    "seat",
    "session",
    "site_user",
    "tick",
    "token",
    "unbound_webinar",
    "webhook_stop",
    "withheld",
    "zoom_call",
]
