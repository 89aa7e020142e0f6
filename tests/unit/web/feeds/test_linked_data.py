"""An event in schema.org's terms: all of them are in its vocabulary, and none shows what is not public."""

import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pkgutil import walk_packages
from typing import Any

import pytest

from tests.builders import AMARA, BASE_URL, END, JONAS, SLIDES, START, TOMAS, a_publication
from tests.unit.web.feeds.offered import PAGE, PUBLISHER, a_shown
from zoom_ops.licence import make_licence
from zoom_ops.web.feeds.linked_data import describe_event

_KEYWORDS = {"@context", "@type", "@id"}


def test_event_is_described_in_full() -> None:
    shown = a_shown(a_publication(), performers=(JONAS, TOMAS))

    document = describe_event(shown, PUBLISHER)

    assert document == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": PAGE,
        "url": PAGE,
        "name": "Tides of Tomorrow",
        "description": "How ports adapt to a rising sea.",
        "inLanguage": "en",
        "image": f"{PAGE}/picture.png",
        "startDate": "2040-01-31T08:30:00-05:00",
        "endDate": "2040-01-31T09:45:00-05:00",
        "eventSchedule": {"@type": "Schedule", "scheduleTimezone": "America/New_York"},
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": PAGE},
        "organizer": [{"@type": "Organization", "name": "Harbour Institute", "alternateName": "HI"}],
        "performer": [
            {
                "@type": "Person",
                "honorificPrefix": "Prof.",
                "name": "Jonas Lindqvist",
                "jobTitle": "Professor of Oceanography",
                "affiliation": {"@type": "Organization", "name": "University of the Sound"},
            }
        ],
        "translator": [
            {
                "@type": "Person",
                "name": "Tomás Herrera",
                "jobTitle": "English-Spanish",
                "affiliation": {"@type": "Organization", "name": "Interpreters' Guild"},
            }
        ],
        "superEvent": {
            "@type": "EventSeries",
            "@id": f"{BASE_URL}/series/harbour-talks",
            "url": f"{BASE_URL}/series/harbour-talks",
            "name": "Harbour Talks",
        },
        "recordedIn": [
            {
                "@type": "VideoObject",
                "name": "Tides of Tomorrow – Recording",
                "description": "How ports adapt to a rising sea.",
                "inLanguage": "en",
                "url": f"{PAGE}/recording",
                "thumbnailUrl": f"{PAGE}/picture.png",
                "uploadDate": "2040-01-31T17:45:00+00:00",
                "duration": "PT75M",
            }
        ],
    }


def test_description_leaves_out_what_nobody_said() -> None:
    document = describe_event(a_shown(description="", series=None, organizers=(), performers=()), PUBLISHER)

    silent = {"description", "organizer", "performer", "translator", "superEvent", "recordedIn", "previousStartDate"}
    assert silent & set(document) == set()


def test_description_tells_what_became_of_the_date() -> None:
    states = ("cancelled", "postponed", "rescheduled")

    documents = [
        describe_event(a_shown(status=status, previous_start=START - timedelta(days=7)), PUBLISHER) for status in states
    ]

    assert [document["eventStatus"].rpartition("/")[2] for document in documents] == [
        "EventCancelled",
        "EventPostponed",
        "EventRescheduled",
    ]
    assert [document.get("previousStartDate") for document in documents] == [None, None, "2040-01-24T08:30:00-05:00"]


@pytest.mark.parametrize("venue", [None, "Zoom (webinar)", "Online", "En línea", "Онлайн", "线上会议"])
def test_event_without_a_venue_or_at_zoom_is_online(venue: str | None) -> None:
    document = describe_event(a_shown(venue=venue), PUBLISHER)

    assert document["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"


def test_event_at_a_venue_is_there_and_online() -> None:
    document = describe_event(a_shown(venue="Hall 3, Alder Bay"), PUBLISHER)

    assert document["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert document["location"] == [
        {"@type": "Place", "name": "Hall 3, Alder Bay", "address": "Hall 3, Alder Bay"},
        {"@type": "VirtualLocation", "url": PAGE},
    ]


@pytest.mark.parametrize("changes", [{"visibility": "members", "title": "Members' recording"}, {"state": "withdrawn"}])
def test_description_tells_no_recording_that_is_not_for_everybody(changes: dict[str, Any]) -> None:
    document = str(describe_event(a_shown(a_publication(**changes), attachments=(SLIDES,)), PUBLISHER))

    for hidden in ("recordedIn", "/recording", "Members", "slides", "@example.org", "jonas"):
        assert hidden not in document


def test_description_keeps_to_the_vocabulary() -> None:
    parts = (a_publication(), a_publication(recording_uuid="second", part=2, published_at=END))
    event = a_shown(
        *parts, performers=(AMARA, JONAS, TOMAS), venue="Hall 3", status="rescheduled", previous_start=START
    )

    strange = list(strange_words(describe_event(event, PUBLISHER)))

    assert strange == []


def test_recording_names_its_licence_and_the_address_of_the_terms() -> None:
    licences = (make_licence("CC-BY-4.0"), make_licence("All rights reserved"))

    documents = [describe_event(a_shown(a_publication()), replace(PUBLISHER, licence=licence)) for licence in licences]

    assert [document["recordedIn"][0]["license"] for document in documents] == [
        "https://creativecommons.org/licenses/by/4.0/",
        "All rights reserved",
    ]
    assert [[*strange_words(document)] for document in documents] == [[], []]


def test_words_outside_the_vocabulary_are_found() -> None:
    place = {"@type": "Place", "url": PAGE}
    document = {"@type": "Event", "titel": "Tides", "performer": place, "location": {"@type": "Hall"}}

    assert sorted(strange_words(document)) == ["Event.performer: Place", "Event.titel", "Hall"]


def strange_words(node: dict[str, Any]) -> Iterator[str]:
    """Yield the terms of a document that schema.org does not have, or does not have in that place."""
    kind = node["@type"]
    if kind not in load_classes():
        yield kind
        return
    for name in node.keys() - _KEYWORDS:
        expected = find_expected(kind, name)
        values = node[name] if isinstance(node[name], list) else [node[name]]
        if expected is None:
            yield f"{kind}.{name}"
        for child in (value for value in values if expected is not None and isinstance(value, dict)):
            if child["@type"] in load_classes() and not names_of(child["@type"]) & expected:
                yield f"{kind}.{name}: {child['@type']}"
            yield from strange_words(child)


def find_expected(kind: str, name: str) -> set[str] | None:
    """Return the types that a property of a type may have; None if it has no such property."""
    for base in load_classes()[kind].__mro__:
        if name in inspect.get_annotations(base):
            return set(re.findall(r"\w+", str(inspect.get_annotations(base)[name])))
    return find_expected("Event", name) if kind == "EventSeries" else None


def names_of(kind: str) -> set[str]:
    """Return a type and its base types. An EventSeries is also an Event, which its class does not say."""
    names = {base.__name__ for base in load_classes()[kind].__mro__}
    return names | {"Event"} if kind == "EventSeries" else names


@cache
def load_classes() -> dict[str, type]:
    """Load the classes generated from schema.org's own definition: only here, because it takes a second."""
    models = importlib.import_module("msgspec_schemaorg.models")
    modules = [name for _, name, package in walk_packages(models.__path__, f"{models.__name__}.") if not package]
    return {
        name.rpartition(".")[2]: getattr(importlib.import_module(name), name.rpartition(".")[2]) for name in modules
    }
