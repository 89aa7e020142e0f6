"""What we write ourselves reads back as the same event: our JSON in full, our JSON-LD in what it can say."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.web.feeds.offered import PUBLISHER
from zoom_ops.access import VISITOR, show_event
from zoom_ops.events import Event, make_slug
from zoom_ops.readers import read_events
from zoom_ops.web.feeds.linked_data import describe_event
from zoom_ops.web.sanitize import first_words

_LETTERS = "abcdeABCDE éüß日本語عربي \"\\'/-.:"  # without & and <, which pages write as entities and tags
_WORDS = st.text(_LETTERS, min_size=1, max_size=30).map(lambda text: f"T{' '.join(text.split())}")
_SAYABLE = ("name", "series", "language", "start", "end", "timezone", "status", "organizers", "venue")


def _starts() -> st.SearchStrategy[datetime]:
    starts = st.datetimes(datetime(1971, 1, 1), datetime(2198, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
    return starts.map(lambda start: start.replace(microsecond=0))


def _people() -> st.SearchStrategy[list[dict[str, Any]]]:
    person = st.fixed_dictionaries(
        {
            "name": st.sampled_from(["Ada Lovelace", "Alan Turing", "Li Junhua", "Žofie Nováková"]),
            "honorific": st.sampled_from([None, "Dr.", "H.E. Mr."]),
            "role": st.none() | _WORDS,
            "organization": st.none() | _WORDS,
            "kind": st.sampled_from(["speaker", "interpreter"]),
        }
    )
    return st.lists(person, max_size=3, unique_by=lambda person: person["name"])


@st.composite
def _events(draw: st.DrawFn) -> Event:
    start = draw(_starts())
    name, series = draw(_WORDS), draw(st.none() | _WORDS)
    rescheduled = draw(st.booleans())
    organizers = draw(st.lists(st.fixed_dictionaries({"name": _WORDS, "acronym": st.none() | _WORDS}), max_size=2,
                               unique_by=lambda organizer: organizer["name"]))  # fmt: skip
    return Event.model_validate(
        {
            "id": make_slug(series, name),
            "name": name,
            "series": series,
            "description": draw(_WORDS),
            "language": draw(st.sampled_from(["en", "fr", "pt-BR", "ar"])),
            "start": start,
            "end": start + timedelta(minutes=draw(st.integers(1, 1430))),
            "timezone": draw(
                st.sampled_from(["UTC", "Europe/Zurich", "America/New_York", "Asia/Kathmandu", "Asia/Tokyo"])
            ),
            "status": "rescheduled" if rescheduled else draw(st.sampled_from(["scheduled", "cancelled", "postponed"])),
            "previous_start": start - timedelta(days=7) if rescheduled else None,
            "organizers": organizers,
            "performers": draw(_people()),
            "venue": draw(st.none() | st.sampled_from(["Zoom (webinar)", "Hall 3, Alder Bay", "Online"])),
            "attachments": draw(st.sampled_from([(), ({"title": "Slides", "url": "https://example.org/s.pdf"},)])),
        }
    )


@settings(max_examples=25)
@given(_events())
def test_our_json_reads_back_as_the_same_event(event: Event) -> None:
    (announced,) = read_events(json.dumps(event.to_json()).encode(), "event.json")

    assert announced.event == event


@settings(max_examples=25)
@given(_events())
def test_our_json_ld_reads_back_as_the_same_event_in_what_it_says(event: Event) -> None:
    document = describe_event(show_event(event, (), VISITOR), PUBLISHER)

    (announced,) = read_events(json.dumps(document).encode(), "event.json")

    read, written = announced.event.to_json(), event.to_json()
    assert {name: read[name] for name in _SAYABLE} == {name: written[name] for name in _SAYABLE}
    assert read["previous_start"] == written["previous_start"]
    assert read["description"] == first_words(event.description, 500)
    listed = sorted(event.performers, key=lambda person: person.kind == "interpreter")
    assert announced.event.performers == tuple(listed)
    assert announced.event.blocking_notes() == ()
    assert announced.origin == f"web:{PUBLISHER.event(event.id)}"
