"""The order of all events in their lists, in memory: a search asks the database only which texts have its words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, Text, cast, func, select

from ..tables import event, event_text
from .pages import Totals
from .texts import Texts

MOST_ORDERED = 30_000  # events; each takes some 250 bytes here. Lists of more events are read from the database
_TEXTS = event.join(event_text, event_text.c.event_id == event.c.id)
_ALWAYS_NAMED = "listed"


@dataclass(frozen=True, kw_only=True)
class Order:
    """The texts of all events, by their numbers in the index, in the order of both lists at a moment."""

    coming: tuple[str, ...]  # the next first
    past: tuple[str, ...]  # the latest first
    are_coming: frozenset[str]
    hidden: Mapping[str, frozenset[str]]  # by visibility: those that are not listed
    events: tuple[str, ...]  # those to come, and then those over
    places: Mapping[str, int]  # of each text: where its event is among these
    every: str  # their numbers, ascending, each with a comma behind it

    def choose(self, texts: Texts, visibilities: Collection[str]) -> Texts:
        """Return those of some texts whose events have one of these visibilities."""
        for visibility, hidden in self.hidden.items():
            if visibility not in visibilities:
                texts = texts.without(hidden)
        return texts

    def count(self, texts: Texts) -> Totals:
        """Count the events of some texts."""
        coming = texts.count(self.are_coming)
        return Totals(coming=coming, past=texts.size(len(self.events)) - coming)

    def page(self, texts: Texts, *, past: bool, limit: int, offset: int) -> tuple[str, ...]:
        """Return the ids of a page of the events of some texts, as `find_page` finds them."""
        half = self.past if past else self.coming
        if not texts.are_left_out and len(texts.numbers) * 8 < len(half):  # few are sorted sooner than all looked at
            first = len(self.coming)
            known = (self.places[text] for text in texts.numbers if text in self.places)  # one may have come meanwhile
            places = sorted(place for place in known if (place >= first) == past)
        else:
            places = [self.places[text] for text in islice(texts.pick(half), offset + limit)]
        return tuple(self.events[place] for place in places[offset : offset + limit])


def load_order(connection: Connection, now: datetime, most: int = MOST_ORDERED) -> Order | None:
    """Load the order of all events at a moment; None if there are more than `most`."""
    counted = select(func.count()).select_from(select(event.c.id).limit(most + 1).subquery())
    if (connection.scalar(counted) or 0) > most:
        return None
    halves = [_load_half(connection, now, past=past) for past in (False, True)]
    coming, past = (tuple(texts) for texts, _, _ in halves)
    hidden: dict[str, set[str]] = {}
    for texts, _, visibilities in halves:
        for text, visibility in zip(texts, visibilities, strict=True):
            if visibility != _ALWAYS_NAMED:
                hidden.setdefault(visibility, set()).add(text)
    every = sorted(map(int, (*coming, *past)))
    return Order(
        coming=coming,
        past=past,
        are_coming=frozenset(coming),
        hidden={visibility: frozenset(texts) for visibility, texts in hidden.items()},
        events=tuple(event_id for _, events, _ in halves for event_id in events),
        places={text: place for place, text in enumerate((*coming, *past))},
        every="".join(f"{number}," for number in every),
    )


def _load_half(connection: Connection, now: datetime, *, past: bool) -> tuple[list[str], list[str], list[str]]:
    """Load the texts, the events and their visibilities, in one row: the quickest way."""
    half, start = (event.c.end_at <= now, event.c.start_at.desc()) if past else (event.c.end_at > now, event.c.start_at)
    number = cast(event_text.c.id, Text).label("number")
    query = select(number, *event.c["id", "visibility"]).select_from(_TEXTS).where(half)
    query = query.order_by(start, event.c.id).with_hint(event, "INDEXED BY ix_event_listed", "sqlite")
    columns = query.subquery().c
    row = connection.execute(select(*(func.aggregate_strings(column, ",") for column in columns))).one()
    texts, events, visibilities = (text.split(",") if text else [] for text in row)
    return texts, events, visibilities
