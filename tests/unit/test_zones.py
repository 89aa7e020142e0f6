"""Time zones by name, and local times on the days when clocks change."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoom_ops.zones import doubt_of, end_of_gap, find_zone, instants_of

ZONES = ("Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "UTC")
PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)

locals_ = st.integers(0, 40 * 365 * 1440).map(lambda minutes: datetime.fromisoformat("2000-01-01") + minutes * MINUTE)


@given(local=locals_, zone=st.sampled_from(ZONES).map(ZoneInfo))
def test_instants_of_a_local_time_read_as_that_time(local: datetime, zone: ZoneInfo) -> None:
    instants = instants_of(local, zone)

    assert all(instant.astimezone(zone).replace(tzinfo=None) == local for instant in instants)
    assert list(instants) == sorted(set(instants))
    if not instants:
        end = end_of_gap(local, zone)
        assert end.astimezone(zone).replace(tzinfo=None) > local
        assert (end - MINUTE).astimezone(zone).replace(tzinfo=None) < local


@pytest.mark.parametrize(
    ("local", "instants"),
    [
        ("2027-03-28T01:59", ["2027-03-28T00:59+00:00"]),
        ("2027-03-28T02:00", []),
        ("2027-03-28T02:59", []),
        ("2027-03-28T03:00", ["2027-03-28T01:00+00:00"]),
        ("2027-10-31T02:30", ["2027-10-31T00:30+00:00", "2027-10-31T01:30+00:00"]),
    ],
)
def test_hour_is_skipped_in_spring_and_comes_twice_in_autumn(local: str, instants: list[str]) -> None:
    assert list(instants_of(datetime.fromisoformat(local), PARIS)) == [
        datetime.fromisoformat(text) for text in instants
    ]


def test_moment_after_a_skipped_hour() -> None:
    for local in ("2027-03-28T02:00", "2027-03-28T02:59"):
        assert end_of_gap(datetime.fromisoformat(local), PARIS) == datetime.fromisoformat("2027-03-28T01:00+00:00")


def test_doubt_names_both_readings_of_a_local_time() -> None:
    skipped, twice, plain = (
        doubt_of(datetime.fromisoformat(f"2027-{local}"), PARIS)
        for local in ("03-28T02:30", "10-31T02:30", "04-03T14:30")
    )

    assert skipped[0].endswith("2027-03-28, when the clocks change: 01:30 UTC (taken) or 00:30 UTC")
    assert skipped[1] == ("2027-03-28T03:30", "2027-03-28T01:30")
    assert twice[0].endswith("2027-10-31, when the clocks change: 00:30 UTC (taken) or 01:30 UTC")
    assert (twice[1], plain) == ((), ("", ()))


@pytest.mark.parametrize("name", ["Europe/Paris", "europe/paris", " Europe/Paris "])
def test_zone_is_found_in_any_case(name: str) -> None:
    assert find_zone(name).key == PARIS.key


@pytest.mark.parametrize("name", ["Europe/Pari", "Paris", "paris", "Europe/Pais"])
def test_unknown_zone_is_refused_with_the_nearest(name: str) -> None:
    with pytest.raises(ValueError, match="Did you mean Europe/Paris"):
        find_zone(name)


@pytest.mark.parametrize("name", ["", "x", "../../etc/passwd", "Europe", "\0", "+01:00", "a" * 10_000])
def test_rubbish_is_no_zone(name: str) -> None:
    with pytest.raises(ValueError, match="there is no time zone"):
        find_zone(name)
