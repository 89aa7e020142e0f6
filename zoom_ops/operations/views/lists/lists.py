"""The lists that match a filter, as one reader may see them at a moment."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

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
from ....store.lists.facets import Facet, Value, load_facet
from ....store.lists.facets import Name as FacetName
from ....store.lists.gates import read_gate
from ....store.lists.order import Order, load_order
from ....store.lists.pages import Totals, count_listed, find_events, find_page
from ....store.lists.texts import EVERY, Texts, read_texts
from ....store.recordings import load_publications
from ..live_status import load_live_statuses
from ..standing import may_be_on
from .cards import Card, load_cards
from .kept import ORDER, Kept

_HAS = {"listed": IS_LISTED, "unlisted": IS_UNLISTED, "draft": IS_DRAFT}
_Each = TypeVar("_Each", Shown, Card)
_Any = TypeVar("_Any")
_Key = tuple[str, str, Hashable]  # a form, an event, and who reads it
_Found = tuple[Totals, tuple[tuple[str, ...], ...]]  # how many there are, and the ids of those on some pages


@dataclass(frozen=True, kw_only=True)
class Page(Generic[_Each]):
    """One page of a list of events. The live status is that of those events only whose phase depends on it."""

    events: tuple[_Each, ...]
    total: int
    offset: int
    limit: int


@dataclass(frozen=True, kw_only=True)
class ProgrammeLists:
    """A page of the events to come, one of those over, and what to filter by."""

    coming: Page[Card]
    past: Page[Card]
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

    `profiles`, `margin`: as of `load_live_statuses`.
    """

    connection: Connection
    kept: Kept
    now: datetime
    reader: Reader
    wanted: ProgrammeFilter
    named_to: Reader
    profiles: Mapping[str, Profile]
    margin: timedelta
    found: str | None = None  # the texts that have the words, where they came with the version

    def pages(self, windows: tuple[Window, ...]) -> tuple[Page[Shown], ...]:
        """Return some pages of whole events, which are not kept: one may hold half a megabyte."""
        totals, ids = self._find_kept(windows)
        shown = self._show(_all(ids))
        statuses = self._load_statuses([each.event for each in shown.values() if may_be_on(each.event, self.now)])
        named = _visibilities(self.named_to)  # they may have been hidden since they were found
        listed = {each: _with_status(one, statuses) for each, one in shown.items() if one.event.visibility in named}
        return _fill(windows, totals, ids, listed)

    def cards(self, windows: tuple[Window, ...]) -> tuple[Page[Card], ...]:
        """Return some pages of cards."""
        totals, ids = self._find_kept(windows)
        cards = self._keep("card", _all(ids), lambda missing: load_cards(self.connection, missing, self.reader))
        on = self._keep("event", [each for each, card in cards.items() if may_be_on(card, self.now)], self._find_events)
        statuses = self._load_statuses(on.values())
        named = _visibilities(self.named_to)
        listed = {each: _with_status(card, statuses) for each, card in cards.items() if card.visibility in named}
        return _fill(windows, totals, ids, listed)

    def _find_kept(self, windows: tuple[Window, ...]) -> _Found:
        return self.kept.get((self._asked, windows), lambda: self._find(windows))

    @property
    def _asked(self) -> Hashable:
        return asked_by(self.reader, self.wanted, self.named_to)

    def _keep(
        self, what: str, ids: Sequence[str], load: Callable[[Sequence[str]], Mapping[str, _Any]]
    ) -> dict[str, _Any]:
        """Return what the reader sees of some events, by id: what is kept, and what is loaded."""
        who = self.reader
        reader: Hashable = (who.role, who.groups, who.drafts, who.recordings)  # of these the hash is quick

        def load_keys(keys: Sequence[_Key]) -> dict[_Key, _Any]:
            return {(what, each, reader): value for each, value in load([key[1] for key in keys]).items()}

        kept = self.kept.get_each([(what, each, reader) for each in ids], load_keys)
        return {key[1]: value for key, value in kept.items()}

    def _show(self, ids: Sequence[str]) -> dict[str, Shown]:
        published = load_publications(self.connection, ids)
        return {
            event.id: show_event(event, published.get(event.id, ()), self.reader)
            for event in find_events(self.connection, ids)
        }

    def _find_events(self, ids: Sequence[str]) -> dict[str, Event]:
        return {event.id: event for event in find_events(self.connection, ids)}

    def _find(self, windows: Iterable[Window]) -> tuple[Totals, tuple[tuple[str, ...], ...]]:
        """Count the events, and find the ids of those on some pages."""
        is_indexed = self.wanted == ProgrammeFilter(series=self.wanted.series)  # all events, or those of a series
        order = None if is_indexed else self._load_order()
        if order is None:
            totals = self.kept.get(self._asked, self._count)
            return totals, tuple(
                self._find_page(each) if each.offset < _total_of(each, totals) else () for each in windows
            )
        texts = self._choose(order)
        pages = (order.page(texts, past=each.past, limit=each.limit, offset=each.offset) for each in windows)
        return order.count(texts), tuple(pages)

    def _choose(self, order: Order) -> Texts:
        """Return the texts of the events that match, as `_conditions` says."""
        words = self.wanted.words
        found = find_texts(self.connection, words) if words and self.found is None else self.found
        texts = read_texts(found or "", order.every) if words else EVERY
        for name, values in self._iter_facets(order):
            texts = texts.both(self._load_facet(order, name).choose(values))
        return order.choose(texts, _visibilities(self.named_to))

    def _iter_facets(self, order: Order) -> Iterator[tuple[FacetName, Collection[Value]]]:
        """Yield what the filter asks about, with the values that pass."""
        wanted = self.wanted
        if wanted.series:
            yield "series_slug", (wanted.series,)
        if wanted.language:
            yield "language", (wanted.language,)
        if wanted.year is not None:
            yield "year", (wanted.year,)
        if wanted.recorded:
            yield "published", ("public",) if self.reader.role == "visitor" else ("public", "members")
            gates = self._load_facet(order, "recording_gate").by_value
            yield "recording_gate", [gate for gate in gates if self.reader.may_pass(read_gate(str(gate)))]

    def _load_facet(self, order: Order, name: FacetName) -> Facet:
        return self.kept.get(("facet", name), lambda: load_facet(self.connection, name, order))

    def _load_order(self) -> Order | None:
        return self.kept.get(ORDER, lambda: load_order(self.connection, self.now))

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

    def _load_statuses(self, on: Collection[Event]) -> dict[str, LiveStatus]:
        """Load the live status of events whose phase depends on it."""
        return load_live_statuses(self.connection, on, self.profiles, self.margin) if on else {}


def asked_by(reader: Reader, wanted: ProgrammeFilter, named_to: Reader) -> Hashable:
    """Return all that decides which events are found: the reader only if recordings count, or drafts."""
    return wanted, _visibilities(named_to), reader if wanted.recorded else None


def _all(pages: tuple[tuple[str, ...], ...]) -> list[str]:
    return [event_id for page in pages for event_id in page]


def _fill(
    windows: tuple[Window, ...], totals: Totals, pages: tuple[tuple[str, ...], ...], listed: Mapping[str, _Each]
) -> tuple[Page[_Each], ...]:
    return tuple(
        Page(
            events=tuple(listed[each] for each in ids if each in listed),
            total=_total_of(window, totals),
            offset=window.offset,
            limit=window.limit,
        )
        for window, ids in zip(windows, pages, strict=True)
    )


def _total_of(window: Window, totals: Totals) -> int:
    return totals.past if window.past else totals.coming


def _with_status(each: _Each, statuses: Mapping[str, LiveStatus]) -> _Each:
    if not statuses:
        return each
    status = statuses.get(each.id if isinstance(each, Card) else each.event.id)
    return replace(each, live_status=status) if status else each


def _visibilities(reader: Reader) -> tuple[str, ...]:
    """Return the visibilities of the events that a list may name to a reader."""
    if reader.operates:
        return tuple(_HAS)
    return ("listed", "draft") if reader.reads_drafts else ("listed",)
