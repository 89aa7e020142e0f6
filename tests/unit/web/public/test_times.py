"""Times in words: correct in every zone, also where the clocks change."""

from datetime import UTC, datetime

import pytest

from tests.builders import an_event
from zoom_ops.web.i18n.language import ENGLISH
from zoom_ops.web.public.times import TimeRow, list_times


def test_times_show_the_event_zone_first_and_the_day_once() -> None:
    rows = list_times(an_event(), ENGLISH)

    assert rows == (
        TimeRow(
            label="New York time",
            language="en",
            timezone="America/New_York",
            day="Tuesday 31 January 2040",
            hours="08:30–09:45 EST",
        ),
        TimeRow(label="Geneva time", language="en", timezone="Europe/Zurich", day="", hours="14:30–15:45 CET"),
    )


def test_times_name_the_event_zone_where_no_row_does() -> None:
    rows = list_times(an_event(timezone="Asia/Tokyo"), ENGLISH)

    assert [(row.label, row.hours) for row in rows] == [
        ("Tokyo time", "22:30–23:45 JST"),
        ("New York time", "08:30–09:45 EST"),
        ("Geneva time", "14:30–15:45 CET"),
    ]


def test_times_are_reckoned_from_the_instant_when_zones_change_clocks_on_different_days() -> None:
    between = {"start": datetime(2040, 3, 13, 12, 30, tzinfo=UTC), "end": datetime(2040, 3, 13, 13, 45, tzinfo=UTC)}

    rows = list_times(an_event(**between), ENGLISH)  # New York has already changed its clocks, Zurich has not

    assert [row.hours for row in rows] == ["08:30–09:45 EDT", "13:30–14:45 CET"]


@pytest.mark.parametrize(
    ("start", "end", "zone", "words"),
    [
        ("2040-03-11T06:30", "2040-03-11T07:30", "America/New_York", ("Sunday 11 March 2040", "01:30 EST–03:30 EDT")),
        ("2040-11-04T05:30", "2040-11-04T06:30", "America/New_York", ("Sunday 4 November 2040", "01:30 EDT–01:30 EST")),
        ("2040-03-05T23:30", "2040-03-06T01:00", "UTC",
         ("Monday 5 March 2040", "23:30 – Tuesday 6 March 2040, 01:00 UTC")),
        ("2040-03-05T10:00", "2040-03-05T11:00", "Asia/Kathmandu", ("Monday 5 March 2040", "15:45–16:45 UTC+5:45")),
        ("2040-03-05T10:00", "2040-03-05T11:00", "America/Sao_Paulo", ("Monday 5 March 2040", "07:00–08:00 UTC−3")),
    ],
)  # fmt: skip
def test_span_says_what_changes_between_start_and_end(start: str, end: str, zone: str, words: tuple[str, str]) -> None:
    written = ENGLISH.write_span(datetime.fromisoformat(f"{start}Z"), datetime.fromisoformat(f"{end}Z"), zone)

    assert written == words


def test_moment_has_day_time_and_zone() -> None:
    words = ENGLISH.write_moment(datetime(2040, 7, 1, 22, 0, tzinfo=UTC), "Europe/Zurich")

    assert words == "Monday 2 July 2040, 00:00 CEST"


@pytest.mark.parametrize(("minutes", "words"), [(0, ""), (45, "45 min"), (60, "1 h"), (75, "1 h 15 min")])
def test_duration_is_written_in_hours_and_minutes(minutes: int, words: str) -> None:
    assert ENGLISH.write_duration(minutes) == words


@pytest.mark.parametrize(
    ("zone", "name"),
    [("America/Argentina/Buenos_Aires", "Buenos Aires time"), ("UTC", "UTC"), ("Etc/GMT+5", "Etc/GMT+5")],
)
def test_zone_is_named_after_its_city(zone: str, name: str) -> None:
    assert ENGLISH.name_zone(zone) == name
