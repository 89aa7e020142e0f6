"""The desired webinar of an event. Its texts are plain, cut at a word, and have our marker at the end."""

import time
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import (
    AMARA,
    EVENT_ID,
    INSTALLATION,
    JONAS,
    START,
    TOMAS,
    a_performer,
    a_profile,
    an_event,
    some_fields,
)
from zoom_ops.events import Organizer
from zoom_ops.planning.desired import desired_fields, desired_seats, draft_of
from zoom_ops.planning.render import agenda_of, carries_marker, cut, marked_event, marker_of, plain_text
from zoom_ops.webinars import WebinarDraft, nest_settings

MARKER = marker_of("test", EVENT_ID)
INTERPRETED = a_profile(settings=(("language_interpretation.enable", True),))


def test_event_becomes_the_fields_of_its_webinar() -> None:
    assert dict(some_fields()) == {
        "topic": "Tides of Tomorrow",
        "agenda": "Harbour Talks\n\nOrganized by Harbour Institute (HI)\n\nHow ports adapt to a rising sea.\n\n"
        "Reference: zoom_ops/test/harbour-talks-tides-of-tomorrow",
        "start": "2040-01-31T13:30:00Z",
        "duration": 75,
        "timezone": "America/New_York",
        "settings.approval_type": 2,
        "settings.auto_recording": "cloud",
        "settings.practice_session": True,
        "settings.question_and_answer.enable": True,
    }


@pytest.mark.parametrize(("seconds", "minutes"), [(1, 1), (60, 1), (61, 2), (4500, 75), (4501, 76), (108_000, 1800)])
def test_duration_is_whole_minutes_rounded_up(seconds: int, minutes: int) -> None:
    event = an_event(end=START + timedelta(seconds=seconds))

    assert dict(some_fields(event))["duration"] == minutes


def test_fields_become_the_draft_that_zoom_is_asked_for() -> None:
    fields = some_fields()

    assert draft_of(fields) == WebinarDraft(
        topic="Tides of Tomorrow",
        agenda=dict(fields)["agenda"],
        start=START,
        duration=75,
        timezone="America/New_York",
        settings=a_profile().settings,
    )


def test_draft_is_the_same_when_its_fields_come_from_json() -> None:
    event = an_event(performers=(AMARA, TOMAS))
    fields = desired_fields(event, INTERPRETED, INSTALLATION)
    from_json = tuple((name, _lists(value)) for name, value in fields)

    assert draft_of(from_json) == draft_of(fields)


def test_interpreter_with_two_languages_interprets_and_is_no_panelist() -> None:
    event = an_event(performers=(AMARA, TOMAS, JONAS))

    settings = draft_of(desired_fields(event, INTERPRETED, INSTALLATION)).settings
    seats = desired_seats(event, INTERPRETED)

    assert nest_settings(settings)["language_interpretation"] == {
        "enable": True,
        "interpreters": [{"email": TOMAS.email, "interpreter_languages": "English,Spanish"}],
    }
    assert [seat.email for seat in seats] == [AMARA.email, JONAS.email]


def test_interpreter_is_a_panelist_where_the_profile_has_no_interpretation() -> None:
    seats = desired_seats(an_event(performers=(TOMAS,)), a_profile())

    assert [seat.email for seat in seats] == [TOMAS.email]


@pytest.mark.parametrize(
    ("role", "languages"),
    [
        ("English-French", "English,French"),
        ("English – French", "English,French"),
        ("English/French", "English,French"),
        ("English, French", "English,French"),
        ("English and French", "English,French"),
        ("English", None),
        ("English, French, German", None),
        ("Head of unit 3, French", None),
        (None, None),
    ],
)
def test_interpreter_is_read_from_the_role(role: str | None, languages: str | None) -> None:
    interpreter = a_performer(kind="interpreter", role=role)
    fields = dict(desired_fields(an_event(performers=(interpreter,)), INTERPRETED, INSTALLATION))

    read = [dict(entry)["interpreter_languages"] for entry in fields["settings.language_interpretation.interpreters"]]
    assert read == ([languages] if languages else [])


def test_name_of_a_panelist_is_at_most_64_characters() -> None:
    (seat,) = desired_seats(an_event(performers=(a_performer(name="Jonas " + "L" * 57 + " " + "X" * 30),)), a_profile())

    assert seat.name == "Jonas " + "L" * 57


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("", 5, ""),
        ("fits", 4, "fits"),
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two three", 8, "one two…"),
        ("one two three", 7, "one…"),
        ("one two", 5, "one…"),
        ("one  two", 5, "one…"),
        ("unbreakable", 6, "unbre…"),
        (" unbreakable", 6, " unbr…"),
        ("     ", 3, "…"),
        ("ab", 1, "…"),
        ("line\nbreak here", 12, "line\nbreak…"),
        ("潮汐の未来について", 5, "潮汐の未…"),
        ("no-break\u00a0space", 12, "no-break…"),
    ],
)
def test_cut_ends_at_a_word(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet="ab \n\u3000é🌊", max_size=40), st.integers(1, 40))
def test_cut_fits_and_keeps_the_beginning(text: str, limit: int) -> None:
    kept = cut(text, limit)

    assert len(kept) <= limit
    assert kept == text or text.startswith(kept.removesuffix("…"))
    assert cut(kept, limit) == kept


def test_topic_is_one_line_of_at_most_200_characters() -> None:
    fits = "word " * 39 + "words"
    long = "word " * 45

    assert dict(some_fields(an_event(name=fits)))["topic"] == fits
    assert dict(some_fields(an_event(name=long)))["topic"] == "word " * 39 + "word…"
    assert dict(some_fields(an_event(name="Tides\n\tof\u202e Tomorrow")))["topic"] == "Tides of Tomorrow"


def test_agenda_holds_series_organizers_description_and_the_mark() -> None:
    event = an_event(organizers=(Organizer(name="Harbour Institute", acronym="HI"), Organizer(name="City")))

    assert agenda_of(event, MARKER) == (
        "Harbour Talks\n\nOrganized by Harbour Institute (HI), City\n\nHow ports adapt to a rising sea.\n\n"
        f"Reference: zoom_ops/test/{EVENT_ID}"
    )


def test_agenda_without_a_word_is_the_mark() -> None:
    assert agenda_of(an_event(series=None, organizers=(), description=""), MARKER) == MARKER


@pytest.mark.parametrize("length", [1900, 1925, 1930, 1935, 2000, 5000])
def test_agenda_of_a_long_description_keeps_its_mark(length: int) -> None:
    event = an_event(series=None, organizers=(), description="x" * length)

    agenda = agenda_of(event, MARKER)

    assert len(agenda) <= 2000
    assert agenda.splitlines()[-1] == MARKER
    assert agenda.startswith("x" * 1900)


def test_agenda_carries_our_mark_also_where_the_description_ends_in_another() -> None:
    another = marker_of("test", "another-event")

    agenda = agenda_of(an_event(description=f"Copied.\n\n{another}"), MARKER)

    assert carries_marker(agenda, MARKER)
    assert not carries_marker(agenda, another)


def test_mark_is_known_by_the_last_line_whatever_zoom_does_to_the_space() -> None:
    assert carries_marker(f"Text\r\n\r\n{MARKER}\r\n", MARKER)
    assert carries_marker(MARKER, MARKER)
    assert not carries_marker(f"{MARKER}\nwritten below", MARKER)
    assert not carries_marker(MARKER + "-2", MARKER)
    assert not carries_marker(f"see {MARKER}", MARKER)
    assert not carries_marker("", MARKER)


def test_event_is_told_by_the_mark_in_the_last_line() -> None:
    longest = marker_of("test", "e" * 100)

    assert marked_event(agenda_of(an_event(), MARKER), "test") == EVENT_ID
    assert marked_event(f"Text\r\n\r\n  {MARKER} \r\n", "test") == EVENT_ID
    assert marked_event(longest, "test") == "e" * 100
    assert marked_event(f"{longest}e", "test") is None
    assert marked_event(MARKER, "another") is None
    assert marked_event(MARKER, "t.st") is None
    assert marked_event(f"{MARKER}\nwritten below", "test") is None
    assert marked_event(f"see {MARKER}", "test") is None
    assert marked_event(marker_of("test", ""), "test") is None
    assert marked_event(marker_of("test", "No Event's Id"), "test") is None
    assert marked_event("", "test") is None


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("plain, a < b and c > d", "plain, a < b and c > d"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<b>bold</b> and <a href='https://example.org'>link</a>", "bold and link"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("fish &amp; chips&nbsp;&lt;fresh&gt;", "fish & chips\u00a0<fresh>"),
        ("a<script>alert('x')</script>b", "a b"),
        ("a<style>p{}</style>b<script>never closed", "a b"),
        ("a<!-- hidden -->b<!-- never closed", "ab"),
        ("over&#x202e;ride&#0;", "override\ufffd"),
        ("one<br>two<br/>three", "one\n\ntwo\n\nthree"),
    ],
)
def test_description_becomes_plain_text(html: str, expected: str) -> None:
    assert plain_text(html) == expected


@pytest.mark.parametrize("bomb", ["<", "<a ", "<script>", "<!--", "&lt;", "<p>", "\n", "<li"])
def test_description_of_any_shape_is_read_quickly(bomb: str) -> None:
    began = time.thread_time()  # processor time, which a busy machine does not change

    plain_text(bomb * 200_000)

    assert time.thread_time() - began < 2


def _lists(value: object) -> object:
    return [_lists(part) for part in value] if isinstance(value, tuple) else value
