"""Our own JSON, and the same values in YAML, read back as the same event."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from zoom_ops.events import Event
from zoom_ops.readers import read_events

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(
    str.strip
)
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(("Europe/Zurich", "America/New_York", "UTC", "EST", "Asia/Kathmandu", "Pacific/Apia"))
PEOPLE = st.fixed_dictionaries(
    {"name": WORDS, "kind": st.sampled_from(("speaker", "moderator", "interpreter"))},
    optional={"honorific": WORDS, "role": WORDS, "organization": WORDS, "email": st.just("ada@example.org")},
)
ENTRIES = st.fixed_dictionaries(
    {
        "title": WORDS,
        "kind": st.sampled_from(("link", "recording")),
        "visibility": st.sampled_from(("public", "members")),
    },
    optional={"url": st.just("https://example.org/a"), "groups": st.just(["Board"]), "size": st.integers(0, 10**12)},
)
NOTES = st.fixed_dictionaries(
    {"field": st.sampled_from(("start", "name")), "reason": WORDS},
    optional={"choices": st.lists(WORDS), "line": st.just(3)},
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Build an event that may have anything."""
    start = draw(MOMENTS).replace(microsecond=0)
    record: dict[str, Any] = {
        "id": "waves",
        "name": draw(WORDS),
        "timezone": draw(ZONES),
        "start": start,
        "end": start + timedelta(minutes=draw(st.integers(1, 10_000))),
        "series": draw(st.none() | WORDS),
        "description": draw(st.text(max_size=50)),
        "status": draw(st.sampled_from(("scheduled", "cancelled", "postponed", "rescheduled"))),
        "consent": draw(st.sampled_from(("record", "do_not_record", "ask"))),
        "previous_start": draw(st.none() | MOMENTS),
        "performers": draw(st.lists(PEOPLE, max_size=3)),
        "attachments": draw(st.lists(ENTRIES, max_size=3)),
        "organizers": draw(st.lists(st.fixed_dictionaries({"name": WORDS}), max_size=2)),
        "needs_review": draw(st.lists(NOTES, max_size=2)),
    }
    event = Event.model_validate(record)
    return Event.model_validate(event.to_json())  # seconds, and lines without what cannot be seen


@settings(max_examples=15, deadline=None)
@given(event=events())
def test_own_json_is_the_same_event_again(event: Event) -> None:
    document = event.to_json()

    (as_json,) = read_events(json.dumps(document).encode(), "a.json")
    (as_yaml,) = read_events(yaml.safe_dump(document, allow_unicode=True).encode(), "a.yaml")

    assert as_json.event == event
    assert as_json.id_given
    assert as_yaml.event == event
