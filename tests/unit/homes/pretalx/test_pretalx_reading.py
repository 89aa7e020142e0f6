"""Sessions of pretalx as records."""

from dataclasses import replace
from typing import Any

from zoom_ops.homes import Record
from zoom_ops.homes.pretalx.client import Conference
from zoom_ops.homes.pretalx.reading import iter_records, read_record

CONFERENCE = Conference(
    fields={
        "name": {"de": "Hafengespräche", "en": "Harbour Talks"},
        "slug": "harbour",
        "locale": "en",
        "timezone": "Europe/Zurich",
        "custom_domain": None,
    },
    is_open=True,
    rooms={4: "Aula"},
)
SESSION: dict[str, Any] = {
    "code": "ABCDEF",
    "title": "Tides of Tomorrow",
    "state": "confirmed",
    "abstract": "How the sea rises.",
    "content_locale": "en",
    "do_not_record": False,
    "speakers": [{"name": "Amara Diallo", "email": "amara@example.org", "internal_notes": "pays late"}],
    "slots": [
        {"id": 9, "room": 4, "start": "2040-02-01T10:00:00+01:00", "end": "2040-02-01T11:00:00+01:00"},
        {"id": 8, "room": {"name": {"en": "Library"}}, "start": "2040-01-31T10:00:00+01:00", "duration": 45},
        {"id": 7, "room": None, "start": None, "end": None},
    ],
    "resources": [
        {"id": 1, "resource": "https://files.example.org/slides", "description": "Slides", "is_public": True},
        {"id": 2, "resource": "https://webinars.example.org/r#zoom-ops-1=K", "description": "R", "is_public": True},
    ],
    "track": {"name": {"en": "Seas", "de": "Meere"}},
    "submission_type": {"name": {"en": "Talk"}},
    "tags": [{"tag": "climate"}],
    "invitation_token": "SECRET",
}


def read(session: dict[str, Any] = SESSION, conference: Conference = CONFERENCE) -> list[Record]:
    raws = iter_records(conference, session)
    return [read_record(raw, "https://talks.example.org", "harbour") for raw in raws]


def test_each_slot_with_a_time_is_a_record() -> None:
    first, second = read()

    assert (first.id, second.id) == ("ABCDEF", "ABCDEF/2")
    assert [record.announced.event.venue for record in (first, second)] == ["Library", "Aula"]
    assert [record.announced.event.to_json()["end"] for record in (first, second)] == [
        "2040-01-31T10:45:00+01:00",
        "2040-02-01T11:00:00+01:00",
    ]
    assert first.url == second.url == "https://talks.example.org/harbour/talk/ABCDEF/"
    assert [record.announced.origin for record in (first, second)] == [
        "pretalx:talks.example.org/harbour/ABCDEF",
        "pretalx:talks.example.org/harbour/ABCDEF/2",
    ]


def test_conference_gives_series_and_zone_and_the_session_the_rest() -> None:
    event = read()[0].announced.event

    assert (event.series, event.timezone, event.language) == ("Harbour Talks", "Europe/Zurich", "en")
    assert [(person.name, person.email) for person in event.performers] == [("Amara Diallo", "amara@example.org")]
    assert [link.title for link in event.attachments] == ["Slides"], "our own link is none of the event's"
    assert read()[0].labels == ("Seas", "Meere", "Talk", "climate", "harbour")


def test_what_is_not_read_is_not_kept() -> None:
    kept = str([(raw.content, raw) for raw in iter_records(CONFERENCE, SESSION)])

    assert "SECRET" not in kept
    assert "pays late" not in kept
    assert "amara@example.org" not in repr(list(iter_records(CONFERENCE, SESSION)))


def test_session_is_public_once_it_is_confirmed_and_the_schedule_is_open() -> None:
    states = {state: read({**SESSION, "state": state})[0] for state in ("accepted", "confirmed", "canceled")}

    assert {state: record.is_public for state, record in states.items()} == {
        "accepted": False,
        "confirmed": True,
        "canceled": True,
    }
    assert states["canceled"].announced.event.status == "cancelled"
    assert not read(conference=replace(CONFERENCE, is_open=False))[0].is_public


def test_refusal_and_domain_of_the_conference_are_read() -> None:
    at_home = replace(CONFERENCE, fields={**CONFERENCE.fields, "custom_domain": "https://harbour.example.org"})

    record = read({**SESSION, "do_not_record": True}, at_home)[0]

    assert record.announced.event.consent == "do_not_record"
    assert record.url == "https://harbour.example.org/harbour/talk/ABCDEF/"
