"""The zone of Zoom for every IANA zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from tests.openapi.descriptions import SOURCES, load_description
from zoom_ops.planning.zones import ZOOM_ZONES, zoom_zone

WINTER = datetime(2040, 1, 31, 13, 30, tzinfo=UTC)
SUMMER = datetime(2040, 7, 31, 13, 30, tzinfo=UTC)
HOURS = timedelta(hours=2)


@pytest.mark.parametrize("start", [WINTER, SUMMER], ids=["winter", "summer"])
def test_every_zone_shows_the_right_time_at_zoom(start: datetime) -> None:
    chosen = {zone: zoom_zone(zone, start, start + HOURS) for zone in available_timezones()}

    at_zoom = {name: _offsets(name, start) for name in ZOOM_ZONES}
    wrong = [zone for zone, name in chosen.items() if at_zoom[name] != _offsets(zone, start)]
    fitting = [zone for zone in wrong if _offsets(zone, start) in [at_zoom[name] for name in at_zoom if "/" in name]]
    assert {chosen[zone] for zone in wrong} == {"UTC"}  # a few islands have an offset of their own
    assert fitting == []


@pytest.mark.parametrize(
    ("zone", "chosen"),
    [
        ("Europe/Zurich", "Europe/Zurich"),
        ("Europe/Tallinn", "Europe/Helsinki"),
        ("Africa/Addis_Ababa", "Africa/Nairobi"),
        ("Europe/Kyiv", "Europe/Kiev"),
        ("Asia/Ho_Chi_Minh", "Asia/Saigon"),
        ("America/Toronto", "America/Montreal"),
        ("Etc/UTC", "UTC"),
        ("Pacific/Marquesas", "UTC"),  # an offset with a half hour that no zone of Zoom has
    ],
)
def test_zone_is_called_as_zoom_calls_it(zone: str, chosen: str) -> None:
    assert zoom_zone(zone, WINTER, WINTER + HOURS) == chosen


def test_zone_is_compared_at_the_start_and_at_the_end() -> None:
    change = datetime(2040, 3, 25, 0, 30, tzinfo=UTC)  # half an hour before summer time begins in Europe

    assert _offsets(zoom_zone("Europe/Tallinn", change, change + HOURS), change) == _offsets("Europe/Tallinn", change)


@pytest.mark.parametrize("source", SOURCES)
def test_zones_are_those_that_zoom_documents(source: str) -> None:
    documented = load_description(source).zones

    assert documented - set(ZOOM_ZONES) == {"SST"}  # which no time zone database has
    assert set(ZOOM_ZONES) <= documented
    assert len(ZOOM_ZONES) == len(set(ZOOM_ZONES))


def _offsets(zone: str, start: datetime) -> list[object]:
    return [moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in (start, start + HOURS)]
