"""Our calendars, read back: the same event, in all that a calendar can say."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.builders import EVENT_ID, INSTALLATION, a_publication
from tests.unit.web.feeds.offered import PUBLISHER, a_dated
from tests.unit.web.feeds.test_calendars import property_of
from zoom_ops.events import Event, Organizer
from zoom_ops.operations.views.feeds import Series
from zoom_ops.readers import read_events
from zoom_ops.web.feeds.calendars import write_event, write_series

SAID = ("id", "name", "series", "description", "language", "start", "end", "timezone", "status", "venue", "organizers")
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=80)
ZONES = ("Europe/Zurich", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")


def said(event: Event) -> dict[str, object]:
    """Return what a calendar says about an event."""
    return {name: getattr(event, name) for name in SAID}


@settings(max_examples=15)
@given(
    name=LINES,
    series=st.none() | LINES.map(lambda text: f"s{text}"),
    description=st.lists(LINES, max_size=4).map("\n".join),
    venue=st.none() | LINES.map(lambda text: f"v{text}"),
    organizer=LINES.map(lambda text: f"o{text.replace(', ', '')}"),
    zone=st.sampled_from(ZONES),
    minute=st.integers(0, 60 * 24 * 365 * 20),
    lasting=st.integers(1, 24 * 60),
    status=st.sampled_from(["scheduled", "cancelled", "postponed"]),
)
@example("", None, "", None, "o", "America/New_York", 0, 60, "scheduled")  # the second 01:30 of its day
@example(": Re: Waves &amp; tides, cancelled", "s", "x", None, "o", "UTC", 1, 1, "cancelled")
@example("A, B; C\\D\\n", "x, y; z\\", "one\\ntwo, \\; three", "v;", "o\"';:", "UTC", 1, 1, "postponed")
def test_calendar_read_back_is_the_same_event(
    name: str,
    series: str | None,
    description: str,
    venue: str | None,
    organizer: str,
    zone: str,
    minute: int,
    lasting: int,
    status: str,
) -> None:
    start = datetime(2027, 11, 7, 6, 30, tzinfo=UTC) + timedelta(minutes=minute)
    dated = a_dated(
        a_publication(),
        name=f"n{name}",
        series=series,
        description=description,
        venue=venue,
        organizers=(Organizer(name=organizer),),
        timezone=zone,
        start=start,
        end=start + timedelta(minutes=lasting),
        status=status,
    )

    (announced,) = read_events(write_event(dated, PUBLISHER), "event.ics")

    assert said(announced.event) == said(dated.shown.event)
    assert announced.event.needs_review == ()
    assert announced.origin == f"ical:{EVENT_ID}@{INSTALLATION}"


def test_series_read_back_is_the_same_events() -> None:
    events = tuple(a_dated(id=f"talk-{number}", timezone=zone) for number, zone in enumerate(ZONES))

    read = read_events(write_series(Series(slug="s", name="S", events=events), PUBLISHER), "series.ics")

    assert [said(each.event)["id"] for each in read] == [f"talk-{number}" for number in range(5)]
    assert [each.event.timezone for each in read] == list(ZONES)


def test_name_of_a_calendar_is_escaped() -> None:
    calendar = write_series(Series(slug="s", name="A, B; C\\D", events=(a_dated(),)), PUBLISHER)

    assert property_of(calendar, "NAME", "VCALENDAR") == [r"NAME:A\, B\; C\\D"]
    assert property_of(calendar, "X-WR-CALNAME", "VCALENDAR") == [r"X-WR-CALNAME:A\, B\; C\\D"]
