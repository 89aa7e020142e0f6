"""The events that wait while an account or the whole service stands still, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from ..messages import Message
from ..messages import alerts as say
from ..store.coming import WaitingEvent, count_waiting, list_waiting

if TYPE_CHECKING:
    from .context import Context  # it brings the Zoom client, and a list of alerts needs none

_NAMED = 3


def write_utc(moment: datetime) -> str:
    """Write a moment as sentences do."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def load_waiting(
    context: Context,
    connection: Connection,
    account: str | None = None,
    *,
    write: Callable[[datetime], str] = write_utc,
) -> str:
    """Say how many events to come wait for a webinar or a change, and which begin first; empty where none does.

    `account`: only those of one account.
    """
    whose = None if account is None else (account, context.default_account == account)
    now = context.database.now(connection)
    events = list_waiting(connection, now, whose, limit=_NAMED)
    count = count_waiting(connection, now, whose) if len(events) == _NAMED else len(events)
    if not count:
        return ""
    return f"{count} {'event waits' if count == 1 else 'events wait'} for that: {name_events(events, count, write)}."


def list_first(events: Sequence[WaitingEvent]) -> Message:
    """Name the first events with their start, and say how many more there are."""
    named = tuple(say.AN_EVENT(event=event.name, start=event.start) for event in events[:_NAMED])
    more = len(events) - len(named)
    return say.EVENTS_AND_MORE(events=named, more=more) if more else say.EVENTS(events=named)


def name_events(
    events: Sequence[WaitingEvent], count: int | None = None, write: Callable[[datetime], str] = write_utc
) -> str:
    """Name the first events with their start, and say how many more there are."""
    named = ", ".join(f"{event.name} ({write(event.start)})" for event in events[:_NAMED])
    more = (len(events) if count is None else count) - min(len(events), _NAMED)
    return f"{named} and {more} more" if more > 0 else named
