"""What a later line or a longer title changes holds the event, whatever else it says."""

import pytest

from zoom_ops.events import Event
from zoom_ops.readers import read_events

WHEN = "Wednesday 5 May 2027, 16:00-17:00 UTC"
STATUSES = ("scheduled", "postponed", "cancelled")


def event_of(text: str) -> Event:
    (announced,) = read_events(text.encode(), "a.txt")
    return announced.event


def choices_of(event: Event, field: str) -> list[tuple[str, ...]]:
    return [note.choices for note in event.needs_review if note.field == field]


@pytest.mark.parametrize("line", ["The hall holds 90, 12 May at six.", "Wir treffen uns am 12. Mai", "5月12日見"])
def test_second_day_outside_of_the_head_is_a_choice(line: str) -> None:
    event = event_of(f"How waves travel\n{WHEN}\nSpeaker: Grace Hopper\n\n{line}\n")

    assert choices_of(event, "start") == [("2027-05-05T16:00", "2027-05-12T16:00")]


@pytest.mark.parametrize(
    "line",
    [
        "Registration closes on 2 May.",
        "Iscrizioni entro il 2 maggio",
        "Grace Hopper was born in New York on 9 December 1906, and has sailed the seas since.",
        "See you on 5 May!",
    ],
)
def test_day_of_something_else_is_no_doubt(line: str) -> None:
    assert not event_of(f"How waves travel\n{WHEN}\nSpeaker: Grace Hopper\n\n{line}\n").blocking_notes()


def test_line_that_changes_the_time_holds_start_and_status() -> None:
    event = event_of(f"How waves travel\n{WHEN}\nSpeaker: Grace Hopper\n\n**Correction: it starts at 17:00.**\n")

    assert (choices_of(event, "start"), choices_of(event, "status")) == ([(), ()], [STATUSES])


@pytest.mark.parametrize("line", ["The talk starts at 17:00.", "讲座15:00开始"])
def test_another_time_of_the_beginning_is_held(line: str) -> None:
    assert event_of(f"How waves travel\n{WHEN}\nSpeaker: Grace Hopper\n\n{line}\n").blocking_notes()


@pytest.mark.parametrize(
    "line", ["The talk starts at 16:00.", "16:30 The debate begins", "Registration starts at 3 pm"]
)
def test_time_of_something_else_is_no_doubt(line: str) -> None:
    assert not event_of(f"How waves travel\n{WHEN}\nSpeaker: Grace Hopper\n\n{line}\n").blocking_notes()


@pytest.mark.parametrize(
    "title",
    ["APLAZADA al 13 de mayo - Charla: Setas", "REPORTÉE au 13 mai - Champignons", "MOVED ONLINE: The bats of May"],
)
def test_status_that_goes_on_stays_in_the_title(title: str) -> None:
    event = event_of(f"{title}\n{WHEN}\nSpeaker: Grace Hopper\n")

    assert event.name == title
    assert {"name", "start", "status"} <= {note.field for note in event.needs_review}


def test_title_in_an_invitation_is_a_choice() -> None:
    title = 'We invite you to the webinar "Rivers of sand"'
    event = event_of(f"{title}\n{WHEN}\nSpeaker: Grace Hopper\n")

    assert [note.choices for note in event.blocking_notes()] == [(title, "Rivers of sand")]


def test_theme_below_a_title_is_a_choice() -> None:
    event = event_of(
        f'You are cordially invited to:\nThe 17th Day Lecture\nTheme: "Unions at 20"\n{WHEN}\nSpeaker: Grace Hopper\n'
    )

    assert choices_of(event, "name") == [("Unions at 20", "The 17th Day Lecture")]
    assert event.series is None


@pytest.mark.parametrize(
    "line", ["+41 22 555 01 00", "Join: https://example.org/rooms/4", "Good news for you:", "Code: 12 34"]
)
def test_number_link_or_lead_is_no_series(line: str) -> None:
    assert event_of(f"{line}\nTitle: How waves travel\n{WHEN}\nSpeaker: Grace Hopper\n").series is None


def test_name_of_a_zone_beats_the_offset_in_brackets_before_it() -> None:
    event = event_of(
        "How waves travel\n14 July 2027, 18:00-19:00 (UTC-05:00) Eastern Time (US & Canada)\nSpeaker: Grace Hopper\n"
    )

    assert event.timezone == "America/New_York"
    assert choices_of(event, "timezone") == [("America/New_York", "Etc/GMT+5")]


def test_offset_that_is_not_the_venues_is_held() -> None:
    event = event_of(
        "How waves travel\n14 July 2027, 18:00-19:00 (UTC-05:00)\nVenue: New York Library\nSpeaker: Grace Hopper\n"
    )

    assert choices_of(event, "timezone") == [("Etc/GMT+5", "America/New_York")]
