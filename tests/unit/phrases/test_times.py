"""Times of day as people say them, in several languages."""

import pytest

from zoom_ops.phrases.times import find_duration, find_times


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("15 Uhr c.t.", "15:15"),
        ("15:15 c.t.", "15:15"),
        ("16:15-18:00 c.t.", "16:15"),
        ("9 at night", "21:00"),
        ("晚上7点半", "19:30"),
        ("18 Uhr s.t.", "18:00"),
        ("half past six in the evening", "18:30"),
        ("a quarter to nine p.m.", "20:45"),
        ("seven o'clock in the evening", "19:00"),
        ("7 in the evening", "19:00"),
        ("12 noon", "12:00"),
        ("14h30", "14:30"),
        ("18 heures 30", "18:30"),
        ("19 heures et demie", "19:30"),
        ("8 heures du soir", "20:00"),
        ("7 Uhr abends", "19:00"),
        ("18 Uhr 30", "18:30"),
        ("halb acht abends", "19:30"),
        ("dreiviertel acht abends", "19:45"),
        ("las 7 y media de la tarde", "19:30"),
        ("7 часов вечера", "19:00"),
        ("18 часов 30 минут", "18:30"),
        ("20.00 uur", "20:00"),
        ("午後6時30分", "18:30"),
    ],
)
def test_time_in_words_is_read(text: str, start: str) -> None:
    (span,) = find_times(text)

    assert (f"{span.start // 60:02}:{span.start % 60:02}", span.half_unclear) == (start, False)


@pytest.mark.parametrize(
    "text",
    [
        "half past six",
        "halb acht",
        "8:30",
        "quarter past four",
        "Friday evening, 8 Uhr",
        "12 de la noche",
        "1:00 at night",
        "晚12点",
        "11-12 at night",
    ],
)
def test_time_that_may_be_in_the_afternoon_is_unclear(text: str) -> None:
    (span,) = find_times(text)

    assert span.half_unclear


@pytest.mark.parametrize("text", ["half 8 uur", "Room 2.14", "five to one", "one hour"])
def test_time_that_languages_read_differently_and_numbers_that_are_none_are_left(text: str) -> None:
    assert find_times(text) == ()


def test_academic_quarter_may_end_a_span_earlier() -> None:
    (span,) = find_times("16-18 Uhr c.t.")

    assert (span.start, span.end, span.ends_early) == (16 * 60 + 15, 18 * 60, True)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("durata 1 ora e 15 minuti", 75),
        ("Dauer: 1 Stunde und 15 Minuten", 75),
        ("one hour", 60),
        ("Durata: 1 ora e mezza", 90),
        ("Durée : 1 heure et demie", 90),
        ("Duration: 1 hour and a half", 90),
        ("Duration: 1 hour and a quarter", None),
        ("Dauer: 1 1/2 Stunden", None),
        ("an hour and 15 minutes", None),
        ("for one hour and we expect many", 60),
        ("for an hour and fifteen minutes", None),
    ],
)
def test_no_part_of_a_duration_is_taken_for_it(text: str, minutes: int | None) -> None:
    found = find_duration(text)

    assert (found and found[0]) == minutes
