"""New recordings as a feed: it has what feed readers need, and the id of an entry stays the same."""

from dataclasses import replace
from datetime import timedelta

import feedparser

from tests.builders import BASE_URL, END, HARBOUR_INSTITUTE, INSTALLATION, a_publication
from tests.unit.web.feeds.offered import PAGE, PUBLISHER, a_shown
from zoom_ops.licence import make_licence
from zoom_ops.operations.views.feeds import Released
from zoom_ops.web.feeds.atom import write_feed
from zoom_ops.web.feeds.publisher import Publisher
from zoom_ops.web.i18n.language import ENGLISH

FIRST = a_publication(title="Recording, part 1")
SECOND = a_publication(recording_uuid="second", part=2, title="Recording, part 2", published_at=END + timedelta(days=1))


def released(**changes: object) -> tuple[Released, ...]:
    """Build the two parts of a recording as they were released, the newest first."""
    shown = a_shown(FIRST, SECOND, **changes)
    return tuple(Released(shown=shown, recording=part) for part in (SECOND, FIRST))


def test_feed_has_an_entry_for_each_recording() -> None:
    feed = feedparser.parse(write_feed(released(name="Tides & Tomorrow", description="A & B < C"), PUBLISHER))

    assert not feed.bozo
    assert (feed.version, feed.feed.title) == ("atom10", "Recordings – Harbour Institute")
    assert feed.feed.updated == "2040-02-01T14:45:00Z"
    assert [(link.rel, link.href) for link in feed.feed.links] == [
        ("self", f"{BASE_URL}/recordings.atom"),
        ("alternate", f"{BASE_URL}/"),
    ]
    newest, oldest = feed.entries
    assert (newest.title, newest.updated) == ("Tides & Tomorrow – Recording, part 2", "2040-02-01T14:45:00Z")
    assert [(link.rel, link.href) for link in newest.links] == [
        ("alternate", PAGE),
        ("related", f"{PAGE}/recording?part=2"),
    ]
    assert [tag.term for tag in newest.tags] == ["Harbour Talks"]
    assert (newest.author, newest.summary) == (HARBOUR_INSTITUTE.name, "A & B < C")
    assert oldest.published == "2040-01-31T17:45:00Z"


def test_feed_keeps_its_ids_when_event_and_pages_move() -> None:
    moved = Publisher(name="HI", base_url="https://other.example.org", installation=INSTALLATION, language=ENGLISH)

    before = feedparser.parse(write_feed(released(), PUBLISHER))
    after = feedparser.parse(write_feed(released(name="Tides of Today", series="Talks"), moved))

    ids = [feed.feed.id for feed in (before, after)], [[entry.id for entry in feed.entries] for feed in (before, after)]
    assert ids[0][0] == ids[0][1]
    assert ids[1][0] == ids[1][1]
    assert len({*ids[0], *ids[1][0]}) == 3
    assert all(entry.startswith("urn:uuid:") for entry in ids[1][0])


def test_feed_names_the_licence_of_the_recordings() -> None:
    feed = feedparser.parse(write_feed(released(), replace(PUBLISHER, licence=make_licence("CC-BY-4.0"))))

    assert feed.feed.rights == "CC BY 4.0"
    assert ("license", "https://creativecommons.org/licenses/by/4.0/") in [
        (link.rel, link.href) for link in feed.feed.links
    ]


def test_feed_of_a_series_is_named_after_it() -> None:
    feed = feedparser.parse(write_feed(released()[1:], PUBLISHER, "Harbour Talks", "harbour-talks"))

    assert feed.feed.title == "Harbour Talks – Harbour Institute"
    assert feed.feed.links[1].href == f"{BASE_URL}/series/harbour-talks"
    assert len(feed.entries) == 1


def test_feed_without_entries_is_one_all_the_same() -> None:
    feed = feedparser.parse(write_feed((), PUBLISHER))

    assert not feed.bozo
    assert (feed.entries, feed.feed.updated) == ([], "1970-01-01T00:00:00Z")
