"""A zone with the name of Windows means the same in every format."""

import json

import pytest

from zoom_ops.readers import read_events

ZONE = "W. Europe Standard Time"
TIMES = {"start": "2027-04-03T14:30:00", "end": "2027-04-03T15:45:00"}
CONTEXT = {
    "@context": "https://schema.org",
    "@type": "Event",
    "name": "Waves",
    "eventSchedule": {"scheduleTimezone": ZONE},
}
CALENDAR = (
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Waves\nDTSTART;TZID={zone}:20270403T143000\n"
    "DTEND;TZID={zone}:20270403T154500\nEND:VEVENT\nEND:VCALENDAR\n"
)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.csv", f"Title,Date,Start,End,Time zone\nWaves,2027-04-03,14:30,15:45,{ZONE}\n"),
        ("a.json", json.dumps({"name": "Waves", "timezone": ZONE, **TIMES})),
        ("page.json", json.dumps({**CONTEXT, "startDate": TIMES["start"], "endDate": TIMES["end"]})),
        ("a.ics", CALENDAR.format(zone=ZONE)),
    ],
)
def test_zone_of_windows_is_known(file: str, content: str) -> None:
    (announced,) = read_events(content.encode(), file)

    assert (announced.event.timezone, f"{announced.event.start_utc:%H:%M}") == ("Europe/Berlin", "12:30")
    assert announced.event.needs_review == ()
