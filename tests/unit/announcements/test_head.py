"""The head of an announcement in many forms: title, date and time with zone, speakers as bullets; and its sources."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.setup.examples import examples
from zoom_ops.events import Event
from zoom_ops.readers import Announced, read_events

TITLES = ("How waves travel", "Water, salt and stone", "Cómo viajan las olas", "Wie Wellen wandern", "波如何传播")
PEOPLE = ("Ms. Ada Lovelace, Head of Research, ITU", "Dr. Alan Turing (Professor, University of Example)")
DATES = {
    "{:%-d %B %Y}": "en",
    "{:%A, %B %-d, %Y}": "en",
    "{:%Y-%m-%d}": "en",
    "{:%d.%m.%Y}": "en",
    "full": "de",
    "long": "fr",
}
TIMES = (
    "{0:%H:%M}-{1:%H:%M}",
    "{0:%H}h{0:%M} – {1:%H}h{1:%M}",
    "{0:%H.%M} to {1:%H.%M}",
    "{0:%-I:%M %p} – {1:%-I:%M %p}",
)
ZONES = {
    "Geneva time": "Europe/Zurich",
    "(New York)": "America/New_York",
    "UTC": "UTC",
    "GMT+5.30": "Asia/Kolkata",
    "Asia/Tokyo": "Asia/Tokyo",
    "heure de Dakar": "Africa/Dakar",
}
LAYOUTS = (
    "{title}\n{date}, {time} {zone}\n",
    "{title}\n\nDate: {date}\nTime: {time} {zone}\n",
    "Titre : {title}\nQuand : {date} {time}, {zone}\n",
)


def written(day: date, shape: str) -> str:
    return shape.format(day) if "%" in shape else format_date(day, shape, locale=DATES[shape])


@settings(max_examples=examples(120), deadline=None)
@given(
    st.sampled_from(TITLES),
    st.dates(date(2025, 1, 1), date(2031, 12, 31)),
    st.sampled_from(list(DATES)),
    st.tuples(st.integers(8, 20), st.sampled_from((0, 15, 30, 45)), st.sampled_from((45, 60, 90, 150))),
    st.sampled_from(TIMES),
    st.sampled_from(list(ZONES)),
    st.sampled_from(LAYOUTS),
)
def test_head_of_any_form_is_read_without_doubt(
    title: str, day: date, shape: str, clock: tuple[int, int, int], times: str, zone: str, layout: str
) -> None:
    start = datetime(day.year, day.month, day.day, clock[0], clock[1], tzinfo=ZoneInfo(ZONES[zone]))
    end = start + timedelta(minutes=clock[2])
    head = layout.format(title=title, date=written(day, shape), time=times.format(start, end), zone=zone)
    bullets = "".join(f"• {person}\n" for person in PEOPLE)

    (announced,) = read_events(f"{head}\nSpeakers\n{bullets}".encode(), "a.txt")

    event = announced.event
    assert (event.name, event.start, event.end) == (title, start, end)
    assert event.start.utcoffset() == start.utcoffset()
    assert [person.name for person in event.performers] == ["Ada Lovelace", "Alan Turing"]
    assert event.needs_review == ()


def event_of(text: str) -> Event:
    (announced,) = read_events(text.encode(), "a.txt")
    return announced.event


@pytest.mark.parametrize(
    ("head", "zone"),
    [
        ("R-Ladies Johannesburg\n5 May 2026, 18:00-19:00", "UTC"),
        ("Talks\n5 May 2026, 18:00-19:00, University of Chicago", "UTC"),
        ("Waves\n5 May 2026, 18:00-19:00 London School of Economics", "UTC"),
        ("Waves\nDate: 5 May 2026, Chicago\nTime: 18:00-19:00", "UTC"),
    ],
)
def test_name_of_a_city_away_from_the_time_is_no_zone(head: str, zone: str) -> None:
    event = event_of(f"{head}\n\nThe speaker comes from Nairobi, and lives in Lima.\n")

    assert event.timezone == zone
    assert "timezone" in {note.field for note in event.blocking_notes()}


@pytest.mark.parametrize(
    ("when", "hours"),
    [
        ("5 giugno 2026, dalle ore 15 alle ore 16 (ora di Roma)", "15-16"),
        ("5 June 2026, 1500-1600 UTC", "15-16"),
        ("5 June 2026, 1500 UTC - 1600 UTC", "15-16"),
        ("5 juin 2026, 15h00 à 16h00, heure de Paris", "15-16"),
        ("5. Juni 2026, 15 Uhr bis 16 Uhr (Berlin)", "15-16"),
        ("5 июня 2026 г., с 15 часов до 16 часов (Москва)", "15-16"),
        ("2026年6月5日 下午3点至4点 北京时间", "15-16"),
        ("5 June 2026, midnight to 1 am, London", "0-1"),
        ("5 de junio de 2026, a las 3 de la tarde, Madrid (1 hora)", "15-16"),
    ],
)
def test_time_is_read_in_the_way_of_the_language(when: str, hours: str) -> None:
    event = event_of(f"Waves\n{when}\n")

    assert f"{event.start.hour}-{event.end.hour}" == hours
    assert [note.reason for note in event.blocking_notes()] == []


@pytest.mark.parametrize(
    ("text", "status", "held"),
    [
        ("CANCELLED: Waves\n5 May 2026, 10:00-11:00 CEST", "cancelled", False),
        ("[Annulé] Vagues\n5 May 2026, 10:00-11:00 CEST", "cancelled", False),
        ("Waves (postponed)\n5 May 2026, 10:00-11:00 CEST", "postponed", False),
        ("This event has been cancelled.\nWaves\n5 May 2026, 10:00-11:00 CEST", "cancelled", False),
        ("Waves\nPostponed to 5 May 2026, 10:00-11:00 CEST", "scheduled", True),
        ("Waves\n5 May 2026, 10:00-11:00 CEST\n\nThe webinar is cancelled, as the speaker is ill.", "scheduled", True),
    ],
)
def test_status_is_taken_from_the_title_and_doubted_elsewhere(text: str, status: str, *, held: bool) -> None:
    event = event_of(text)

    assert (event.status, bool(event.blocking_notes())) == (status, held)


def choices_of(text: str) -> dict[str, tuple[str, ...]]:
    return {note.field: note.choices for note in event_of(text).needs_review}


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("Waves\n03/04/2027, 10:00-11:00 UTC", {"start": ("2027-04-03T10:00", "2027-03-04T10:00")}),
        ("Waves\n3 April 2027, 2:30-3:45 London", {"start": ("2027-04-03T02:30", "2027-04-03T14:30")}),
        ("Waves\n3 April 2027, 10:00 UTC", {"end": ("2027-04-03T11:00", "2027-04-03T11:30", "2027-04-03T12:00")}),
        (
            "Waves\n5 December 2027, 10:00-11:00 IST",
            {"timezone": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin")},
        ),
        ("Waves\nSalt and stone\n3 April 2027, 10:00-11:00 UTC", {"name": ("Salt and stone", "Waves")}),
    ],
)
def test_doubt_has_its_readings_as_choices(text: str, choices: dict[str, tuple[str, ...]]) -> None:
    assert choices_of(text) == choices


def announced_of(text: str) -> Announced:
    (announced,) = read_events(text.encode(), "a.txt")
    return announced


def test_each_field_has_the_line_that_says_it() -> None:
    announced = announced_of(
        "Radio Lecture Series\nHow waves travel\nOrganized by the Radio Club of Example (RCE)\n"
        "3 April 2027, 10:00-11:00 CEST\nVenue: Zoom\n\nFrom the lighthouse to the satellite.\n\nSpeakers\n"
        "• Ms. Ada Lovelace, Head of Research, RCE\n\nLinks\n• Slides: https://example.org/s\n"
    )

    places = {source.field: source.place for source in announced.sources}
    assert places == {
        "name": "line 2",
        "series": "line 1",
        "start": "line 4",
        "end": "line 4",
        "timezone": "line 4",
        "venue": "line 5",
        "description": "line 7",
        "performers.0": "line 10",
        "organizers.0": "line 3",
        "attachments.0": "line 13",
    }
    assert "Ada Lovelace" in next(source.text for source in announced.sources if source.field == "performers.0")


@pytest.mark.parametrize(
    "text",
    [
        "Waves\n5 January 2026, 10:00-11:00 CET; 6 January 2026, 10:00-11:00 CET",
        "Waves\nEvery Tuesday from 5 May 2026, 10:00-11:00 CEST",
        "How waves travel (5 May 2025)\n5 May 2026, 10:00-11:00 UTC",
        "Waves\n5 May 2026, 10:00-11:00 Geneva\nRepeated on 7 May 2026, 18:00-19:00 Geneva",
        "Waves\n5 May 2026\nDoors open 18:30, talk 19:00-20:00 BST",
    ],
)
def test_one_of_several_dates_is_doubted(text: str) -> None:
    assert "start" in {note.field for note in event_of(text).blocking_notes()}
