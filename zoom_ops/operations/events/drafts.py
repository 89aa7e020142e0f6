"""The drafts, as authors and operators look at them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from ...access import Reader
from ...events import Event
from ...store.audit import Actor, load_latest
from ...store.event_queries import EventFilter, count_filtered, page_events
from ...store.events import load_events
from ..context import Context
from .undoing import EDITS, is_undoable


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """A draft, with the line of the audit that says who wrote it last, if there is one."""

    event: Event
    written: Row[Any] | None
    doubts: int  # those that the reader may answer
    undoable: bool  # by whoever asks


def list_drafts(
    context: Context, by: Actor, reader: Reader, words: str, *, limit: int, offset: int
) -> tuple[tuple[DraftRow, ...], int]:
    """Return a page of the drafts that have all words, by start, and the number of all of them."""
    filters, now = EventFilter(words=words, drafts=True), context.clock.now()
    with context.database.read() as connection:
        found = page_events(connection, filters, now, limit=limit, offset=offset)
        total = count_filtered(connection, filters, now)
        events = load_events(connection, [row.id for row in found])
        written = load_latest(connection, "event", [event.id for event in events], (*EDITS, "event_drafted"))
        own = [each for each in events if (line := written.get(each.id)) and (line.who, line.how) == (by.name, by.how)]
        undoable = {each.id for each in own if is_undoable(connection, each, by, own=True)}
    return tuple(
        DraftRow(
            event=event,
            written=written.get(event.id),
            doubts=sum(reader.may_answer(note.field) for note in event.needs_review),
            undoable=event.id in undoable,
        )
        for event in events
    ), total
