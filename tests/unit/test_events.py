"""Event records: one JSON for import files, the command line, the JSON page and the API."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from tests.builders import (
    AMARA,
    END,
    EVENT_ID,
    JONAS,
    SLIDES,
    START,
    YUSUF,
    a_note,
    a_performer,
    an_attachment,
    an_event,
)
from zoom_ops.events import Event, Publication, clean_line, clean_text, make_slug

NEW_YORK = timezone(timedelta(hours=-5))


def complaint(**changes: Any) -> str:
    """Return why an event is refused."""
    with pytest.raises(ValidationError) as refused:
        an_event(**changes)
    (error,) = refused.value.errors()
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"


def test_event_is_its_json_and_back() -> None:
    event = an_event(
        name="مدّ وجزر 🌊 – « Marées »",
        performers=(AMARA, YUSUF),
        attachments=(SLIDES, an_attachment()),
        needs_review=(a_note(),),
        previous_start=START - timedelta(days=1),
        status="rescheduled",
    )

    document = json.loads(json.dumps(event.to_json()))

    assert Event.model_validate(document) == event
    assert Event.model_validate(document).to_json() == document


def test_event_json_has_the_published_keys() -> None:
    document = an_event(performers=(YUSUF,)).to_json()

    assert list(document) == [
        "id", "name", "series", "description", "language", "start", "end", "timezone", "display_times", "visibility",
        "status", "previous_start", "organizers", "performers", "venue", "attachments", "attachments_note", "image",
        "consent", "account", "profile", "needs_review",
    ]  # fmt: skip
    assert document["performers"] == [
        {"kind": "opening", "honorific": "Mr", "name": "Yusuf Demir", "role": "Mayor",
         "organization": "City of Alder Bay", "email": None}
    ]  # fmt: skip
    assert document["attachments"][1] == {
        "title": "Recording", "kind": "recording", "url": None, "visibility": "public", "state": "expected",
    }  # fmt: skip
    assert document["display_times"][1] == {
        "label": "Geneva time", "timezone": "Europe/Zurich", "start": "2040-01-31T14:30", "end": "2040-01-31T15:45",
    }  # fmt: skip


def test_event_tells_its_times_in_its_own_zone() -> None:
    document = an_event().to_json()

    assert (document["start"], document["end"]) == ("2040-01-31T08:30:00-05:00", "2040-01-31T09:45:00-05:00")


def test_what_we_added_to_the_json_is_ignored_when_it_is_imported() -> None:
    document = an_event().to_json() | {"webinar": {"id": 1}, "recordings": [{"uuid": "x"}]}

    assert Event.model_validate(document) == an_event()


def test_time_without_an_offset_is_local_to_the_event() -> None:
    event = an_event(start="2040-01-31T08:30", end="2040-01-31T09:45:00")

    assert (event.start_utc, event.end_utc) == (START, END)
    assert event == an_event()


def test_time_with_an_offset_is_that_instant_whatever_the_zone() -> None:
    event = an_event(start="2040-01-31T14:30:00+01:00", timezone="Asia/Tokyo")

    assert event.start_utc == START
    assert event.to_json()["start"] == "2040-01-31T22:30:00+09:00"


def test_local_time_is_right_in_summer_and_winter() -> None:
    winter = an_event(start="2040-01-31T08:30", end="2040-01-31T09:00")
    summer = an_event(start="2040-07-31T08:30", end="2040-07-31T09:00")

    assert winter.start_utc == datetime(2040, 1, 31, 13, 30, tzinfo=UTC)
    assert summer.start_utc == datetime(2040, 7, 31, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"end": START}, ": Value error, end must lie after start"),
        ({"timezone": "Mars/Olympus"}, "timezone: Value error, 'Mars/Olympus' is not an IANA time zone"),
        ({"timezone": "EST +5"}, "timezone: Value error, 'EST +5' is not an IANA time zone"),
        ({"timezone": "../../etc/passwd"}, "timezone: Value error"),
        ({"id": "Tides of Tomorrow"}, "id: String should match pattern"),
        ({"id": "../tides"}, "id: String should match pattern"),
        ({"name": " \u200b\u202e "}, "name: Value should have at least 1"),
        ({"name": "x" * 501}, "name: Value should have at most 500"),
        ({"status": "maybe"}, "status: Input should be 'scheduled'"),
        ({"titel": "x"}, "titel: Extra inputs are not permitted"),
        ({"language": "English please"}, "language: String should match pattern"),
        ({"performers": [{"name": "Ann", "email": "ann at example.org"}]}, "performers.0.email: String should match"),
        ({"performers": [{"name": ""}]}, "performers.0.name: Value should have at least 1"),
        (
            {"attachments": [{"title": "x", "url": "javascript:alert(1)"}]},
            "attachments.0.url: Value error, expected an address that begins with https:// or http://",
        ),
        ({"attachments": [{"title": "x", "url": "https:///nowhere"}]}, "attachments.0.url: Value error"),
    ],
    ids=str,
)
def test_event_that_makes_no_sense_is_refused(changes: dict[str, Any], message: str) -> None:
    assert complaint(**changes).startswith(message)


def test_event_is_a_value() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        an_event().name = "Tides of Today"  # type: ignore[misc]

    assert an_event() == an_event()
    assert an_event() != an_event(venue="Hall 2")


def test_address_is_lower_cased_and_trimmed() -> None:
    assert a_performer(email="  Jonas.Lindqvist@Example.ORG ").email == JONAS.email


def test_performers_without_an_address_are_listed() -> None:
    assert an_event(performers=(AMARA, YUSUF, JONAS)).without_address() == (YUSUF,)


@pytest.mark.parametrize("field", ["start", "end", "timezone", "name"])
def test_doubt_about_the_essentials_holds_the_webinar_back(field: str) -> None:
    note = a_note(field=field)

    assert an_event(needs_review=(a_note(), note)).blocking_notes() == (note,)


@pytest.mark.parametrize("field", ["performers", "recording", "description", "display_times"])
def test_doubt_about_anything_else_does_not(field: str) -> None:
    assert an_event(needs_review=(a_note(field=field),)).blocking_notes() == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  two\twords \n", "two words"),
        ("a\u202eb\u2066c\ufeffd\u200be", "abcde"),
        ("line\r\nline\rline", "line line line"),
        ("nul\0 bell\x07 lone \ud800", "nul bell lone"),
        ("zopsk_a zopsk_b zopsk_c tide", "tide"),
        ("👩\u200d🚀 مرحبا\u200f é", "👩\u200d🚀 مرحبا\u200f é"),
        ("", ""),
    ],
)
def test_line_is_cleaned_of_what_nobody_sees(text: str, line: str) -> None:
    assert clean_line(text) == line


def test_text_keeps_its_lines_and_paragraphs() -> None:
    assert clean_text(" one  \r\n\r\n two\t\r three\0\u202e zopsk_a \n\n") == "one\n\n two\n three"


@pytest.mark.parametrize(
    ("parts", "slug"),
    [
        (("Harbour Talks", "Tides of Tomorrow"), EVENT_ID),
        (("HARBOUR talks", "Tides — of: Tomorrow!"), EVENT_ID),
        ((None, "Café & Straße №5"), "cafe-strasse-no5"),
        (("", "ﬁnal İstanbul"), "final-istanbul"),
        (("Tides 🌊", None), "tides"),
        (("x" * 100,), "x" * 100),
    ],
)
def test_slug_is_made_of_series_and_name(parts: tuple[str | None, ...], slug: str) -> None:
    assert make_slug(*parts) == slug


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("海港讲座系列第一期讲座一", "海港讲座系列第一期讲座二"),
        ("Лекция 1", "Семинар 1"),
        ("Søren", "Sren"),
        ("word " * 30 + "one", "word " * 30 + "two"),
        ("x" * 101, "x" * 102),
        ("🌊", "⚓"),
    ],
)
def test_slugs_of_different_titles_differ_also_where_letters_are_lost(first: str, other: str) -> None:
    slugs = [make_slug(first), make_slug(other)]

    assert slugs[0] != slugs[1]
    assert [an_event(id=slug).id for slug in slugs] == slugs


def test_slug_does_not_depend_on_how_an_accent_is_encoded() -> None:
    assert make_slug("Søren Kærgård") == make_slug("SØREN Kærga\u030ard")


def test_publication_is_a_value_with_our_address() -> None:
    publication = Publication(
        recording_uuid="u",
        title="Recording",
        url="https://events.example.org/events/tides/recording",
        visibility="public",
        state="published",
        published_at=END,
    )

    assert Publication.model_validate(publication.model_dump(mode="json")) == publication
    assert (publication.part, publication.duration) == (1, 0)
