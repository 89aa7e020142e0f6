"""Time zones by the names that programs write."""

from datetime import datetime, timedelta

import pytest

from zoom_ops.phrases.zones import find_zones, likely_zones, read_offset, require_zone


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Eastern Standard Time", "America/New_York"),
        ("europe/zurich", "Europe/Zurich"),
        ("/mozilla.org/20070129_1/Europe/Zurich", "Europe/Zurich"),
    ],
)
def test_zone_has_a_name_of_iana_or_of_windows(name: str, zone: str) -> None:
    assert require_zone(name).key == zone


@pytest.mark.parametrize("name", ["localtime", "Factory", "Mars Standard Time"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="there is no time zone"):
        require_zone(name)


@pytest.mark.parametrize(
    ("name", "minutes"),
    [("UTC+2", 120), ("GMT-05:00", -300), ("+05:30", 330), ("UTC-3.5", -210), ("UTC+15", None), ("Europe/Paris", None)],
)
def test_offset_is_read_where_a_zone_is_expected(name: str, minutes: int | None) -> None:
    assert read_offset(name) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("GMT Standard Time", "Europe/London"),
        ("GMT Daylight Time", "Europe/London"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("AUS Eastern Standard Time", "Australia/Sydney"),
        ("Greenwich Mean Time", "UTC"),
        ("Central Standard Time", "America/Chicago"),
    ],
)
def test_name_of_windows_in_a_text_is_the_clock_of_a_place(name: str, zone: str) -> None:
    (mention,) = find_zones(f"14:00-15:00 {name}")

    assert mention.zone == zone


@pytest.mark.parametrize("name", ["Mountain Standard Time", "Atlantic Standard Time", "Eastern Standard Time"])
def test_standard_time_is_not_that_of_summer(name: str) -> None:
    (mention,) = find_zones(f"14:00-15:00 {name}")

    assert not mention.is_true(mention.zone, datetime.fromisoformat("2027-07-01T14:00"))


def test_text_without_a_zone_may_mean_those_of_its_places_and_its_language() -> None:
    assert likely_zones("Ein Vortrag in der Universität Oslo über das Leben mit dem Wald") == (
        "Europe/Oslo",
        "Europe/Berlin",
    )
    assert likely_zones("Old maps, new roads") == ()
