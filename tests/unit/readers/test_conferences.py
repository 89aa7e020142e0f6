"""The programmes of pretalx and frab: one event a session, from both formats the same."""

import json
from typing import Any

import pytest

from tests.unit.readers.reading import RECORDED, notes_of, read_json, read_recorded, refusal_of
from zoom_ops.events import Event
from zoom_ops.readers import Announced, recognise


def a_schedule(*sessions: dict[str, Any], **conference: Any) -> dict[str, Any]:
    days = [{"index": 1, "date": "2040-01-31", "rooms": {"Aula": list(sessions)}}]
    known = {"title": "Harbour Talks", "acronym": "harbour", "time_zone_name": "Europe/Zurich", "days": days}
    return {"schedule": {"base_url": "https://talks.example.org", "conference": known | conference}}


def a_session(**changes: Any) -> dict[str, Any]:
    session = {
        "guid": "28bcb191-9fae-505f-83c3-569550f382e1",
        "date": "2040-01-31T14:30:00+01:00",
        "start": "14:30",
        "duration": "01:15",
        "title": "Tides of Tomorrow",
        "persons": [{"public_name": "Amara Diallo", "answers": [{"answer": "X1234567"}]}],
    }
    return {key: value for key, value in {**session, **changes}.items() if value is not None}


def read_one(*, conference: dict[str, Any] | None = None, **changes: Any) -> Announced:
    (announced,) = read_json(a_schedule(a_session(**changes), **(conference or {})))
    return announced


def test_exports_of_pretalx_as_json_and_xml_give_the_same_events() -> None:
    from_json, from_xml = read_recorded("pretalx.json"), read_recorded("pretalx.xml")

    assert [each.event for each in from_json] == [each.event for each in from_xml]
    assert [each.origin for each in from_json] == [each.origin for each in from_xml]
    first, second = (each.event for each in from_json)
    assert (first.series, first.name, first.venue) == ("Harbour Talks", "Tides of Tomorrow", "Zoom (webinar)")
    assert (first.to_json()["start"], first.to_json()["end"]) == (
        "2023-01-31T08:30:00-05:00",
        "2023-01-31T09:45:00-05:00",
    )
    assert (first.timezone, first.consent, second.consent) == ("America/New_York", "record", "do_not_record")
    assert [(person.honorific, person.name) for person in second.performers] == [("Dr.", "Ada Lovelace")]
    assert [(link.title, link.kind, link.visibility) for link in second.attachments] == [("Slides", "slides", "public")]
    assert (first.needs_review, second.needs_review) == ((), ())


def test_places_of_a_session_have_the_lines_of_the_file() -> None:
    first, _ = read_recorded("pretalx.xml")

    places = {source.field: source.place for source in first.sources}
    assert places["start"] == "schedule 1 → day 1 → room 1 → event 1 → date, line 26"
    assert places["end"] == "schedule 1 → day 1 → room 1 → event 1 → duration, line 28"


def test_submissions_of_the_api_are_read_without_what_is_private() -> None:
    found = read_recorded("pretalx-submissions.json")

    stored = json.dumps([each.event.to_json() for each in found])
    for private in ("INVITATIONTOKEN", "REVIEWCODE", "X1234567", "https://example.org/secret"):
        assert private not in stored
    assert [each.event.venue for each in found] == ["Aula", "Zoom (webinar)"]
    assert [set(notes_of(each)) for each in found] == [{"timezone", "attachments"}, {"timezone", "end"}], (
        "30 minutes or 75"
    )
    assert found[0].event.performers[0].email == "ada@example.org"


def test_answers_are_never_stored() -> None:
    announced = read_one()

    assert "X1234567" not in json.dumps(announced.event.to_json()) + str(announced.sources)


def test_break_is_no_event_and_a_session_without_people_is_held() -> None:
    lunch = {"id": 7, "title": {"en": "Lunch"}, "persons": [], "date": "2040-01-31T12:00:00+01:00"}

    (announced,) = read_json(a_schedule(lunch, a_session(persons=[])))

    assert announced.event.name == "Tides of Tomorrow"
    assert set(notes_of(announced)) == {"name"}


@pytest.mark.parametrize(
    ("session", "conference", "field"),
    [
        ({"date": "2040-01-31T14:30:00-05:00"}, {}, "start"),  # not the offset of the zone
        ({"start": "15:30"}, {}, "start"),
        ({"end": "2040-01-31T16:00:00+01:00"}, {}, "end"),  # not the duration
        ({}, {"time_zone_name": None}, "timezone"),
        ({"duration": None}, {}, "end"),
    ],
)
def test_contradictions_are_held(session: dict[str, Any], conference: dict[str, Any], field: str) -> None:
    announced = read_one(conference=conference, **session)

    assert field in {note.field for note in announced.event.blocking_notes()}


def test_day_and_time_of_the_wall_are_enough() -> None:
    announced = read_one(date=None)

    assert announced.event.to_json()["start"] == "2040-01-31T14:30:00+01:00"
    assert announced.event.needs_review == ()


def test_sessions_of_one_name_at_one_time_have_ids_of_their_own() -> None:
    found = read_json(a_schedule(*(a_session(guid=guid) for guid in "ab"), a_session(guid="c", title="Other")))

    assert [each.event.id for each in found] == [
        "harbour-talks-tides-of-tomorrow-2040-01-31-1430-1",
        "harbour-talks-tides-of-tomorrow-2040-01-31-1430-2",
        "harbour-talks-other",
    ]


def test_relative_address_of_a_file_belongs_to_the_programme() -> None:
    announced = read_one(
        attachments=[{"title": "Paper", "url": "/media/paper.pdf"}, {"title": "Bad", "url": "javascript:x"}]
    )

    assert [link.url for link in announced.event.attachments] == ["https://talks.example.org/media/paper.pdf"]
    assert set(notes_of(announced)) == {"attachments"}


def test_all_mistakes_are_named_with_their_lines() -> None:
    refusal = refusal_of(a_schedule(a_session(date="soon"), a_session(duration="long", title="")))

    for sentence in (
        "start: expected a date and time",
        "found 'soon'",
        "duration: expected hours",
        "name: there is none",
    ):
        assert sentence in refusal


def test_cancelled_submission_is_cancelled_and_one_not_accepted_is_no_event() -> None:
    slot = {"start": "2040-01-31T14:30:00+01:00", "end": "2040-01-31T15:30:00+01:00"}
    known = {"code": "ABC", "title": "Tides", "submission_type": 1, "speakers": ["Amara Diallo"], "slots": [slot]}

    found = read_json([{**known, "state": state} for state in ("canceled", "rejected", "submitted")])

    assert [each.event.status for each in found] == ["cancelled"]


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>
<schedule><conference><title>&lol2;</title></conference></schedule>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://example.org/x.dtd"><schedule></schedule>"""
FILE = b"""<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><schedule>&e;</schedule>"""


@pytest.mark.parametrize("content", [LAUGHS, EXTERNAL, FILE])
def test_document_types_and_entities_are_refused_by_name(content: bytes) -> None:
    assert "declares a document type or entities" in refusal_of(content, "export.xml")


def test_broken_deep_and_empty_schedules_are_refused() -> None:
    content = (RECORDED / "pretalx.xml").read_bytes()

    assert "export.xml:30: this is not XML" in refusal_of(content[: content.index(b"<slug>")] + b"<<", "export.xml")
    assert "levels deep" in refusal_of(b"<schedule>" + b"<a>" * 60 + b"</a>" * 60 + b"</schedule>", "export.xml")
    assert "there is no session" in refusal_of(b"<schedule></schedule>", "export.xml")
    assert "encoding" in refusal_of(b'<?xml version="1.0" encoding="klingon"?><schedule></schedule>', "export.xml")


def test_formats_are_told_from_the_content() -> None:
    formats = {file.name: recognise(file.read_bytes(), "upload.bin") for file in RECORDED.iterdir()}

    assert formats == {
        "indico-contributions.json": "indico",
        "indico-page.html": "linked_data",
        "indico.json": "indico",
        "pretalx-submissions.json": "pretalx",
        "pretalx.json": "pretalx",
        "pretalx.xml": "frab",
        "wordpress-draft.json": "wordpress",
        "wordpress-post.json": "wordpress",
        "wordpress-protected.json": "wordpress",
    }
    assert isinstance(read_one().event, Event)
