"""Texts for Zoom: cut at a word, plain, and with our marker at the end."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import EVENT_ID, an_event
from zoom_ops.events import Organizer
from zoom_ops.planning.render import agenda_of, carries_marker, cut, marked_event, marker_of, plain_text

MARKER = marker_of("test", EVENT_ID)


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
