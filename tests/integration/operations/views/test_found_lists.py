"""A search lists what a slow reading of all events finds, page by page, for every reader, and follows each change."""

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from tests.builders import NOW, RECORDING_EXPECTED, a_publication, a_recording, an_event
from tests.web_site import Site
from tests.web_states import WHOLE
from zoom_ops.access import ANY_MEMBER, AUTHOR, OPERATOR, VISITOR, Reader
from zoom_ops.events import Event
from zoom_ops.operations.views.lists import lists
from zoom_ops.operations.views.lists.cards import load_cards, make_card
from zoom_ops.store.db.connect import Database
from zoom_ops.store.event_queries import ProgrammeFilter
from zoom_ops.store.full_text import searched_texts, words_of
from zoom_ops.store.lists.order import load_order

pytestmark = pytest.mark.both_databases

NAMES = (
    "Tides",
    "Höchststände",
    "Łódź harbour",
    "المدّ والجزر",
    "الموانئ tides",
    "海平面上升",
    "Débats tidal",
    "TIDES w1 w12",
    "w120 w121 w122 w123",
)
QUERIES: dict[str, tuple[tuple[str, ...], str]] = {  # as the index has them: whole words, and the beginning of one
    "tides": ((), "tides"),
    "tid": ((), "tid"),
    "w1 TIDES": (("w1",), "tides"),
    "tides W1": (("tides",), "w1"),
    "hochst": ((), "hochst"),
    "Lodz": ((), "lodz"),
    "المد": ((), "المد"),
    "tides الموان": (("tides",), "الموان"),
    "平面": (("平面",), ""),
    "w12": ((), "w12"),  # more words begin so than are looked up one by one
    "tides w120": (("tides",), "w120"),
    "zebra": ((), "zebra"),
}
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"language": "en"},
    {"series": "tides", "year": 2040},
    {"recorded": True},
    {"recorded": True, "language": "fr", "year": 2039},
    {"series": "harbour-talks", "recorded": True},
    {"year": 1999},
)
FOR_MEMBERS = RECORDING_EXPECTED.model_copy(update={"visibility": "members"})
FOR_THE_BOARD = FOR_MEMBERS.model_copy(update={"groups": ("Board",)})
BOARD = Reader(role="member", groups=("Board",))
CHANGED = ("tides", "zebra")  # what changes of events change
READERS = (VISITOR, AUTHOR, OPERATOR)
LIMIT, PAGES = 4, 2


@pytest.fixture
def events(database: Database) -> dict[str, Event]:
    """Events of each visibility, some of which begin at one moment."""
    chance = random.Random("found")
    made = [_make(f"e{chance.randrange(10**6)}", chance) for _ in range(40)]
    site = Site(database)
    site.save(*made)
    for event in made[::2]:
        visibility, uuid = chance.choice(("public", "members")), f"{event.id}=="
        site.publish(event, a_publication(recording_uuid=uuid, visibility=visibility), a_recording(uuid=uuid))
    return {event.id: event for event in made}


def _make(event_id: str, chance: random.Random) -> Event:
    start = NOW + timedelta(hours=chance.randrange(-8, 8))
    plain: dict[str, Any] = {"series": chance.choice((None, "Tides", "Harbour talks")), "description": ""}
    plain |= {"performers": (), "organizers": (), "language": chance.choice(("en", "en", "fr"))}
    plain["attachments"] = chance.choice(((), (RECORDING_EXPECTED,), (FOR_MEMBERS,), (FOR_THE_BOARD,)))
    visibility = chance.choice(("listed", "listed", "unlisted", "draft"))
    end = start + timedelta(hours=chance.randrange(1, 5))
    return an_event(id=event_id, name=chance.choice(NAMES), start=start, end=end, visibility=visibility, **plain)


def test_search_lists_what_a_slow_reading_finds(database: Database, events: dict[str, Event]) -> None:
    site = Site(database)

    assert _find_all(site, QUERIES) == _read_all(events, QUERIES)

    for changed in _changes(events):
        site.save(changed)
        events[changed.id] = changed
        assert _find_all(site, CHANGED) == _read_all(events, CHANGED)


def _changes(events: dict[str, Event]) -> Iterator[Event]:
    """Yield an event that is new, one that is another's words, one that moves, and one that nobody may find now."""
    listed = [event for event in events.values() if event.visibility == "listed"]
    yield listed[0].model_copy(update={"id": "new"})
    yield listed[1].model_copy(update={"name": "Zebra"})
    yield listed[2].model_copy(update={"start": NOW - timedelta(days=1), "end": NOW})
    yield listed[3].model_copy(update={"visibility": "draft"})


def _find_all(site: Site, queries: Iterable[str]) -> dict[Any, Any]:
    return {
        (query, reader, past): [_find(site, reader, past, ProgrammeFilter(words=query), page) for page in range(PAGES)]
        for query, reader, past in product(queries, READERS, (False, True))
    }


def test_filters_in_memory_find_what_the_database_finds(
    database: Database, events: dict[str, Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_memory = _filter_all(Site(database))
    monkeypatch.setattr(lists, "load_order", lambda *_: None)  # as if there were too many events

    assert _filter_all(Site(database)) == in_memory
    assert len({tuple(map(tuple, (ids for ids, _ in pages))) for pages in in_memory.values()}) > len(FILTERS)


def _filter_all(site: Site) -> dict[Any, Any]:
    asked = product(("", "tides"), range(len(FILTERS)), (VISITOR, ANY_MEMBER, BOARD, OPERATOR), (False, True))
    return {
        (words, which, reader, past): [
            _find(site, reader, past, ProgrammeFilter(words=words, **FILTERS[which]), page) for page in range(PAGES)
        ]
        for words, which, reader, past in asked
    }


def _find(site: Site, reader: Reader, past: bool, wanted: ProgrammeFilter, page: int) -> tuple[list[str], int]:
    how = {"past": past, "limit": LIMIT, "offset": page * LIMIT}
    found = site.services.programme.list_events(reader, wanted=wanted, **how)
    return [shown.event.id for shown in found.events], found.total


def _read_all(events: dict[str, Event], queries: Iterable[str]) -> dict[Any, Any]:
    read = {}
    for query, reader, past in product(queries, READERS, (False, True)):
        matching = [event for event in events.values() if _matches(event, query) and _may_name(event, reader)]
        half = sorted((event for event in matching if (event.end <= NOW) == past), key=lambda event: event.id)
        half.sort(key=lambda event: event.start, reverse=past)
        ids = [event.id for event in half]
        read[query, reader, past] = [(ids[first : first + LIMIT], len(ids)) for first in range(0, PAGES * LIMIT, LIMIT)]
    return read


def _matches(event: Event, query: str) -> bool:
    words, (whole, beginning) = words_of(searched_texts(event)), QUERIES[query]
    return set(whole) <= set(words) and any(word.startswith(beginning) for word in words)


def _may_name(event: Event, reader: Reader) -> bool:
    return event.visibility == "listed" or reader.operates or (event.visibility == "draft" and reader.reads_drafts)


def test_more_events_than_fit_are_read_from_the_database(database: Database, events: dict[str, Event]) -> None:
    with database.read() as connection:
        orders = [load_order(connection, NOW, most=most) for most in (len(events), len(events) - 1)]

    assert [order is not None for order in orders] == [True, False]


def test_card_is_that_of_the_whole_record(database: Database) -> None:
    site, odd = Site(database), 'a "quoted" \\ 😀 الموانئ'
    events = [
        an_event(**WHOLE | {"id": "whole"}),
        an_event(id="plain", name=odd, series=None, organizers=(), attachments=()),
        an_event(id="odd", series=odd, attachments=(RECORDING_EXPECTED, FOR_THE_BOARD)),
    ]
    site.save(*events)
    for each in events[1:]:
        site.publish(each, a_publication(recording_uuid=f"{each.id}=="), a_recording(uuid=f"{each.id}=="))
    published = {"whole": (), "plain": ("public",), "odd": ("public",)}

    with database.read() as connection:
        for reader in READERS:
            cards = load_cards(connection, ["odd", "none", "plain", "whole", "o'\""], reader)

            assert cards == {each.id: make_card(each.to_json(), published[each.id], reader) for each in events}
