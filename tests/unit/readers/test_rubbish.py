"""Exports with wrong values anywhere: they are read or refused, and never end in another error."""

import json
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from tests.unit.readers.reading import RECORDED
from zoom_ops.errors import BadInputError
from zoom_ops.readers import read_events

_PAGE = {
    "@context": "https://schema.org",
    "@type": "Event",
    "@id": "https://example.org/1",
    "name": "Tides",
    "startDate": "2040-04-03T14:30:00+02:00",
    "endDate": "2040-04-03T15:30:00+02:00",
    "eventStatus": "https://schema.org/EventRescheduled",
    "previousStartDate": "2040-03-03T14:30:00+01:00",
    "eventSchedule": {"@type": "Schedule", "scheduleTimezone": "Europe/Zurich"},
    "location": {"@type": "Place", "name": "Hall", "address": {"addressLocality": "Geneva"}},
    "performer": [{"@type": "Person", "name": "Amara Diallo", "affiliation": {"name": "Harbour Institute"}}],
    "organizer": {"@type": "Organization", "name": "Harbour Institute"},
    "superEvent": {"@type": "EventSeries", "name": "Harbour Talks"},
    "recordedIn": [{"@type": "VideoObject", "name": "Recording", "url": "https://example.org/v"}],
}
_CALENDAR = {
    "events": [
        {
            "title": "Tides",
            "rest_url": "https://example.org/rest",
            "start_date": "2040-06-26 09:00:00",
            "end_date": "2040-06-26 10:00:00",
            "utc_start_date": "2040-06-26 07:00:00",
            "timezone": "Europe/Zurich",
            "venue": {"venue": "Hall", "city": "Geneva"},
            "organizer": [{"organizer": "Harbour Institute"}],
            "json_ld": {"eventStatus": "EventScheduled"},
        }
    ]
}
_VALUES: tuple[Any, ...] = (
    None, "", " ", "x", "\x00", "2040-04-03", "9999-12-31T23:59:59-14:00", "0001-01-01", "24:00", "EST", "UTC+99",
    "UTC-inf", "http://[", "&#0;", 0, -1, 1e308, True, False, [], {}, [[]], [None], {"@id": "https://example.org/1"},
    {"@value": []}, ["a", "b"], {"name": {}}, "P9999W", "\U0001d4b3" * 600,
)  # fmt: skip
_EXPORTS = {
    "page": _PAGE,
    "calendar": _CALENDAR,
    **{file.name: json.loads(file.read_text()) for file in sorted(RECORDED.glob("*.json"))},
}


@pytest.mark.parametrize("name", _EXPORTS)
def test_wrong_values_anywhere_end_in_a_refusal_at_worst(name: str) -> None:
    chance = Random(name)
    for _ in range(40):
        document = json.loads(json.dumps(_EXPORTS[name]))
        for _ in range(chance.choice((1, 1, 2, 5))):
            _spoil(document, chance)
        with suppress(BadInputError):
            read_events(json.dumps(document).encode(), "export.json")


def test_schedules_cut_or_changed_anywhere_end_in_a_refusal_at_worst() -> None:
    content, chance = (RECORDED / "pretalx.xml").read_bytes(), Random(1)
    for _ in range(40):
        place = chance.randrange(len(content))
        change = chance.choice((b"", b"<a>", b"&x;", b"\xff", content[: chance.randrange(200)]))
        with suppress(BadInputError):
            read_events(content[:place] + change + content[place + chance.randrange(50) :], "export.xml")


def _spoil(document: Any, chance: Random) -> None:
    """Replace one value somewhere in a document."""
    places = list(_places(document))
    if places:
        container, key = chance.choice(places)
        container[key] = json.loads(json.dumps(chance.choice(_VALUES)))


def _places(value: Any) -> Any:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in list(pairs):
        yield value, key
        yield from _places(member)
