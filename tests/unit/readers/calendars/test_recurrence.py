"""Entries that repeat: an event for each date, with the dates that are left out, added, moved and cancelled."""

from datetime import UTC, datetime

import pytest

from tests.unit.readers.calendars.written import ENDS, TITLE, ZURICH, a_calendar, an_entry, read_calendar, read_entry
from zoom_ops.errors import BadInputError
from zoom_ops.readers import read_events

WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"


def starts(*lines: str) -> list[str]:
    """List the starts of the events of an entry, in UTC."""
    announced = read_calendar(*an_entry(ZURICH, ENDS, TITLE, *lines))
    return [each.event.start.astimezone(UTC).strftime("%m-%d %H:%M") for each in announced]


def test_each_date_of_a_series_is_an_event_of_its_own() -> None:
    announced = read_calendar(*an_entry(ZURICH, ENDS, TITLE, "RRULE:FREQ=MONTHLY;UNTIL=20270603T120000Z"))

    assert [(each.event.id, each.origin, each.event.start, each.event.needs_review) for each in announced] == [
        (
            f"how-waves-travel-2027-{month:02}-03",
            f"ical:1@example.org/2027{month:02}03T120000Z",
            datetime(2027, month, 3, 12, tzinfo=UTC),
            (),
        )
        for month in (4, 5, 6)
    ]
    assert {(each.event.end - each.event.start).total_seconds() for each in announced} == {5400}
    assert next(source.text for source in announced[1].sources if source.field == "start").startswith("RRULE:")


def test_a_series_keeps_its_local_time_when_the_clocks_change() -> None:
    announced = read_calendar(
        *an_entry("DTSTART;TZID=Europe/Zurich:20271027T140000", "DURATION:PT1H", TITLE, "RRULE:FREQ=WEEKLY;COUNT=2")
    )

    assert [each.event.start.hour for each in announced] == [12, 13]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((WEEKLY,), ["04-03 12:00", "04-10 12:00", "04-17 12:00", "04-24 12:00"]),
        ((WEEKLY, "EXDATE;TZID=Europe/Zurich:20270410T140000,20270417T140000"), ["04-03 12:00", "04-24 12:00"]),
        ((WEEKLY, "EXDATE:20270410T120000Z"), ["04-03 12:00", "04-17 12:00", "04-24 12:00"]),
        ((WEEKLY, "EXDATE;VALUE=DATE:20270410"), ["04-03 12:00", "04-17 12:00", "04-24 12:00"]),
        (("RDATE;TZID=America/New_York:20270404T100000",), ["04-03 12:00", "04-04 14:00"]),
        (("RRULE:FREQ=WEEKLY;UNTIL=20270410",), ["04-03 12:00", "04-10 12:00"]),
        (("RRULE:FREQ=DAILY;BYDAY=SA,SU;UNTIL=20270405T000000Z",), ["04-03 12:00", "04-04 12:00"]),
        (("RRULE:FREQ=MONTHLY;BYDAY=1SA;COUNT=2",), ["04-03 12:00", "05-01 12:00"]),
    ],
)
def test_dates_follow_the_rule_and_its_exceptions(lines: tuple[str, ...], expected: list[str]) -> None:
    assert starts(*lines) == expected


def test_occurrences_that_were_moved_or_cancelled_replace_those_of_the_rule() -> None:
    at = "RECURRENCE-ID;TZID=Europe/Zurich:202704"
    moved = an_entry("DTSTART:20270411T070000Z", "DURATION:PT2H", "SUMMARY:How far waves travel", f"{at}10T140000")
    cancelled = an_entry(
        ZURICH.replace("0403", "0417"), ENDS.replace("0403", "0417"), f"{at}17T140000", "STATUS:CANCELLED"
    )

    announced = read_calendar(*an_entry(ZURICH, ENDS, TITLE, WEEKLY), *moved, *cancelled)

    assert [
        (each.event.name, f"{each.event.start:%m-%d %H}", each.event.status, each.origin[-16:]) for each in announced
    ] == [
        ("How waves travel", "04-03 12", "scheduled", "20270403T120000Z"),
        ("How far waves travel", "04-11 07", "scheduled", "20270410T120000Z"),
        ("How waves travel", "04-17 12", "cancelled", "20270417T120000Z"),
        ("How waves travel", "04-24 12", "scheduled", "20270424T120000Z"),
    ]


def test_a_changed_occurrence_alone_is_an_event() -> None:
    announced = read_entry(ZURICH, ENDS, TITLE, "RECURRENCE-ID;TZID=Europe/Zurich:20270402T140000")

    assert announced.origin == "ical:1@example.org/20270402T120000Z"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            ("RRULE:FREQ=WEEKLY",),
            "this entry repeats without an end (RRULE:FREQ=WEEKLY); give it an end (COUNT or UNTIL)",
        ),
        (("RRULE:FREQ=DAILY;COUNT=1000000000",), "this entry repeats more than 400 times; export the dates"),
        (("RRULE:FREQ=DAILY;UNTIL=21991231",), "this entry repeats more than 400 times"),
        (("RRULE:FREQ=SECONDLY;COUNT=2",), "'RRULE:FREQ=SECONDLY;COUNT=2' is not read; expected days, weeks, months"),
        (("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",), "BYMONTHDAY in "),
        (("RRULE:FREQ=DAILY;INTERVAL=0;COUNT=2",), "is not read; expected days"),
        (("RRULE:FREQ=WEEKLY;COUNT=many",), "expected a rule such as RRULE:FREQ=WEEKLY;COUNT=10, found"),
        (("RRULE:FREQ=WEEKLY;BYDAY=XX;COUNT=2",), "expected a rule such as RRULE:FREQ=WEEKLY;COUNT=10, found"),
        (("RRULE:FREQ=WEEKLY;UNTIL=soon",), "expected a rule such as RRULE:FREQ=WEEKLY;COUNT=10, found"),
        (("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",), "gives no second date; check the rule"),
        ((WEEKLY, WEEKLY), "this entry has several RRULE lines; expected one"),
        ((WEEKLY, "EXDATE:soon"), "EXDATE: expected a time such as 20270403T140000, found 'soon'"),
        ((WEEKLY, "EXRULE:FREQ=DAILY"), "EXRULE is not read; expected EXDATE with the dates that are left out"),
        (("RDATE;VALUE=PERIOD:20270403T140000Z/PT1H",), "RDATE: expected a time such as 20270403T140000"),
    ],
)
def test_repetition_that_is_endless_or_damaged_is_refused(lines: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(BadInputError, match=r"events.ics:\d+: ") as raised:
        read_events(a_calendar(*an_entry(ZURICH, ENDS, TITLE, *lines)), "events.ics")

    assert sentence in str(raised.value)


def test_change_of_all_later_dates_is_refused() -> None:
    later = an_entry(ZURICH, ENDS, TITLE, "RECURRENCE-ID;RANGE=THISANDFUTURE:20270410T120000Z")

    with pytest.raises(BadInputError, match="a change of this and all later dates is not read"):
        read_calendar(*an_entry(ZURICH, ENDS, TITLE, WEEKLY), *later)


def test_first_date_that_the_rule_does_not_give_is_held() -> None:
    announced = read_calendar(*an_entry(ZURICH, ENDS, TITLE, "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2"))

    assert {note.reason for each in announced for note in each.event.blocking_notes()} == {
        "the rule does not give the first date, 2027-04-03 14:00"
    }
