"""The lists that match a filter, as one reader may see them at a moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, or_

from ....access import LiveStatus, Reader, Shown, show_event
from ....events import Event
from ....profiles import Profile
from ....store.event_queries import (
    IS_DRAFT,
    IS_LISTED,
    Choices,
    ProgrammeFilter,
    is_recorded,
    iter_conditions,
    load_gates,
)
from ....store.lists.pages import Totals, count_listed, find_events, find_page
from ....store.recordings import load_publications
from ..live_status import load_live_statuses
from ..standing import may_be_on
from .kept import Kept


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
        asked = self.reader, self.wanted, self.named_to
        totals = self.kept.get(asked, self._count)
        events = self.kept.get((*asked, windows, self.unread), lambda: self._load(windows, totals), weigh=_count_events)
        statuses = self._load_statuses((shown.event for page in events for shown in page), profiles, margin)
        return tuple(
            Page(
                events=tuple(_with_status(each, statuses) for each in shown) if statuses else shown,
                total=_total_of(window, totals),
                offset=window.offset,
                limit=window.limit,
            )
            for window, shown in zip(windows, events, strict=True)
        )

    def _load(self, windows: Iterable[Window], totals: Totals) -> tuple[tuple[Shown, ...], ...]:
        pages = [self._find(window) if window.offset < _total_of(window, totals) else () for window in windows]
        ids = [event_id for page in pages for event_id in page]
        events = {event.id: event for event in find_events(self.connection, ids, self.unread)}
        published = load_publications(self.connection, ids) if ids else {}
        return tuple(
            tuple(show_event(events[each], published.get(each, ()), self.reader) for each in page if each in events)
            for page in pages
        )

    def _find(self, window: Window) -> tuple[str, ...]:
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
        where = (*iter_conditions(self.connection, self.wanted), *_named_to(self.named_to))
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


def _count_events(pages: tuple[tuple[Shown, ...], ...]) -> int:
    return 1 + sum(map(len, pages))


def _named_to(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the events that a list may name to a reader."""
    if reader.operates:
        return ()
    return (or_(IS_LISTED, IS_DRAFT) if reader.reads_drafts else IS_LISTED,)
