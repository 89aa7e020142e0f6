"""The order of all events in their lists, in memory: a search asks the database only which texts have its words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, func, select

from ..tables import event, event_text
from .pages import Totals

MOST_ORDERED = 30_000  # events; each takes some 200 bytes here. Lists of more events are read from the database
_TEXTS = event.join(event_text, event_text.c.event_id == event.c.id)


@dataclass(frozen=True, kw_only=True)
class Order:
    """The texts of all events, by their numbers in the index, in the order of both lists at a moment."""

    coming: tuple[str, ...]  # the next first
    past: tuple[str, ...]  # the latest first
    are_coming: frozenset[str]
    by_visibility: Mapping[str, frozenset[str]]
    events: tuple[str, ...]  # those to come, and then those over
    places: Mapping[str, int]  # of each text: where its event is among these

    def choose(self, found: frozenset[str], visibilities: Collection[str]) -> frozenset[str]:
        """Return those of some texts whose events have one of these visibilities."""
        for visibility, texts in self.by_visibility.items():
            if visibility not in visibilities and not found.isdisjoint(texts):
                found -= texts
        return found

    def count(self, texts: frozenset[str]) -> Totals:
        """Count the events of some texts."""
        coming = len(texts & self.are_coming)
        return Totals(coming=coming, past=len(texts) - coming)

    def page(self, texts: frozenset[str], *, past: bool, limit: int, offset: int) -> tuple[str, ...]:
        """Return the ids of a page of the events of some texts, as `find_page` finds them."""
        half = self.past if past else self.coming
        if len(texts) * 8 < len(half):  # few are sorted more quickly than all are looked at
            first = len(self.coming)
            known = (self.places[text] for text in texts if text in self.places)  # one may have come meanwhile
            places = sorted(place for place in known if (place >= first) == past)
        else:
            places = [self.places[text] for text in islice(filter(texts.__contains__, half), offset + limit)]
        return tuple(self.events[place] for place in places[offset : offset + limit])


def load_order(connection: Connection, now: datetime, most: int = MOST_ORDERED) -> Order | None:
    """Load the order of all events at a moment; None if there are more than `most`."""
    counted = select(func.count()).select_from(select(event.c.id).limit(most + 1).subquery())
    if (connection.scalar(counted) or 0) > most:
        return None
    halves = [_load_half(connection, now, past=past) for past in (False, True)]
    coming, past = (tuple(text for text, _, _ in half) for half in halves)
    by_visibility: dict[str, set[str]] = {}
    for text, _, visibility in (*halves[0], *halves[1]):
        by_visibility.setdefault(visibility, set()).add(text)
    return Order(
        coming=coming,
        past=past,
        are_coming=frozenset(coming),
        by_visibility={visibility: frozenset(texts) for visibility, texts in by_visibility.items()},
        events=tuple(event_id for half in halves for _, event_id, _ in half),
        places={text: place for place, text in enumerate((*coming, *past))},
    )


def _load_half(connection: Connection, now: datetime, *, past: bool) -> list[tuple[str, str, str]]:
    half, start = (event.c.end_at <= now, event.c.start_at.desc()) if past else (event.c.end_at > now, event.c.start_at)
    query = select(event_text.c.id, event.c.id, event.c.visibility).select_from(_TEXTS).where(half)
    query = query.order_by(start, event.c.id).with_hint(event, "INDEXED BY ix_event_listed", "sqlite")
    return [(str(number), event_id, visibility) for number, event_id, visibility in connection.execute(query)]
