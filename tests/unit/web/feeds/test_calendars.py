"""Events in calendars: complete, exact to the second in every zone, and readable for other programs."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.tz import tzical
from hypothesis import example, given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from tests.builders import BASE_URL, END, EVENT_ID, INSTALLATION, SLIDES, START, a_publication
from tests.unit.web.feeds.offered import PAGE, PUBLISHER, a_dated
from zoom_ops.events import Organizer
from zoom_ops.operations.views.feeds import Series
from zoom_ops.web.feeds.calendars import write_event, write_series
from zoom_ops.web.feeds.publisher import Publisher
from zoom_ops.web.i18n.language import ENGLISH

EARLY = datetime(1971, 1, 1, tzinfo=UTC)
FAR_AHEAD = 227 * 365 * 24 * 60  # minutes: until 2197
ZONES = sorted(available_timezones() - {"Factory", "localtime"})
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=200).filter(str.strip)


def lines_of(calendar: bytes) -> list[str]:
    """Unfold a calendar into its lines."""
    return re.sub(r"\r\n[ \t]", "", calendar.decode()).split("\r\n")


def escape(text: str | None) -> str:
    """Escape a text as a calendar does."""
    return re.sub(r"([\\,;])", r"\\\1", text or "")


def property_of(calendar: bytes, name: str, component: str = "VEVENT") -> list[str]:
    """List the values of a property of the entry, with parameters before the first colon."""
    lines = lines_of(calendar)
    inner = lines[lines.index(f"BEGIN:{component}") :]
    return [line for line in inner if re.match(rf"{name}[;:]", line)]


def moment_of(calendar: bytes, name: str) -> datetime:
    """Read a moment with only the zone rules in the calendar itself."""
    (line,) = property_of(calendar, name)
    zone, written = re.fullmatch(rf"{name}(?:;TZID=([^:]+))?:(\S+)", line).groups()
    if zone is None:
        return datetime.strptime(written, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    text = calendar.decode()
    rules = text[text.index("BEGIN:VTIMEZONE") : text.rindex("END:VTIMEZONE") + 15]
    local = datetime.strptime(written, "%Y%m%dT%H%M%S").replace(tzinfo=tzical(StringIO(rules)).get(zone))
    return local.astimezone(UTC)


def test_calendar_of_an_event_says_all_that_calendars_show() -> None:
    text = "<p>How <b>ports</b> adapt.</p><ul><li>Measure</li><li>Build; decide, at once</li></ul>"

    calendar = write_event(a_dated(a_publication(), description=text, venue="Hall 3, Alder Bay"), PUBLISHER)

    lines = lines_of(calendar)
    entry = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]
    assert entry == [
        "SUMMARY;LANGUAGE=en:Tides of Tomorrow",
        "DTSTART;TZID=America/New_York:20400131T083000",
        "DTEND;TZID=America/New_York:20400131T094500",
        "DTSTAMP:20400124T120000Z",
        f"UID:{EVENT_ID}@{INSTALLATION}",
        "SEQUENCE:3",
        "CATEGORIES:Harbour Talks",
        f"CONFERENCE;FEATURE=AUDIO,VIDEO;VALUE=URI:{PAGE}/join",
        "DESCRIPTION:How ports adapt.\\n\\n• Measure\\n• Build\\; decide\\, at once\\n\\n"
        f"Recording: {PAGE}/recording\\n\\n{PAGE}",
        f"IMAGE;DISPLAY=BADGE;FMTTYPE=image/png;VALUE=URI:{PAGE}/picture.png",
        "LAST-MODIFIED:20400124T120000Z",
        "LOCATION:Hall 3\\, Alder Bay",
        f'ORGANIZER;CN="Harbour Institute":{BASE_URL}/',
        "STATUS:CONFIRMED",
        f"URL:{PAGE}",
    ]
    assert lines[: lines.index("BEGIN:VTIMEZONE")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//zoom_ops//event pages//EN",
        "METHOD:PUBLISH",
        "NAME:Tides of Tomorrow",
        "X-WR-CALNAME:Tides of Tomorrow",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        f"SOURCE;VALUE=URI:{PAGE}.ics",
        f"UID:{PUBLISHER.make_urn('calendar', f'/events/{EVENT_ID}')}",
        f"URL:{PAGE}",
        "X-PUBLISHED-TTL:PT1H",
        "X-WR-TIMEZONE:America/New_York",
    ]


@pytest.mark.parametrize(
    ("status", "value", "joined"),
    [
        ("scheduled", "CONFIRMED", True),
        ("rescheduled", "CONFIRMED", True),
        ("postponed", "TENTATIVE", False),
        ("cancelled", "CANCELLED", False),
    ],
)
def test_calendar_tells_how_an_event_stands(status: str, value: str, joined: bool) -> None:
    calendar = write_event(a_dated(status=status), PUBLISHER)

    assert property_of(calendar, "STATUS") == [f"STATUS:{value}"]
    assert bool(property_of(calendar, "CONFERENCE")) == joined


def test_calendar_leads_to_our_own_page_where_no_venue_is_named() -> None:
    calendar = write_event(a_dated(series=None, organizers=(), description=""), PUBLISHER)

    assert property_of(calendar, "LOCATION") == [f"LOCATION:{PAGE}/join"]
    assert property_of(calendar, "ORGANIZER") == [f'ORGANIZER;CN="Harbour Institute":{BASE_URL}/']
    assert property_of(calendar, "DESCRIPTION") == [f"DESCRIPTION:{PAGE}"]
    assert property_of(calendar, "CATEGORIES") == []


def test_calendar_keeps_its_ids_when_the_pages_move() -> None:
    moved = Publisher(name="H", base_url="https://other.example.org", installation=INSTALLATION, language=ENGLISH)

    before, after = (write_event(a_dated(), publisher) for publisher in (PUBLISHER, moved))

    assert before != after
    for component in ("VCALENDAR", "VEVENT"):
        assert property_of(before, "UID", component) == property_of(after, "UID", component)


def test_calendar_tells_nothing_that_is_for_members() -> None:
    hidden = a_publication(visibility="members", title="Members' recording")

    calendar = write_event(a_dated(hidden, attachments=(SLIDES,)), PUBLISHER).decode()

    assert "Members" not in calendar
    assert "recording" not in calendar
    assert "slides" not in calendar
    assert "@example.org" not in calendar


def test_series_holds_its_events_and_each_of_their_zones_once() -> None:
    events = tuple(
        a_dated(
            id=f"talk-{number}", timezone=zone, start=START + timedelta(days=number), end=END + timedelta(days=number)
        )
        for number, zone in enumerate(("Europe/Zurich", "America/New_York", "Europe/Zurich", "UTC"))
    )

    calendar = write_series(Series(slug="harbour-talks", name="Harbour Talks", events=events), PUBLISHER)

    lines = lines_of(calendar)
    assert [line for line in lines if line.startswith("UID:talk")] == [f"UID:talk-{n}@{INSTALLATION}" for n in range(4)]
    assert [line for line in lines if line.startswith("TZID")] == ["TZID:America/New_York", "TZID:Europe/Zurich"]
    assert "DTSTART:20400203T133000Z" in lines
    assert f"SOURCE;VALUE=URI:{BASE_URL}/series/harbour-talks.ics" in lines
    assert len(IcsCalendarStream.calendar_from_ics(calendar.decode()).events) == 4


def at(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@given(
    zone=st.sampled_from(ZONES),
    start=st.integers(1, FAR_AHEAD).map(lambda minute: EARLY + timedelta(minutes=minute)),
    minutes=st.integers(1, 3000),
)
@example(zone="America/New_York", start=at(2040, 3, 11, 7, 30), minutes=60)  # 03:30, after the clocks went forward
@example(zone="America/New_York", start=at(2040, 11, 4, 6, 30), minutes=60)  # the second 01:30
@example(zone="America/New_York", start=at(2040, 11, 4, 5, 30), minutes=60)  # it ends at the second 01:30
@example(zone="Europe/Dublin", start=at(2040, 3, 25, 0, 30), minutes=60)  # winter time is the exception there
@example(zone="Africa/Casablanca", start=at(2026, 2, 14, 22, 0), minutes=360)  # the change for Ramadan
@example(zone="Australia/Lord_Howe", start=at(2040, 10, 6, 15, 0), minutes=61)  # a change of half an hour
@example(zone="Pacific/Apia", start=at(2011, 12, 29, 12, 0), minutes=2000)  # a skipped day
@example(zone="Africa/Bissau", start=at(1975, 1, 1, 1, 30), minutes=60)  # at New Year
@example(zone="Europe/Zurich", start=at(2040, 12, 31, 20, 0), minutes=600)  # across New Year
def test_calendar_means_the_moment_by_its_own_rules(zone: str, start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)

    calendar = write_event(a_dated(timezone=zone, start=start, end=end), PUBLISHER)

    assert (moment_of(calendar, "DTSTART"), moment_of(calendar, "DTEND")) == (start, end)


@given(name=TEXTS, series=TEXTS, text=TEXTS, venue=TEXTS, organizer=TEXTS)
def test_calendar_is_read_back_by_another_program(
    name: str, series: str, text: str, venue: str, organizer: str
) -> None:
    dated = a_dated(
        name=f"n{name}",
        series=f"s{series}",
        description=text,
        venue=f"v{venue}",
        organizers=(Organizer(name=organizer),),
    )
    event = dated.shown.event

    calendar = write_event(dated, PUBLISHER)

    assert all(len(line) <= 75 for line in calendar.split(b"\r\n"))
    assert b"\n" not in calendar.replace(b"\r\n", b"")
    (read,) = IcsCalendarStream.calendar_from_ics(calendar.decode()).events
    assert (read.summary, read.location) == (event.name, event.venue)
    assert (read.description or "").partition("\n\nhttps:")[0] == (event.description or PAGE)
    assert property_of(calendar, "CATEGORIES") == [f"CATEGORIES:{escape(event.series)}"]
    assert read.dtstart == event.start.astimezone(ZoneInfo(event.timezone))
    assert (read.uid, read.sequence, read.url) == (f"{EVENT_ID}@{INSTALLATION}", 3, PAGE)
