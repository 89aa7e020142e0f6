"""The lists that match a filter, as one reader may see them at a moment."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, or_

from ....access import LiveStatus, Reader, Shown, show_event
from ....events import Event
from ....profiles import Profile
from ....store.event_queries import (
    IS_DRAFT,
    IS_LISTED,
    IS_UNLISTED,
    Choices,
    ProgrammeFilter,
    is_recorded,
    iter_conditions,
    load_gates,
)
from ....store.full_text import find_texts
from ....store.lists.order import Order, load_order
from ....store.lists.pages import Totals, count_listed, find_events, find_page
from ....store.recordings import load_publications
from ..live_status import load_live_statuses
from ..standing import may_be_on
from .kept import Kept

_HAS = {"listed": IS_LISTED, "unlisted": IS_UNLISTED, "draft": IS_DRAFT}
_ShownKey = tuple[str, Reader, tuple[str, ...]]  # an event, its reader, and the fields that stay empty


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list of events. The live status is that of those events only whose phase depends on it."""

    events: tuple[Shown, ...]
    total: int
    offset: int
    limit: int


@dataclass(frozen=True, kw_only=True)
class ProgrammeLists:
    """A page of the events to come, one of those over, and what to filter by."""

    coming: Page
    past: Page
    choices: Choices
    next_end: datetime | None  # when the next event ends, and goes from one list to the other


@dataclass(frozen=True, kw_only=True)
class Window:
    """Which page of which list."""

    past: bool
    limit: int
    offset: int


@dataclass(frozen=True, kw_only=True)
class Lists:
    """What `reader` sees of the events that match `wanted` and that a list may name to `named_to`.

    `unread`: fields of events that nobody reads in these lists; they stay empty.
    """

    connection: Connection
    kept: Kept
    now: datetime
    reader: Reader
    wanted: ProgrammeFilter
    named_to: Reader
    unread: tuple[str, ...] = ()

    def pages(
        self, windows: tuple[Window, ...], profiles: Mapping[str, Profile], margin: timedelta
    ) -> tuple[Page, ...]:
        """Return some pages. `profiles`, `margin`: as of `load_live_statuses`."""
        totals, ids = self.kept.get((self._asked, windows), lambda: self._find(windows))
        shown = self._show([event_id for page in ids for event_id in page])
        named = _visibilities(self.named_to)  # an event may have been hidden since it was found
        shown = {event_id: each for event_id, each in shown.items() if each.event.visibility in named}
        statuses = self._load_statuses([each.event for each in shown.values()], profiles, margin)
        return tuple(
            Page(
                events=tuple(_with_status(shown[each], statuses) for each in page if each in shown),
                total=_total_of(window, totals),
                offset=window.offset,
                limit=window.limit,
            )
            for window, page in zip(windows, ids, strict=True)
        )

    @property
    def _asked(self) -> tuple[Hashable, ...]:
        """All that decides which events are found: the reader only if recordings count, or drafts."""
        return self.wanted, _visibilities(self.named_to), self.reader if self.wanted.recorded else None

    def _show(self, ids: Sequence[str]) -> dict[str, Shown]:
        """Return some events as the reader may see them, by id."""
        shown = self.kept.get_each([(each, self.reader, self.unread) for each in ids], self._load)
        return {event_id: value for (event_id, *_), value in shown.items()}

    def _load(self, keys: Sequence[_ShownKey]) -> dict[_ShownKey, Shown]:
        ids = [event_id for event_id, *_ in keys]
        published = load_publications(self.connection, ids)
        return {
            (event.id, self.reader, self.unread): show_event(event, published.get(event.id, ()), self.reader)
            for event in find_events(self.connection, ids, self.unread)
        }

    def _find(self, windows: Iterable[Window]) -> tuple[Totals, tuple[tuple[str, ...], ...]]:
        """Count the events, and find the ids of those on some pages."""
        words = self.wanted.words
        order = self._load_order() if words and self.wanted == ProgrammeFilter(words=words) else None
        if order is None:
            totals = self.kept.get(self._asked, self._count)
            return totals, tuple(
                self._find_page(each) if each.offset < _total_of(each, totals) else () for each in windows
            )
        texts = order.choose(find_texts(self.connection, words), _visibilities(self.named_to))
        pages = (order.page(texts, past=each.past, limit=each.limit, offset=each.offset) for each in windows)
        return order.count(texts), tuple(pages)

    def _load_order(self) -> Order | None:
        return self.kept.get("order", lambda: load_order(self.connection, self.now))

    def _find_page(self, window: Window) -> tuple[str, ...]:
        return find_page(
            self.connection,
            self.now,
            self._conditions(),
            found=bool(self.wanted.words),
            past=window.past,
            limit=window.limit,
            offset=window.offset,
        )

    def _count(self) -> Totals:
        return count_listed(self.connection, self.now, self._conditions(), found=bool(self.wanted.words))

    def _conditions(self) -> tuple[ColumnElement[bool], ...]:
        named = _visibilities(self.named_to)
        where = tuple(iter_conditions(self.connection, self.wanted))
        where += (or_(*(_HAS[each] for each in named)),) if len(named) < len(_HAS) else ()
        if not self.wanted.recorded:
            return where
        # only recordings of this reader count
        gates = [gate for gate in load_gates(self.connection) if self.reader.may_pass(gate)]
        return (*where, is_recorded(gates, only_public=self.reader.role == "visitor"))

    def _load_statuses(
        self, events: Iterable[Event], profiles: Mapping[str, Profile], margin: timedelta
    ) -> dict[str, LiveStatus]:
        """Load the live status of those events whose phase depends on it."""
        on = [event for event in events if may_be_on(event, self.now)]
        return load_live_statuses(self.connection, on, profiles, margin) if on else {}


def _total_of(window: Window, totals: Totals) -> int:
    return totals.past if window.past else totals.coming


def _with_status(shown: Shown, statuses: Mapping[str, LiveStatus]) -> Shown:
    status = statuses.get(shown.event.id)
    return replace(shown, live_status=status) if status else shown


def _visibilities(reader: Reader) -> tuple[str, ...]:
    """Return the visibilities of the events that a list may name to a reader."""
    if reader.operates:
        return tuple(_HAS)
    return ("listed", "draft") if reader.reads_drafts else ("listed",)
