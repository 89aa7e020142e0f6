"""WordPress: events of The Events Calendar, and posts whose text is an announcement.

The posts were recorded. The events have the published shape of The Events Calendar's REST API.
"""

from typing import Any

import pytest

from tests.unit.readers.reading import notes_of, read_json, read_recorded, refusal_of
from zoom_ops.errors import BadInputError
from zoom_ops.readers import Announced


def an_event(**changes: Any) -> dict[str, Any]:
    event = {
        "id": 8212,
        "status": "publish",
        "url": "https://www.example.org/event/tides/",
        "rest_url": "https://www.example.org/wp-json/tribe/events/v1/events/8212",
        "title": "Q&#038;A: tides &#8211; today",
        "description": "<p>How <b>ports</b> adapt.</p>",
        "all_day": False,
        "start_date": "2040-06-26 09:00:00",
        "end_date": "2040-06-26 10:15:00",
        "utc_start_date": "2040-06-26 07:00:00",
        "utc_end_date": "2040-06-26 08:15:00",
        "timezone": "Europe/Berlin",
        "timezone_abbr": "CEST",
        "cost": "",
        "website": "https://tides.example.org",
        "hide_from_listings": False,
        "venue": {"venue": "Hall 3", "city": "Alder Bay", "country": "Schweiz"},
        "organizer": [{"organizer": "Harbour Institute &amp; Friends"}],
        "json_ld": {"@type": "Event", "performer": "Organization"},
    }
    return {**event, **changes}


def read_one(**changes: Any) -> Announced:
    (announced,) = read_json({"events": [an_event(**changes)], "total": 1})
    return announced


def test_event_is_read_in_full() -> None:
    announced = read_one()

    event = announced.event
    assert (event.name, event.description) == ("Q&A: tides – today", "<p>How <b>ports</b> adapt.</p>")
    assert (event.to_json()["start"], event.to_json()["end"]) == (
        "2040-06-26T09:00:00+02:00",
        "2040-06-26T10:15:00+02:00",
    )
    assert (event.timezone, event.venue, event.needs_review) == ("Europe/Berlin", "Hall 3, Alder Bay, Schweiz", ())
    assert [organizer.name for organizer in event.organizers] == ["Harbour Institute & Friends"]
    assert [(link.title, link.url) for link in event.attachments] == [("Website", "https://tides.example.org")]
    assert announced.origin == "web:https://www.example.org/event/tides/"


def test_single_event_and_list_are_read() -> None:
    assert [each.event.name for each in read_json(an_event())] == ["Q&A: tides – today"]
    assert len(read_json([an_event(), an_event(title="Other")])) == 2


@pytest.mark.parametrize(
    ("changes", "field", "choices"),
    [
        ({"timezone": "UTC+2"}, "timezone", ("Etc/GMT-2", "Africa/Johannesburg")),
        ({"timezone": "CET"}, "timezone", None),
        ({"utc_start_date": "2040-06-26 08:00:00"}, "start", ("2040-06-26T09:00", "2040-06-26T10:00")),
        ({"all_day": True}, "start", ()),
        ({"end_date": "2040-06-26 09:00:00", "utc_end_date": "2040-06-26 07:00:00"}, "end", ()),
        ({"title": "Tides (postponed)"}, "name", ("Tides", "Tides (postponed)")),
    ],
)
def test_what_is_doubtful_is_held(changes: dict[str, Any], field: str, choices: tuple[str, ...] | None) -> None:
    announced = read_one(**changes)

    found = {note.field: note.choices for note in announced.event.blocking_notes()}
    assert field in found
    assert choices is None or set(choices) <= set(found[field]) or found[field] == choices


@pytest.mark.parametrize(
    ("changes", "visibility"),
    [({"status": "private"}, "draft"), ({"hide_from_listings": True}, "unlisted")],
)
def test_what_is_not_public_has_its_visibility_without_a_doubt(changes: dict[str, Any], visibility: str) -> None:
    event = read_one(**changes).event

    assert (event.visibility, event.needs_review) == (visibility, ())


def test_what_is_public_says_no_visibility() -> None:
    assert "visibility" not in read_one().event.model_fields_set


def test_status_of_the_event_is_read() -> None:
    assert read_one(json_ld={"eventStatus": "https://schema.org/EventCancelled"}).event.status == "cancelled"
    assert "status: expected scheduled" in refusal_of(an_event(event_status="perhaps"))


def test_mistakes_are_named_all_at_once() -> None:
    refusal = refusal_of([an_event(start_date="soon"), an_event(title="", timezone="Mars/Base")])

    for sentence in ("start_date: expected a date", "found 'soon'", "name: there is none", "no time zone 'Mars/Base'"):
        assert sentence in refusal


def test_post_is_read_as_an_announcement() -> None:
    (announced,) = read_recorded("wordpress-post.json")

    event = announced.event
    assert (event.name, event.timezone) == ("How waves travel & why", "America/New_York")
    assert event.to_json()["start"] == "2040-01-31T08:30:00-05:00"
    assert [person.name for person in event.performers] == ["Ada Lovelace", "Alan Turing"]
    assert announced.origin == "web:https://www.example.org/how-waves-travel-why/"
    assert event.blocking_notes() == ()


@pytest.mark.parametrize("title", ["CANCELLED: How waves travel", "How waves travel (cancelled)"])
def test_status_in_the_title_of_a_page_is_no_doubt(title: str) -> None:
    content = "<p>31 January 2040, 08:30-09:45 EST, New York time</p>"
    (announced,) = read_json(
        [{"title": {"rendered": title}, "content": {"rendered": content}, "link": "https://www.example.org/waves/"}]
    )

    assert (announced.event.name, announced.event.status) == ("How waves travel", "cancelled")
    assert "name" not in notes_of(announced)


@pytest.mark.parametrize("status", ["draft", "pending", "future"])
def test_what_wordpress_has_not_published_yet_is_held_until_it_has(status: str) -> None:
    (waiting,), (published,) = (read_json({"events": [an_event(status=each)]}) for each in (status, "publish"))

    assert [note.field for note in waiting.event.blocking_notes()] == ["name", "start"]
    assert "visibility" not in waiting.event.model_fields_set | published.event.model_fields_set
    assert published.event.blocking_notes() == ()


def test_draft_of_a_post_is_held() -> None:
    (announced,) = read_recorded("wordpress-draft.json")

    assert "name" in notes_of(announced)


def test_page_behind_a_password_is_refused() -> None:
    with pytest.raises(BadInputError, match="a password protects this page"):
        read_recorded("wordpress-protected.json")


def test_posts_that_are_no_announcements_are_named_with_their_lines() -> None:
    post = {"title": {"rendered": "News"}, "content": {"rendered": "<p>Nothing.</p>"}, "link": "https://x.example.org"}

    refusal = refusal_of([post, post])

    assert refusal.count("the text of this page cannot be read as an announcement") == 2
    assert "export.json:7:" in refusal
