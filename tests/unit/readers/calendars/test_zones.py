"""The zones of calendars: known by name, by the calendar's own rules, or held."""

from datetime import UTC, datetime

import pytest

from tests.unit.readers.calendars.written import EASTERN, ENDS, TITLE, an_entry, read_calendar, read_entry
from zoom_ops.events import Event


def read_at(start: str, *before: str) -> Event:
    """Read an event of an hour that begins at a DTSTART, with some lines of its calendar before it."""
    (announced,) = read_calendar(*before, *an_entry(start, "DURATION:PT1H", TITLE))
    return announced.event


def rules(name: str) -> tuple[str, ...]:
    """Return the rules of the east of the United States under a name."""
    return tuple(line.format(name=name) for line in EASTERN)


@pytest.mark.parametrize(
    ("tzid", "zone", "hour"),
    [
        ("Europe/Zurich", "Europe/Zurich", 12),
        ("europe/zurich", "Europe/Zurich", 12),
        ('"Europe/Zurich"', "Europe/Zurich", 12),
        ("/freeassociation.sourceforge.net/Europe/Zurich", "Europe/Zurich", 12),
        ("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Ushuaia", "America/Argentina/Ushuaia", 17),
        ("/mozilla.org/20050126_1/Europe/Zurich", "Europe/Zurich", 12),
        ("Eastern Standard Time", "America/New_York", 18),
        ("W. Europe Standard Time", "Europe/Berlin", 12),
        ("UTC", "UTC", 14),
    ],
)
def test_zone_is_known_by_its_name(tzid: str, zone: str, hour: int) -> None:
    event = read_at(f"DTSTART;TZID={tzid}:20270403T140000")

    assert (event.timezone, event.start, event.needs_review) == (zone, datetime(2027, 4, 3, hour, tzinfo=UTC), ())


def test_time_in_utc_is_shown_in_the_zone_of_its_calendar() -> None:
    alone = read_at("DTSTART:20270403T140000Z")
    with_zone = read_at("DTSTART:20270403T140000Z", "X-WR-TIMEZONE:Europe/Zurich")

    assert alone.start == with_zone.start == datetime(2027, 4, 3, 14, tzinfo=UTC)
    assert (alone.timezone, with_zone.timezone) == ("UTC", "Europe/Zurich")
    assert alone.needs_review == with_zone.needs_review == ()


@pytest.mark.parametrize(
    ("start", "before", "zone", "hour", "reason"),
    [
        ("DTSTART:20270403T140000", (), "UTC", 14, "the time names no zone"),
        ("DTSTART:20270403T140000", ("X-WR-TIMEZONE:Europe/Zurich",), "Europe/Zurich", 12, "own zone Europe/Zurich is"),
        ("DTSTART;TZID=Alder Bay:20270403T140000", (), "UTC", 14, "the zone 'Alder Bay' is not known"),
        ("DTSTART;TZID=../../etc/passwd:20270403T140000", (), "UTC", 14, "the zone '../../etc/passwd' is not known"),
        ("DTSTART;TZID=Europe/Zurich:20270403T140000Z", (), "UTC", 14, "the time ends in Z (UTC) and names the zone"),
        ("DTSTART;TZID=UTC+2:20270403T140000", (), "Etc/GMT-2", 12, "'UTC+2' is an offset and no zone: 14:00 is 12:00"),
        ("DTSTART;TZID=GMT-05:00:20270403T140000", (), "Etc/GMT+5", 19, "is an offset and no zone: 14:00 is 19:00 UTC"),
        ("DTSTART;TZID=localtime:20270403T140000", (), "UTC", 14, "the zone 'localtime' is not known"),
        ("DTSTART;TZID=EST:20270703T140000", (), "EST", 19, "EST is an offset without summer time"),
        (
            "DTSTART;TZID=(UTC-05:00) Eastern Time:20270703T140000",
            rules("(UTC-05:00) Eastern Time"),
            "America/New_York",
            18,
            "by the calendar's own rules 14:00 there is 18:00 UTC. Choose the zone",
        ),
        ("DTSTART;TZID=EST:20270703T140000", rules("EST"), "America/New_York", 18, "'EST' is no IANA zone"),
    ],
)
def test_doubtful_zone_holds_the_event(start: str, before: tuple[str, ...], zone: str, hour: int, reason: str) -> None:
    event = read_at(start, *before)

    (note,) = event.blocking_notes()
    assert (note.field, event.timezone, event.start.astimezone(UTC).hour) == ("timezone", zone, hour)
    assert reason in note.reason
    assert not note.choices or note.choices[0] == zone


def test_zone_of_a_calendar_is_named_by_its_location() -> None:
    located = [*rules("Mine")[:2], "X-LIC-LOCATION:America/Toronto", *rules("Mine")[2:]]

    event = read_at("DTSTART;TZID=Mine:20270703T140000", *located)

    assert (event.timezone, event.start.hour, event.needs_review) == ("America/Toronto", 18, ())


def test_zone_that_the_calendar_defines_in_another_way_is_held_with_both_readings() -> None:
    agreeing = read_at("DTSTART;TZID=America/New_York:20270703T140000", *rules("America/New_York"))
    event = read_at("DTSTART;TZID=Europe/Zurich:20270703T140000", *rules("Europe/Zurich"))

    (note,) = event.needs_review
    assert agreeing.needs_review == ()
    assert (note.field, note.choices) == ("start", ("2027-07-03T14:00", "2027-07-03T20:00"))
    assert "by its own rules it is 18:00 UTC, by those of Europe/Zurich 12:00 UTC" in note.reason


@pytest.mark.parametrize("rule", ["RRULE:FREQ=SECONDLY", "RRULE:FREQ=YEARLY;BYDAY=9XX", "TZOFFSETFROM:soon"])
def test_damaged_rules_of_a_zone_are_as_good_as_none(rule: str) -> None:
    broken = [rule if line.startswith(rule.partition(":")[0]) else line for line in rules("Mine")]

    event = read_at("DTSTART;TZID=Mine:20270703T140000", *broken)

    assert event.timezone == "UTC"
    assert "is not known, and the calendar does not define it" in event.blocking_notes()[0].reason


def test_zone_of_one_file_is_not_that_of_another() -> None:
    read_at("DTSTART;TZID=Elsewhere:20270703T140000", *rules("Elsewhere"))

    event = read_at("DTSTART;TZID=Elsewhere:20270703T140000")

    assert (event.timezone, event.start.hour) == ("UTC", 14)


def test_time_that_comes_twice_is_the_first() -> None:
    event = read_entry("DTSTART;TZID=America/New_York:20271107T013000", "DURATION:PT1H", TITLE).event

    assert event.start == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def test_doubtful_zone_of_an_end_is_held() -> None:
    event = read_entry("DTSTART;TZID=Europe/Zurich:20270403T140000", ENDS.replace("Zurich", "Alder"), TITLE).event

    assert [note.field for note in event.blocking_notes()] == ["end"]
