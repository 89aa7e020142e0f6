"""The time zone database changes: a country changes its time after Zoom has the start of its event."""

import importlib.resources
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.service import UPDATE, Service
from zoom_ops.planning import zones
from zoom_ops.web.i18n.language import ENGLISH

ANNOUNCED = """
- id: tides
  name: Tides of Tomorrow
  start: 2040-01-31T08:30
  end: 2040-01-31T09:45
  timezone: {zone}
"""
NEW_RULES = {"America/New_York": "America/Halifax", "Europe/Tallinn": "Europe/Istanbul"}  # an hour further east

ChangeRules = Callable[[], None]


@pytest.fixture
def change_rules(tmp_path: Path) -> Iterator[ChangeRules]:
    """Put another time zone database before the present one, as its next release does, and clear the caches."""

    def change() -> None:
        for zone, like in NEW_RULES.items():
            file = tmp_path / "zoneinfo" / zone
            file.parent.mkdir(parents=True)
            file.write_bytes(importlib.resources.files("tzdata").joinpath("zoneinfo", like).read_bytes())
        read_anew((str(tmp_path / "zoneinfo"), *zoneinfo.TZPATH))

    before = zoneinfo.TZPATH
    yield change
    read_anew(before)


def read_anew(path: tuple[str, ...]) -> None:
    zoneinfo.reset_tzpath(path)
    zoneinfo.ZoneInfo.clear_cache()
    zones._zone.cache_clear()


@pytest.mark.parametrize(
    ("zone", "instant", "zooms"),
    [("America/New_York", "2040-01-31T13:30:00Z", ()), ("Europe/Tallinn", "2040-01-31T06:30:00Z", ("timezone",))],
)
def test_promised_instant_stays_and_a_new_import_moves_it(
    service: Service, change_rules: ChangeRules, zone: str, instant: str, zooms: tuple[str, ...]
) -> None:
    """Zoom shows a zone that it does not have as one with the same time. That zone changes then, once."""
    service.read(ANNOUNCED.format(zone=zone))
    service.settle()
    promised = service.zoom.webinar()["start_time"]

    change_rules()
    changed = [change.field for action in service.plan().actions for change in action.changes()]
    with service.calls() as calls:
        for _ in range(3):
            service.apply()
            service.settle()
    event, kept = service.event("tides"), service.zoom.webinar()["start_time"]

    (imported,) = service.read(ANNOUNCED.format(zone=zone))
    changes = {change.field: (change.old, change.new) for change in imported.changes}
    planned = [(change.field, change.old) for action in service.plan().actions for change in action.changes()]
    service.settle()

    assert (promised, kept) == (instant, instant)
    assert tuple(changed) == zooms
    assert calls.count(UPDATE) == len(zooms)
    _day, hours = ENGLISH.write_span(event.start, event.end, zone)
    assert hours.startswith("09:30–10:45")  # of the instant, by the new rules
    assert [(old[11:16], new[11:16]) for old, new in (changes["start"], changes["end"])] == [
        ("09:30", "08:30"),
        ("10:45", "09:45"),
    ]
    assert planned == [("start", instant)]
    assert service.zoom.webinar()["start_time"] < instant
    assert len(service.zoom.webinars()) == 1
