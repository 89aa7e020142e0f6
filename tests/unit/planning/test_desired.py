"""The desired webinar of an event."""

from datetime import timedelta

import pytest

from tests.builders import (
    AMARA,
    INSTALLATION,
    JONAS,
    START,
    TOMAS,
    a_performer,
    a_profile,
    an_event,
    some_fields,
)
from zoom_ops.planning.desired import desired_fields, desired_seats, draft_of
from zoom_ops.webinars import WebinarDraft, nest_settings

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


def test_topic_is_one_line_of_at_most_200_characters() -> None:
    fits = "word " * 39 + "words"
    long = "word " * 45

    assert dict(some_fields(an_event(name=fits)))["topic"] == fits
    assert dict(some_fields(an_event(name=long)))["topic"] == "word " * 39 + "word…"
    assert dict(some_fields(an_event(name="Tides\n\tof\u202e Tomorrow")))["topic"] == "Tides of Tomorrow"


def _lists(value: object) -> object:
    return [_lists(part) for part in value] if isinstance(value, tuple) else value
