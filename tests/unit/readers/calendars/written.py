"""Calendars that the tests read, written line by line."""

from zoom_ops.readers import Announced, read_events

ZURICH = "DTSTART;TZID=Europe/Zurich:20270403T140000"
ENDS = "DTEND;TZID=Europe/Zurich:20270403T153000"
TITLE = "SUMMARY:How waves travel"
EASTERN = (  # as Outlook and pretalx write it
    "BEGIN:VTIMEZONE",
    "TZID:{name}",
    "BEGIN:DAYLIGHT",
    "DTSTART:20070311T020000",
    "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
    "TZOFFSETFROM:-0500",
    "TZOFFSETTO:-0400",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:20071104T020000",
    "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
    "TZOFFSETFROM:-0400",
    "TZOFFSETTO:-0500",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def an_entry(*lines: str, uid: str | None = "1@example.org") -> tuple[str, ...]:
    """Build the lines of a VEVENT."""
    return ("BEGIN:VEVENT", *([f"UID:{uid}"] if uid else []), "DTSTAMP:20270101T000000Z", *lines, "END:VEVENT")


def a_calendar(*lines: str, ending: str = "\r\n") -> bytes:
    """Build a calendar of some lines."""
    first = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example.org//Calendar//EN")
    return ending.join((*first, *lines, "END:VCALENDAR", "")).encode()


def read_calendar(*lines: str) -> tuple[Announced, ...]:
    """Read a calendar of some lines."""
    return read_events(a_calendar(*lines), "events.ics")


def read_entry(*lines: str) -> Announced:
    """Read a calendar with one entry of some lines."""
    (announced,) = read_calendar(*an_entry(*lines))
    return announced
