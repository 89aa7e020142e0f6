"""schema.org events in JSON files and pages: what is read, what is held, what is refused."""

from typing import Any

import pytest

from tests.unit.readers.reading import notes_of, read_json, read_recorded, refusal_of
from zoom_ops.errors import BadInputError
from zoom_ops.events import Event
from zoom_ops.readers import read_events
from zoom_ops.readers.records import draft

TOKYO = {"@type": "Place", "name": "Hall", "address": {"addressLocality": "Tokyo"}}
ZURICH = {"@type": "Schedule", "scheduleTimezone": "Europe/Zurich"}
PAGE = """<html><head>
<script type="application/ld+json">{first}</script>
<script type='application/ld+json; charset=utf-8'>
<!--
{{"@context": "https://schema.org",
  "@type": "Event",
  "name": "Tides", "startDate": "2040-04-03T14:30:00+02:00", "endDate": "2040-04-03T15:30:00+02:00"}}
-->
</script></head><body><h1>Tides</h1></body></html>
"""


def an_event(**changes: Any) -> dict[str, Any]:
    event = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Tides of Tomorrow",
        "startDate": "2040-04-03T14:30:00+02:00",
        "endDate": "2040-04-03T15:30:00+02:00",
        "eventSchedule": ZURICH,
    }
    return {key: value for key, value in {**event, **changes}.items() if value is not None}


def read_one(**changes: Any) -> Event:
    (announced,) = read_json(an_event(**changes))
    return announced.event


def notes(**changes: Any) -> dict[str, tuple[str, ...]]:
    (announced,) = read_json(an_event(**changes))
    return notes_of(announced)


def local(event: Event) -> tuple[str, str]:
    document = event.to_json()
    return document["start"], document["end"]


def test_event_with_an_offset_and_its_zone_goes_straight_through() -> None:
    event = read_one()

    assert (event.timezone, event.needs_review) == ("Europe/Zurich", ())
    assert local(event) == ("2040-04-03T14:30:00+02:00", "2040-04-03T15:30:00+02:00")


def test_page_of_indico_is_read_and_its_zone_is_held() -> None:
    (announced,) = read_recorded("indico-page.html")

    event = announced.event
    assert (event.name, event.venue) == ("Tides of Tomorrow", "Virtual Platform")
    assert [(person.name, person.organization) for person in event.performers] == [
        ("Yusuf Demir", "City of Alder Bay"),
        ("Amara Diallo", "Harbour Institute"),
        ("Mei-Ling Chen", "Tidal Works, Ltd."),
    ]
    assert announced.origin == "web:https://indico.example.org/event/1/"
    assert notes_of(announced)["timezone"][:2] == ("Etc/GMT+5", "America/New_York")
    assert {source.field: source.place for source in announced.sources}["start"] == "startDate, line 6"


@pytest.mark.parametrize(
    ("changes", "zone", "start", "held"),
    [
        ({}, "Etc/GMT-2", "2040-04-03T14:30:00+02:00", ("Etc/GMT-2", "Europe/Zurich")),
        ({"city": "Geneva"}, "Europe/Zurich", "2040-04-03T14:30:00+02:00", None),
        ({"city": "New York"}, "Etc/GMT-2", "2040-04-03T14:30:00+02:00", ("Etc/GMT-2", "Europe/Zurich")),
        ({"sign": "Z"}, "UTC", "2040-04-03T14:30:00+00:00", ("UTC", "Africa/Abidjan")),
        ({"sign": "Z", "city": "New York"}, "America/New_York", "2040-04-03T10:30:00-04:00", None),  # its start is held
        ({"sign": ""}, "UTC", "2040-04-03T14:30:00+00:00", ()),
        (
            {"sign": "", "city": "New York"},
            "America/New_York",
            "2040-04-03T14:30:00-04:00",
            ("America/New_York", "UTC"),
        ),
        ({"sign": "+05:30"}, "Asia/Kolkata", "2040-04-03T14:30:00+05:30", ("Asia/Kolkata", "Asia/Colombo")),
    ],
)
def test_zone_is_told_by_offset_and_city_together_or_held(
    changes: dict[str, str], zone: str, start: str, held: tuple[str, ...] | None
) -> None:
    sign, city = changes.get("sign", "+02:00"), changes.get("city")
    place = {"@type": "Place", "name": "Hall", "address": {"addressLocality": city}} if city else None

    event = read_one(
        startDate=f"2040-04-03T14:30:00{sign}", endDate=f"2040-04-03T15:30:00{sign}", location=place, eventSchedule=None
    )

    assert (event.timezone, local(event)[0]) == (zone, start)
    choices = {note.field: note.choices for note in event.blocking_notes()}.get("timezone")
    assert (choices if choices is None else choices[:2]) == held


@pytest.mark.parametrize(
    ("changes", "field", "choices"),
    [
        ({"startDate": "2040-04-03", "endDate": None}, "start", ()),
        ({"endDate": None}, "end", ()),
        ({"endDate": "2040-04-03"}, "end", ()),
        ({"endDate": "2040-04-03T14:30:00+02:00"}, "end", ()),
        ({"endDate": "2040-04-06T14:30:00+02:00"}, "end", ()),
        ({"startDate": "2040-04-03T00:00:00+02:00", "endDate": "2040-04-03T23:59:59+02:00"}, "start", ()),
        ({"duration": "PT2H"}, "end", ("2040-04-03T15:30", "2040-04-03T16:30")),
        ({"startDate": "2040-04-03T14:30:00-04:00", "endDate": None, "duration": "PT1H"}, "start",
         ("2040-04-03T20:30", "2040-04-03T14:30")),
        ({"startDate": "2040-04-03T14:30:00Z", "endDate": "2040-04-03T15:30:00Z", "location": TOKYO,
          "eventSchedule": None}, "start", ("2040-04-03T23:30", "2040-04-03T14:30")),
        ({"startDate": "2040-03-25T02:30:00", "endDate": "2040-03-25T04:00:00"}, "start",  # the clocks skip it
         ("2040-03-25T03:30", "2040-03-25T01:30")),
        ({"startDate": "2040-10-28T02:30:00", "endDate": "2040-10-28T04:00:00"}, "start", ()),  # it comes twice
        ({"eventSchedule": {**ZURICH, "repeatFrequency": "P1W"}}, "start", ()),
        ({"eventSchedule": {**ZURICH, "scheduleTimezone": "EST"}}, "timezone", None),
        (
            {"eventSchedule": {**ZURICH, "scheduleTimezone": "GMT"},
             "startDate": "2040-07-03T14:30:00", "endDate": "2040-07-03T15:30:00"},
            "timezone", ("UTC", "Europe/London"),
        ),
        ({"name": [{"@value": "Tides"}, {"@value": "Marées"}]}, "name", ("Tides", "Marées")),
        ({"name": "CANCELLED: Tides"}, "name", ("Tides", "CANCELLED: Tides")),
    ],
)  # fmt: skip
def test_what_is_doubtful_holds_the_event(changes: dict[str, Any], field: str, choices: tuple[str, ...] | None) -> None:
    found = notes(**changes)

    assert field in found
    assert choices is None or found[field] == choices


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("https://schema.org/EventCancelled", "cancelled"),
        ("http://schema.org/EventPostponed", "postponed"),
        ("EventMovedOnline", "scheduled"),
        ("schema:EventRescheduled", "rescheduled"),
        ("canceled", "cancelled"),
        (["https://schema.org/EventRescheduled", "https://schema.org/EventMovedOnline"], "rescheduled"),
    ],
)
def test_status_is_read_in_each_form(status: Any, expected: str) -> None:
    event = read_one(eventStatus=status, previousStartDate="2040-03-03T14:30:00+01:00")

    assert event.status == expected
    assert (event.previous_start is not None) == (expected == "rescheduled")


def test_end_follows_from_the_duration() -> None:
    event = read_one(endDate=None, duration="PT1H15M")

    assert (local(event)[1], event.needs_review) == ("2040-04-03T15:45:00+02:00", ())


def test_only_people_perform() -> None:
    organisation = {"@type": "PerformingGroup", "name": "Mixed Choir"}
    moderator = {
        "@type": "PerformanceRole",
        "roleName": "Moderator",
        "performer": {"@type": "Person", "name": "Mei-Ling Chen"},
    }
    jonas = {
        "@type": "Person",
        "name": "Dr. Jonas Lindqvist",
        "jobTitle": "Professor",
        "worksFor": "University of the Sound",
        "email": "mailto:jonas.lindqvist@example.org",
    }

    event = read_one(
        performer=["Amara Diallo", "Organization", "Ada, Alan", jonas, organisation, moderator, {"@id": "#nobody"}]
    )

    assert [(person.kind, person.honorific, person.name) for person in event.performers] == [
        ("speaker", None, "Amara Diallo"),
        ("speaker", "Dr.", "Jonas Lindqvist"),
        ("moderator", None, "Mei-Ling Chen"),
    ]
    assert event.performers[1].email == "jonas.lindqvist@example.org"
    reasons = " ".join(note.reason for note in event.needs_review)
    for word in (
        "'Amara Diallo' is taken",
        "'Organization' stands",
        "'Mixed Choir' stands",
        "'Ada, Alan' stands",
        "one has no name",
    ):
        assert word in reasons


def test_references_in_a_graph_are_followed() -> None:
    graph = [
        {"@id": "#e", "@type": ["Thing", "BusinessEvent"], "name": "Tides", "startDate": "2040-04-03T14:30:00+02:00",
         "endDate": "2040-04-03T15:30:00+02:00", "performer": {"@id": "#p"}, "superEvent": {"@id": "#s"}},
        {"@id": "#p", "@type": "Person", "name": "Amara Diallo"},
        {"@id": "#s", "@type": "Event", "name": "Harbour Talks"},
    ]  # fmt: skip

    (announced,) = read_json({"@context": {"@vocab": "http://schema.org/"}, "@graph": graph})

    assert (announced.event.series, announced.event.performers[0].name) == ("Harbour Talks", "Amara Diallo")


def test_events_in_an_event_are_read_one_by_one() -> None:
    parts = [an_event(name="Opening"), an_event(name="Opening", startDate="2040-04-03T15:00:00+02:00")]

    found = read_json(an_event(name="Harbour Talks", endDate="2040-04-05T12:00:00+02:00", subEvent=parts))

    assert [each.event.id for each in found] == [
        "harbour-talks-opening-2040-04-03-1430",
        "harbour-talks-opening-2040-04-03-1500",
    ]
    assert {each.event.series for each in found} == {"Harbour Talks"}


def test_an_event_that_stands_twice_is_read_once() -> None:
    assert len(read_json([an_event(), an_event()])) == 1


def test_references_that_lead_in_circles_end() -> None:
    graph = [
        an_event(**{"@id": f"#{own}", "subEvent": [{"@id": f"#{other}"} for other in range(20)]}) for own in range(20)
    ]

    assert "there is no schema.org Event" in refusal_of({"@graph": graph})


def test_page_with_tags_that_never_end_is_read_at_once() -> None:
    content = b'<html><script type="application/ld+json">"Event"</script>' + b"<a " * 100_000

    with pytest.raises(BadInputError, match=r"there is no schema\.org Event"):
        read_events(content, "page.html")


def test_file_with_too_many_events_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "MOST_EVENTS", 2)

    assert "at most 2 events in one file" in refusal_of([an_event(name=f"Tides {number}") for number in range(3)])


def test_join_link_of_another_webinar_is_no_venue_and_noted_in_the_description() -> None:
    event = read_one(
        location={"@type": "VirtualLocation", "url": "https://zoom.us/j/1"}, description="https://zoom.us/j/12345678901"
    )

    assert event.venue is None
    assert [note.field for note in event.needs_review] == ["description"]


def test_script_of_a_page_keeps_the_lines_of_the_page() -> None:
    (announced,) = read_events(PAGE.format(first='{"@type": "BreadcrumbList", broken').encode(), "page.html")

    assert announced.event.name == "Tides"
    assert {source.field: source.place for source in announced.sources}["name"] == "name, line 7"


def test_broken_script_that_may_hold_an_event_is_named() -> None:
    with pytest.raises(BadInputError, match=r"page\.html:2: this JSON-LD script may hold an event"):
        read_events(PAGE.format(first='{"@type": "Event", broken').encode(), "page.html")


def test_microdata_is_named_as_not_read() -> None:
    page = b'<div itemscope itemtype="https://schema.org/Event"><b itemprop="name">Tides</b></div>'

    with pytest.raises(BadInputError, match="microdata or RDFa, which is not read; paste the text"):
        read_events(page, "page.html")


@pytest.mark.parametrize(
    ("document", "sentences"),
    [
        (an_event(endDate="2040-04-03T13:30:00+02:00"), ["export.json:6: end: ", "lies before the start"]),
        (an_event(startDate=None), ["startDate: there is none but an eventSchedule"]),
        (an_event(eventSchedule={"scheduleTimezone": "Mars/Base"}), ["there is no time zone 'Mars/Base'"]),
        (an_event(**{"@context": "https://www.w3.org/ns/activitystreams"}), ["@context: expected https://schema.org"]),
        (an_event(eventStatus=["EventCancelled", "EventPostponed"]), ["found 'EventCancelled, EventPostponed'"]),
        ({"@type": "Organization"}, ["there is no schema.org Event"]),
        (
            [an_event(startDate="soon"), an_event(name=" ", eventStatus="Maybe")],
            ["startDate: expected a date", "found 'soon'", "and 2 more", "name: there is none", "found 'Maybe'"],
        ),
    ],
)
def test_mistakes_are_named_all_at_once(document: Any, sentences: list[str]) -> None:
    refusal = refusal_of(document)

    for sentence in sentences:
        assert sentence in refusal
