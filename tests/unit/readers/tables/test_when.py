"""When the event of a row is: every way to write it is read, held with its readings, or refused with its place."""

from datetime import date, datetime, time

import pytest

from zoom_ops.errors import BadInputError

from .tables import HEADERS, choices, events_of, notes, row_event, told, xlsx

HELD_STARTS = {
    "a date of figures": (("3/4/2027", "14:30", "15:30"), ("2027-04-03T14:30", "2027-03-04T14:30")),
    "a year of two digits": (("3.4.27", "14:30", "15:30"), ("2027-04-03T14:30", "2003-04-27T14:30")),
    "neither a.m. nor p.m.": (("3 April 2027", "2:30", "3:30"), ("2027-04-03T02:30", "2027-04-03T14:30")),
    "a day and an hour": (
        ("3/4/2027", "2:30", "3:30"),
        ("2027-04-03T02:30", "2027-04-03T14:30", "2027-03-04T02:30", "2027-03-04T14:30"),
    ),
    "an hour that the clock change skips": (("2027-03-28", "02:30", "03:30"), ("2027-03-28T03:30", "2027-03-28T01:30")),
    "an hour that comes twice": (("2027-10-31", "02:30", "03:30"), ()),
    "a weekday that does not fit": (("Friday 3 April 2027", "14:30", "15:30"), ()),
    "several days": (("3-5 April 2027", "14:30", "15:30"), ()),
    "the number of a day": (("46480", "14:30", "15:30"), ()),
    "midnight with the date": (("2027-04-03 00:00", "", "01:00"), ()),
    "another time beside the date": (("2027-04-03 14:30", "16:00", "17:00"), ()),
    "a month's name and two digits": (("3-Apr-27", "14:30", "15:30"), ()),
}


@pytest.mark.parametrize("case", HELD_STARTS)
def test_start_that_may_be_another_is_held_with_its_readings(case: str) -> None:
    cells, readings = HELD_STARTS[case]

    event = row_event("Waves", *cells, "Europe/Zurich", "")

    assert "start" in [note.field for note in event.blocking_notes()]
    assert choices(event, "start") == readings
    if readings:
        assert f"{event.start:%Y-%m-%dT%H:%M}" == readings[0]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("14:30", "15:45", "14:30 15:45"),
        ("14.30", "15.45", "14:30 15:45"),
        ("14h30", "16h", "14:30 16:00"),
        ("14:30:00", "15:45:00", "14:30 15:45"),
        ("14 Uhr", "15:45 Uhr", "14:00 15:45"),
        ("14:30-15:45", "", "14:30 15:45"),
        ("2:30 p.m.", "3:45 p.m.", "14:30 15:45"),
        ("11:30 AM", "1:00", "11:30 13:00"),
        ("1430", "1545", "14:30 15:45"),
        ("0.5", "0.625", "12:00 15:00"),
        ("noon", "13:00", "12:00 13:00"),
        ("22:00", "24:00", "22:00 00:00"),
        ("22:00", "1:00", "22:00 01:00"),
        ("下午2:30", "下午3:45", "14:30 15:45"),
    ],
)
def test_times_are_read_without_a_note(start: str, end: str, expected: str) -> None:
    event = row_event("Waves", "2027-04-03", start, end, "Europe/Zurich", "")

    assert told(event) == f"Waves | 2027-04-03T{expected} Europe/Zurich | "
    assert notes(event) == []


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Saturday, April 3, 2027 2:30pm - 4:00pm", "2027-04-03T14:30 16:00"),
        ("03.04.2027, 14:30 - 16:00 Uhr", "2027-04-03T14:30 16:00"),
        ("2027年4月3日 14:30-16:00", "2027-04-03T14:30 16:00"),
        ("2027-04-03 09:00-10:00", "2027-04-03T09:00 10:00"),
        ("3 апреля 2027 г. в 14:30 - 16:00", "2027-04-03T14:30 16:00"),
    ],
)
def test_date_and_times_may_stand_in_one_cell(cell: str, expected: str) -> None:
    event = row_event("Waves", cell, "UTC", headers=("Titel", "Datum / Uhrzeit", "Zeitzone"))

    assert (told(event), notes(event)) == (f"Waves | {expected} UTC | ", [])


@pytest.mark.parametrize("start", ["2027-04-03T14:30:00Z", "2027-04-03 14:30+00:00", "2027-04-03 12:30:00-02:00"])
def test_start_and_end_with_an_offset_are_instants(start: str) -> None:
    headers = ("Title", "Start date", "End date", "TZ")

    event = row_event("Waves", start, "2027-04-03 17:00", "UTC", headers=headers)

    assert f"{event.start_utc:%H:%M}-{event.end_utc:%H:%M}" == "14:30-17:00"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("europe/zurich", "Europe/Zurich"),
        ("UTC+5.30", "Asia/Kolkata"),
        ("UTC +2", "Etc/GMT-2"),
        ("+02:00", "Etc/GMT-2"),
        ("CET/CEST", "Europe/Paris"),
        ("Pacific Time", "America/Los_Angeles"),
        ("(GMT+01:00) Europe/Paris", "Europe/Paris"),
        ("(GMT-05:00) Eastern Time (US and Canada)", "America/New_York"),
        ("Geneva time", "Europe/Zurich"),
    ],
)
def test_zones_are_read_without_a_note(zone: str, expected: str) -> None:
    event = row_event("Waves", "2027-04-03", "14:30", "15:30", zone, "")

    assert (event.timezone, notes(event)) == (expected, [])
    assert f"{event.start:%H:%M}" == "14:30"


@pytest.mark.parametrize(
    ("zone", "readings"),
    [
        ("CST", ("America/Chicago", "Asia/Shanghai", "America/Havana")),
        ("EST", ("America/New_York", "Etc/GMT+5")),
        ("CET", ("Europe/Paris", "Etc/GMT-1")),
        ("GMT", ("UTC", "Europe/London")),
        ("Zurich, New York", ("Europe/Zurich", "America/New_York")),
        ("", ()),
    ],
)
def test_zone_that_may_be_another_is_held_with_its_readings(zone: str, readings: tuple[str, ...]) -> None:
    event = row_event("Waves", "2027-04-03", "14:30", "15:30", zone, "")

    assert [note.field for note in event.blocking_notes()] == ["timezone"]
    assert choices(event, "timezone") == readings


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            ("31/02/2027", "14:30", "15:30", "UTC"),
            "column Date: '31/02/2027' is no date; expected one such as 2027-04-03",
        ),
        (("3 April", "14:30", "15:30", "UTC"), "column Date: '3 April' is no date"),
        (("1/1/1900", "14:30", "15:30", "UTC"), "column Date: '1/1/1900' is of another age; expected a year from 1970"),
        (
            ("2027-04-03", "25:00", "15:30", "UTC"),
            "column Start: '25:00' is no time of day; expected one such as 14:30",
        ),
        (("2027-04-03", "14:30 & 16:00", "", "UTC"), "column Start: '14:30 & 16:00' is no time of day"),
        (("2027-04-03", "", "15:30", "UTC"), "column Start: this is empty; expected one such as 14:30"),
        (("", "14:30", "15:30", "UTC"), "column Date: this is empty; expected one such as 2027-04-03"),
        (("2027-04-03", "14:30", "later", "UTC"), "column End: 'later' is no time of day"),
        (
            ("2027-04-03", "14:30", "15:30", "Europe/Zurch"),
            "is no time zone; expected one such as Europe/Zurich or UTC",
        ),
        (
            ("2027-04-03 14:30", "", "2027-04-03 13:30", "UTC"),
            "'2027-04-03 13:30' is not after the start, 2027-04-03 14:30",
        ),
    ],
)
def test_cell_that_says_no_time_is_refused_with_its_place(cells: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(BadInputError) as caught:
        row_event("Waves", *cells, "")

    assert sentence in str(caught.value)
    assert str(caught.value).startswith("programme.tsv: row 2, column")
    assert caught.value.line == 2


def test_order_of_figures_is_settled_by_the_column_or_its_header() -> None:
    def starts(header: str, *dates: str) -> list[str]:
        rows = "".join(f"T{n},{day},14:30,15:30,UTC\n" for n, day in enumerate(dates))
        events = events_of(f"Title,{header},Start,End,TZ\n{rows}")
        return [f"{event.start:%Y-%m-%d}" + ("?" if event.blocking_notes() else "") for event in events]

    assert starts("Date", "3/4/2027", "13/4/2027") == ["2027-04-03", "2027-04-13"]
    assert starts("Date", "3/4/2027", "4/13/2027") == ["2027-03-04", "2027-04-13"]
    assert starts("Date (MM/DD/YYYY)", "3/4/2027") == ["2027-03-04"]
    assert starts("Datum (TT.MM.JJJJ)", "3.4.2027") == ["2027-04-03"]
    assert starts("Date", "3/4/2027", "13/4/2027", "4/13/2027") == ["2027-04-03?", "2027-04-13", "2027-04-13"]


def test_clock_of_a_column_settles_its_hours() -> None:
    def held(*times: str) -> list[str]:
        rows = "".join(f"T{n},2027-04-03,{start},UTC,60\n" for n, start in enumerate(times))
        return [
            told(event)[5:] for event in events_of(f"Title,Date,Start,TZ,Duration\n{rows}") if event.blocking_notes()
        ]

    assert held("9:00", "14:00", "2:30") == []
    assert held("9:00", "11:30", "2:30") == ["2027-04-03T02:30 03:30 UTC |  | held: start"]


def test_zone_stands_in_the_header_or_above_the_table() -> None:
    (in_header,) = events_of("Title,Date,Start (CET),End (CET)\nWaves,2027-01-09,14:30,15:30\n")
    (above,) = events_of("All times in CET,,,\nTitle,Date,Start,End\nWaves,2027-01-09,14:30,15:30\n")

    assert told(in_header) == "Waves | 2027-01-09T14:30 15:30 Europe/Paris | "
    assert told(above) == "Waves | 2027-01-09T14:30 15:30 Europe/Paris |  | held: timezone"


def test_day_of_a_row_above_is_taken_and_held() -> None:
    _, event = events_of("Date,Title,Start,End,TZ\n2027-04-03,A,9:00,10:00,UTC\n,B,10:00,11:00,UTC\n")

    assert notes(event) == ["start: the row has no date; that of row 2, 2027-04-03, is taken"]


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [
        ("60", 60),
        ("1.5", 90),
        ("2", 120),
        ("1:30", 90),
        ("90 min", 90),
        ("1h15", 75),
        ("1,5 h", 90),
        ("45'", 45),
        ("90 минут", 90),
    ],
)
def test_duration_gives_the_end(duration: str, minutes: int) -> None:
    event = row_event(
        "Waves", "2027-04-03", "14:30", duration, "UTC", headers=("Title", "Date", "Start", "Duration", "TZ")
    )

    assert ((event.end - event.start).total_seconds() // 60, notes(event)) == (minutes, [])


@pytest.mark.parametrize(
    ("end", "duration", "reason"),
    [
        ("", "", "end: no end is written; one hour is assumed"),
        ("15:30", "90", "end: the end and the duration disagree: 15:30 (taken) or 16:00"),
        ("", "10", "end: 10 may be hours (taken) or minutes"),
        ("13:30", "", "end: an event of 23 h 00 min is written: 14:30 to 13:30"),
        ("2027-04-05 16:00", "", "end: the event lasts 50 hours; several days are several events"),
    ],
)
def test_end_that_may_be_another_is_held(end: str, duration: str, reason: str) -> None:
    headers = ("Title", "Date", "Start", "End", "Duration", "TZ")

    event = row_event("Waves", "2027-04-03", "14:30", end, duration, "UTC", headers=headers)

    assert reason in notes(event)


def test_dates_that_a_spreadsheet_of_another_country_changed_are_held() -> None:
    rows = [
        HEADERS,
        ["A", date(2027, 4, 3), time(14, 30), time(15, 30), "UTC"],
        ["B", "13/4/2027", time(14, 30), time(15, 30), "UTC"],
        ["C", date(2027, 4, 13), time(14, 30), time(15, 30), "UTC"],
    ]

    first, *others = events_of(xlsx(rows), "programme.xlsx")

    assert choices(first, "start") == ("2027-04-03T14:30", "2027-03-04T14:30")
    assert [event.blocking_notes() for event in others] == [(), ()]


def test_time_of_a_spreadsheet_is_rounded_to_its_minute() -> None:
    rows = [("Title", "Start", "End", "TZ"), ("A", datetime(2027, 4, 3, 14, 29, 59, 999_000), 46480.65625, "UTC")]  # noqa: DTZ001

    (event,) = events_of(xlsx(rows), "programme.xlsx")

    assert told(event) == "A | 2027-04-03T14:30 15:45 UTC | "


@pytest.mark.parametrize("cell", ["Sa, 3. April 2027", "Sa 03.04.2027", "sam. 3 avril 2027", "сб, 3 апреля 2027"])
def test_short_weekday_before_a_date_is_read_and_compared(cell: str) -> None:
    event = row_event("Waves", cell, "14:30", "15:30", "UTC")
    other = row_event("Waves", cell.replace("3", "4", 1), "14:30", "15:30", "UTC")

    assert told(event) == "Waves | 2027-04-03T14:30 15:30 UTC | "
    assert "the weekday does not fit" in " ".join(notes(other))
