"""The times of an announcement: instants, zones, rows and doubts."""

from dataclasses import dataclass

import pytest

from zoom_ops.errors import BadInputError
from zoom_ops.events import Event
from zoom_ops.readers import read_events


def schedule_of(text: str, *, more: str = "") -> Event:
    (announced,) = read_events(f"Radio Lecture\n\nHow waves travel\n\n{text}\n\n{more}".encode(), "a.txt")
    return announced.event


def instants(event: Event) -> str:
    return f"{event.start_utc:%Y-%m-%d %H:%M} – {event.end_utc:%Y-%m-%d %H:%M}"


def rows(event: Event) -> list[tuple[str, str, str, str]]:
    return [(row.label, row.timezone, row.start[5:], row.end[5:]) for row in event.display_times]


def doubts(event: Event) -> list[str]:
    return [note.field for note in event.needs_review if note.field in ("start", "end", "timezone")]


DAY = "2023-01-31 13:30 – 2023-01-31 14:45"


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("31 January 2023, 08:30-09:45 EST, New York time / 14:30-15:45 CET, Geneva time", "America/New_York", DAY),
        ("January 31, 2023 | 8:30 AM - 9:45 AM ET | Zoom", "America/New_York", DAY),
        ("Tuesday, 31 January 2023, 8:30–9:45 am (New York)", "America/New_York", DAY),
        ("Tuesday, 31st of January 2023, from 2.30 to 3.45 p.m., Geneva time", "Europe/Zurich", DAY),
        ("Date: 31 January 2023\nTime: 08:30-09:45 EST (New York)\n14:30-15:45 CET (Geneva)", "America/New_York", DAY),
        ("When:\nTuesday 31 January 2023\n14:30–15:45 Geneva", "Europe/Zurich", DAY),
        ("2023-01-31 14:30-15:45 Europe/Zurich", "Europe/Zurich", DAY),
        ("31 Jan. 2023, 14:30-15:45 (UTC+1)", "Etc/GMT-1", DAY),
        ("31 January 2023, 19:00-20:15 UTC+5:30", "Asia/Kolkata", DAY),
        ("31 January 2023, 13:30–14:45 GMT", "UTC", DAY),
        ("31.01.2023, 14.30–15.45 Uhr (MEZ)", "Europe/Berlin", DAY),
        ("mardi 31 janvier 2023, de 14h30 à 15h45 (heure de Genève)", "Europe/Zurich", DAY),
        ("31 de enero de 2023, de 10:30 a 11:45 (hora de Santiago)", "America/Santiago", DAY),
        ("31 января 2023 г., 16:30–17:45 (Москва)", "Europe/Moscow", DAY),
        ("2023年1月31日 21:30-22:45 北京时间", "Asia/Shanghai", DAY),
        ("٣١ يناير ٢٠٢٣، ١٤:٣٠ - ١٥:٤٥ جنيف", "Europe/Zurich", DAY),
        ("٣١ كانون الثاني ٢٠٢٣، ١٤:٣٠ - ١٥:٤٥ جنيف", "Europe/Zurich", DAY),
        ("31 January 2023 at 14:30 (1 h 15), Geneva", "Europe/Zurich", DAY),
        ("Date: 31 January 2023\nTime: 14:30\nDuration: 75 minutes\nTime zone: Geneva", "Europe/Zurich", DAY),
        ("31 January 2023, 14:30 CET - 15:45 CET", "Europe/Paris", DAY),
        ("31 January 2023, 14:30–15:45 CET/CEST", "Europe/Paris", DAY),
        ("31 January 2023, 1430-1545 hrs Geneva", "Europe/Zurich", DAY),
        ("31 January 2023, 10 to 11 am, Nairobi", "Africa/Nairobi", "2023-01-31 07:00 – 2023-01-31 08:00"),
        ("12 December 2023, noon to 1 pm, Vienna", "Europe/Vienna", "2023-12-12 11:00 – 2023-12-12 12:00"),
        ("12 December 2023, 11:30-1 pm London", "Europe/London", "2023-12-12 11:30 – 2023-12-12 13:00"),
        ("12 December 2023, 22:30-00:30 Vienna", "Europe/Vienna", "2023-12-12 21:30 – 2023-12-12 23:30"),
        ("31 January – 1 February 2023, 22:00–02:00 CET", "Europe/Paris", "2023-01-31 21:00 – 2023-02-01 01:00"),
        ("Monday, 03/04/2023, 10:00-11:00 UTC", "UTC", "2023-04-03 10:00 – 2023-04-03 11:00"),
        ("01/31/2023 13:30-14:45 UTC", "UTC", DAY),
        ("Start: 31 January 2023, 1:30 p.m. London time\nEnd: 2:45 p.m. London time", "Europe/London", DAY),
    ],
)
def test_schedule_is_read_without_doubt(text: str, zone: str, instant: str) -> None:
    event = schedule_of(text)

    assert (event.timezone, instants(event), doubts(event)) == (zone, instant, [])


def test_schedule_shows_every_zone_with_its_label() -> None:
    event = schedule_of(
        "31 January 2023\n\nNew York: 8:30 – 9:45 a.m.\nGeneva: 2:30 – 3:45 p.m.\nTokyo: 10:30 – 11:45 p.m."
    )

    assert rows(event) == [
        ("New York", "America/New_York", "01-31T08:30", "01-31T09:45"),
        ("Geneva", "Europe/Zurich", "01-31T14:30", "01-31T15:45"),
        ("Tokyo", "Asia/Tokyo", "01-31T22:30", "01-31T23:45"),
    ]


def test_schedule_row_of_a_later_day_has_that_day() -> None:
    event = schedule_of("31 January 2023, 20:00-21:00 EST / 02:00-03:00 CET")

    assert rows(event)[1] == ("CET", "Europe/Paris", "02-01T02:00", "02-01T03:00")
    assert doubts(event) == []


def test_schedule_rows_may_have_dates_of_their_own() -> None:
    event = schedule_of("15 May 2024, 20:00-21:30, New York / 16 May 2024, 12:00-13:30, Suva")

    assert [row[2] for row in rows(event)] == ["05-15T20:00", "05-16T12:00"]
    assert doubts(event) == []


def test_other_zones_settle_an_ambiguous_abbreviation() -> None:
    event = schedule_of("5 July 2023, 10:00-11:00 BST / 05:00-06:00 EDT")

    assert (event.timezone, doubts(event)) == ("Europe/London", [])


def test_other_zones_settle_morning_or_afternoon() -> None:
    event = schedule_of("31 January 2023, 2:30-3:45 New York time / 20:30-21:45 Geneva time")

    assert (instants(event), doubts(event)) == ("2023-01-31 19:30 – 2023-01-31 20:45", [])


@dataclass(frozen=True, kw_only=True)
class Doubtful:
    """An ambiguous schedule: the fields in doubt, and words of the reason."""

    text: str
    fields: tuple[str, ...]
    says: tuple[str, ...]


@pytest.mark.parametrize(
    "case",
    [
        Doubtful(
            text="31 July 2023, 08:30-09:45 EST, New York time",
            fields=("timezone",),
            says=("EST is not in force", "12:30 UTC", "13:30 UTC"),
        ),
        Doubtful(
            text="31 July 2023, 14:30–15:45 CET",
            fields=("timezone",),
            says=("CET is not in force", "12:30 UTC", "13:30 UTC"),
        ),
        Doubtful(
            text="20 March 2023, 08:30-09:45 EDT, New York time / 14:30-15:45 CET, Geneva time",
            fields=("start",),
            says=("08:30 New York time is 2023-03-20 12:30 UTC", "14:30 Geneva time is 2023-03-20 13:30 UTC"),
        ),
        Doubtful(
            text="5 December 2023, 10:00-11:00 CST",
            fields=("timezone",),
            says=("America/Chicago: 2023-12-05 16:00 UTC", "Asia/Shanghai: 2023-12-05 02:00 UTC"),
        ),
        Doubtful(
            text="5 December 2023, 10:00-11:00 IST", fields=("timezone",), says=("Asia/Kolkata", "Asia/Jerusalem")
        ),
        Doubtful(text="31 January 2023, 10:00-11:00", fields=("timezone",), says=("no time zone", "UTC is taken")),
        Doubtful(text="03/04/2023 10:00-11:00 UTC", fields=("start",), says=("3 April 2023 (taken)", "4 March 2023")),
        Doubtful(text="31/01/23 10:00-11:00 UTC", fields=("start",), says=("two digits", "2023")),
        Doubtful(text="Monday 31 January 2023, 10:00-11:00 UTC", fields=("start",), says=("is a Tuesday",)),
        Doubtful(text="31 January 2023, 14:30 UTC", fields=("end",), says=("one hour is assumed",)),
        Doubtful(
            text="8-10 March 2024, 10:00-12:00 UTC", fields=("start",), says=("several days", "one event per day")
        ),
        Doubtful(
            text="26 March 2023, 02:30-03:45 Geneva", fields=("start",), says=("does not exist in Europe/Zurich",)
        ),
        Doubtful(text="29 October 2023, 02:30-03:45 Geneva", fields=("start",), says=("comes twice",)),
        Doubtful(text="31 January 2023, 2:30-3:45 Geneva", fields=("start",), says=("02:30 (taken) or 14:30",)),
        Doubtful(
            text="31 January 2023, 10:00-12:00 and 14:00-16:00 UTC",
            fields=("start",),
            says=("another time is announced: 2023-01-31 14:00",),
        ),
        Doubtful(
            text="30 January 2023, 10:00-12:00 UTC\n31 January 2023, 14:00-16:00 UTC",
            fields=("start",),
            says=("another date is announced", "2023-01-30 10:00, was taken"),
        ),
        Doubtful(
            text="31 January 2023 22:00 CET\n1 February 2023 01:00 CET",
            fields=("start", "end"),
            says=("another date is announced: 2023-02-01 01:00",),
        ),
        Doubtful(
            text="31 January 2023, midnight, CET",
            fields=("start", "end"),
            says=("midnight may begin or end this day",),
        ),
        Doubtful(
            text="31 January 2023, 14:30-15:45 Geneva (1 hour)",
            fields=("end",),
            says=("75 minutes (taken) or 60",),
        ),
        Doubtful(
            text="31 January 2023, 08:30-09:45 New York / 14:30-16:00 Geneva",
            fields=("end",),
            says=("75 minutes by the first zone (taken), 90 by Geneva",),
        ),
        Doubtful(
            text="31 January 2023, 10:00-11:00 Geneva and Nairobi",
            fields=("timezone",),
            says=("two zones are named for one time", "09:00 UTC", "07:00 UTC"),
        ),
    ],
    ids=lambda case: case.text[:45],
)
def test_schedule_doubt_names_field_line_and_readings(case: Doubtful) -> None:
    event = schedule_of(case.text)

    notes = [note for note in event.needs_review if note.field in ("start", "end", "timezone")]
    assert tuple(note.field for note in notes) == case.fields
    assert all(words in notes[0].reason for words in case.says), notes[0].reason
    assert notes[0].line in (5, 6)
    assert notes[0].text.split()[0] in case.text


def test_zone_of_the_venue_is_taken_with_a_doubt() -> None:
    event = schedule_of("31 January 2023, 10:00-11:00\nVenue: Palais des Nations, Geneva")

    assert (event.timezone, doubts(event)) == ("Europe/Zurich", ["timezone"])


def test_local_time_at_a_known_venue_is_certain() -> None:
    event = schedule_of("31 January 2023, 10:00-11:00 local time\nVenue: Palais des Nations, Geneva")

    assert (event.timezone, doubts(event)) == ("Europe/Zurich", [])


def test_years_in_prose_and_deadlines_are_not_the_date() -> None:
    event = schedule_of(
        "Registration deadline: 20 January 2023\n31 January 2023, 13:30-14:45 UTC",
        more="With eight years ahead, the 2030 Agenda of 1 May 2015 calls for action, said the report of 5 May 2022.",
    )

    assert (instants(event), doubts(event)) == (DAY, [])


def test_agenda_times_are_not_the_schedule() -> None:
    event = schedule_of("31 January 2023, 13:30-14:45 UTC", more="Agenda\n\n13:30-13:40\nWelcome\n13:40-14:45\nDebate")

    assert (instants(event), doubts(event)) == (DAY, [])


def test_year_of_the_head_serves_a_date_without_one() -> None:
    (announced,) = read_events(b"2023 Forum\n\nHow waves travel\n\nTuesday, 31 January, 13:30-14:45 UTC\n", "a.txt")

    assert instants(announced.event) == DAY
    assert doubts(announced.event) == ["start"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("We speak of the 2030 Agenda.", 1, "no line says when the event is; expected one such as"),
        ("30 February 2023, 13:30-14:45 UTC", 5, "no date that exists can be read here; expected a line such as"),
        ("Date: sometime in spring", 5, "no date that exists can be read here"),
        ("31 January 2023", 5, "expected a time of day with the date, such as"),
        ("Tuesday, 31 January, 13:30-14:45 UTC", 5, "the date has no year; expected one such as"),
    ],
)
def test_missing_schedule_is_refused_with_line_and_example(text: str, line: int, says: str) -> None:
    with pytest.raises(BadInputError) as caught:
        schedule_of(text)

    assert (caught.value.file, caught.value.line) == ("a.txt", line)
    assert says in str(caught.value)
    assert "31 January 2023, 14:30-15:45 CET, Geneva time" in str(caught.value)
