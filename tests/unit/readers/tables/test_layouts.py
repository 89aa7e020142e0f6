"""How people lay a sheet out: headers of two rows, further tables, remarks, and one time for several zones."""

from datetime import date

import pytest

from zoom_ops.errors import BadInputError
from zoom_ops.readers import read_events

from .tables import choices, events_of, notes, row_event, told, xlsx

TWO_ROWS = {
    "a group above each end": (
        "Title;Start;;End;;Time zone\n;Date;Time;Date;Time;\nWaves;13.04.2027;09:30;13.04.2027;11:00;Europe/Berlin\n",
        "Waves | 2027-04-13T09:30 11:00 Europe/Berlin | ",
    ),
    "the same in German": (
        "Titel;Beginn;;Ende;;Zeitzone\n;Datum;Uhrzeit;Datum;Uhrzeit;\nMoor;13.04.2027;09:30;13.04.2027;11:00;UTC\n",
        "Moor | 2027-04-13T09:30 11:00 UTC | ",
    ),
    "a group above each speaker": (
        ",,,,Speaker 1,,Speaker 2,\nTitle,Date,Time,Time zone,Name,Affiliation,Name,Affiliation\n"
        "Waves,2027-07-15,09:00-10:00,UTC,Ada Lovelace,RCE,Alan Turing,University\n",
        "Waves | 2027-07-15T09:00 10:00 UTC | Ada Lovelace, RCE; Alan Turing, University",
    ),
    "a group that adds nothing": (
        ",When,,,Who,\nTitle,Date,Start,End,Speaker,Affiliation\nWaves,2027-07-15,09:00,10:00,Ada Lovelace,RCE\n",
        "Waves | 2027-07-15T09:00 10:00 UTC | Ada Lovelace, RCE | held: timezone",
    ),
}


@pytest.mark.parametrize("case", TWO_ROWS)
def test_header_of_two_rows_is_read_as_one(case: str) -> None:
    content, expected = TWO_ROWS[case]

    assert [told(event) for event in events_of(content)] == [expected]


def test_columns_that_are_left_out_are_named_without_their_cells() -> None:
    (announced,) = read_events(b"Title,Date,Start,End,Time zone,PIN\nWaves,2027-07-15,9:00,10:00,UTC,4711\n", "a.csv")

    assert [(each.column, each.place, each.text) for each in announced.sources if not each.field] == [
        ("PIN", "row 2, column PIN", "")
    ]


def test_sheet_with_two_tables_gives_the_events_of_both() -> None:
    rows = [
        ["Title", "Date", "Time", "Time zone"],
        ["Waves", date(2027, 8, 13), "13:00-14:00", "UTC"],
        [],
        ["Time zone", "Title", "Start", "End", "Date"],
        ["Europe/Paris", "Ships", "09:00", "10:00", "03/04/2027"],
        [],
        ["Name", "Organisation", "Email"],
        ["Ada Lovelace", "Radio Club", "ada@example.org"],
    ]

    waves, ships = events_of(xlsx(rows), "programme.xlsx")

    assert told(waves) == "Waves | 2027-08-13T13:00 14:00 UTC | "
    assert told(ships) == "Ships | 2027-04-03T09:00 10:00 Europe/Paris |  | held: start"
    assert notes(ships)[-1] == (
        "table: lines that were left out: row 7: Name; Organisation; Email, row 8: Ada Lovelace; Radio Club; "
        "ada@example.org"
    )


@pytest.mark.parametrize("day", ["3 April", "31 Apr 2027", "31/04"])
def test_event_that_begins_like_a_total_and_has_no_whole_date_is_refused(day: str) -> None:
    with pytest.raises(BadInputError, match="row 3"):
        events_of(f"Title,Date,Start,End,Time zone\nWaves,2027-03-01,10:00,11:00,UTC\nTotal eclipse,{day},14:30,,UTC\n")


def test_totals_and_remarks_below_the_events_are_left_out_with_a_note() -> None:
    content = (
        "Title,Date,Start,End,Time zone\nTotal eclipse,2027-03-01,10:00,11:00,UTC\n"
        "Notes: from the field,2027-03-02,10:00,11:00,UTC\n,,,,\nTotal,2,,2:00,\nNote: bring a lamp,,,,\n* by request\n"
    )

    first, last = events_of(content)

    assert (first.name, last.name) == ("Total eclipse", "Notes: from the field")
    assert notes(last) == [
        "table: lines that were left out: row 5: Total; 2; 2:00, row 6: Note: bring a lamp, row 7: * by request"
    ]


@pytest.mark.parametrize(
    ("cell", "zone"),
    [
        ("9am-10am EDT / 3pm-4pm CEST", "America/New_York"),
        ("9:00-10:00 EDT/15:00-16:00 CEST", "America/New_York"),
        ("15:00-16:00 Geneva (09:00-10:00 New York)", "Europe/Zurich"),
        ("21:00-22:00 Beijing | 15:00-16:00 Geneva | 13:00-14:00 UTC", "Asia/Shanghai"),
        ("15:00-16:00 CEST, 9:00-10:00 EDT", "Europe/Paris"),
    ],
)
def test_one_time_for_several_zones_is_read_if_they_agree(cell: str, zone: str) -> None:
    event = row_event("Waves", "2027-07-15", cell, headers=("Title", "Date", "Time"))

    assert (event.start_utc.hour, event.end_utc.hour, event.timezone, notes(event)) == (13, 14, zone, [])


@pytest.mark.parametrize(
    ("cell", "field", "readings"),
    [
        ("9am-10am EDT / 2pm-3pm CEST", "start", ("2027-07-15T09:00", "2027-07-15T08:00")),
        ("9am-10am EDT / 3pm-4:30pm CEST", "end", ("2027-07-15T10:00", "2027-07-15T10:30")),
        ("9am-10am EDT / 3pm-4pm CET", "start", ("2027-07-15T09:00", "2027-07-15T10:00")),
    ],
)
def test_zones_that_name_different_instants_hold_the_event(cell: str, field: str, readings: tuple[str, ...]) -> None:
    event = row_event("Waves", "2027-07-15", cell, headers=("Title", "Date", "Time"))

    assert choices(event, field) == readings


@pytest.mark.parametrize(("ends", "held"), [("16:00", set()), ("17:00", {"end"})])
def test_columns_for_another_zone_have_to_agree(ends: str, held: set[str]) -> None:
    headers = ("Title", "Date", "Start (EDT)", "End (EDT)", "Start (CEST)", "End (CEST)")

    event = row_event("Waves", "2027-07-15", "09:00", "10:00", "15:00", ends, headers=headers)

    assert {note.field for note in event.needs_review} == held
    assert event.start_utc.hour == 13
