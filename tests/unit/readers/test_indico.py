"""Indico's export: a meeting is one event, and what is protected stays protected."""

import json
from typing import Any

import pytest

from tests.unit.readers.reading import RECORDED, notes_of, read_json, read_recorded, refusal_of
from zoom_ops.readers import Announced

SPEAKER = {
    "first_name": "Jonas",
    "last_name": "Lindqvist",
    "fullName": "Prof. Lindqvist, Jonas",
    "affiliation": "University of the Sound",
    "email": "jonas.lindqvist@example.org",
}


def read_one(**changes: Any) -> Announced:
    (announced,) = read_json(an_export(**changes))
    return announced


def an_export(**changes: Any) -> dict[str, Any]:
    """Change the recorded export; the shape of labels is that of Indico's documentation."""
    export: dict[str, Any] = json.loads((RECORDED / "indico.json").read_text())
    export["results"][0] |= changes
    return export


def test_meeting_is_one_event() -> None:
    (announced,) = read_recorded("indico.json")

    event = announced.event
    assert (event.name, event.venue) == ("Tides of Tomorrow", "Virtual Platform, Zoom (webinar)")
    assert (event.timezone, event.to_json()["start"]) == ("America/New_York", "2023-01-31T08:30:00-05:00")
    assert [(person.kind, person.honorific, person.name, person.organization) for person in event.performers] == [
        ("chair", "Mr", "Yusuf Demir", "City of Alder Bay"),
        ("chair", "Dr", "Amara Diallo", "Harbour Institute"),
        ("chair", "Ms", "Mei-Ling Chen", "Tidal Works, Ltd."),
    ]
    assert announced.origin == "indico:indico.example.org/1"
    assert {source.field: source.place for source in announced.sources}["start"].startswith("results 1 → startDate")


def test_speakers_of_contributions_and_their_parts_are_those_of_the_meeting() -> None:
    (announced,) = read_recorded("indico-contributions.json")

    event = announced.event
    assert (event.name, event.venue, event.timezone) == (
        "Tides of Tomorrow: a day of talks",
        "Harbour Institute, Hall 1",
        "Europe/Zurich",
    )
    assert (event.to_json()["start"], event.to_json()["end"]) == (
        "2040-06-12T14:00:00+02:00",
        "2040-06-12T17:30:00+02:00",
    )
    assert [(person.kind, person.honorific, person.name, person.organization) for person in event.performers] == [
        ("chair", "Dr", "Amara Diallo", "Harbour Institute"),
        ("speaker", None, "Yusuf Demir", "City of Alder Bay"),
        ("speaker", None, "Mei-Ling Chen", "Tidal Works, Ltd."),
        ("speaker", None, "Jonas Falk", None),
    ]
    assert event.needs_review == ()


def test_export_without_subcontributions_says_that_their_speakers_are_missing() -> None:
    announced = read_one(contributions=[{"title": "Sea walls", "speakers": [SPEAKER]}])

    assert [note.field for note in announced.event.needs_review if "subcontributions" in note.reason] == ["performers"]


def test_protected_attachment_is_for_nobody_until_its_groups_are_set() -> None:
    (announced,) = read_recorded("indico.json")

    programme, recording = announced.event.attachments
    assert (programme.visibility, programme.groups) == ("public", ())
    assert (recording.visibility, recording.groups) == ("members", ("protected in Indico",))
    assert announced.event.recording_gate == (("protected in Indico",),)
    assert set(notes_of(announced)) == {"attachments"}


def test_folder_protects_what_is_in_it() -> None:
    link = {"title": "Notes", "type": "link", "link_url": "https://example.org/notes", "is_protected": False}

    announced = read_one(folders=[{"title": "Board", "is_protected": True, "attachments": [link]}])

    assert [entry.visibility for entry in announced.event.attachments] == ["members"]


def test_speakers_of_all_contributions_speak() -> None:
    part = {"title": "Part", "speakers": [{"first_name": "Ada", "last_name": "Lovelace", "fullName": "Lovelace, Ada"}]}

    announced = read_one(
        chairs=[], contributions=[{"title": "Opening", "speakers": [SPEAKER], "subContributions": [part]}]
    )

    jonas, ada = announced.event.performers
    assert (jonas.kind, jonas.honorific, jonas.name) == ("speaker", "Prof.", "Jonas Lindqvist")
    assert (jonas.email, ada.name, ada.honorific) == ("jonas.lindqvist@example.org", "Ada Lovelace", None)


def test_chairs_of_a_lecture_speak() -> None:
    announced = read_one(type="simple_event", chairs=[SPEAKER])

    assert [person.kind for person in announced.event.performers] == ["speaker"]


def test_export_without_contributions_says_that_speakers_are_missing() -> None:
    export = an_export()
    del export["results"][0]["contributions"]

    (announced,) = read_json(export)

    assert "performers" in notes_of(announced)


@pytest.mark.parametrize(
    ("label", "status", "held"),
    [
        ({"title": "Cancelled", "is_event_not_happening": True}, "cancelled", False),
        ({"title": "Postponed", "is_event_not_happening": True}, "postponed", False),
        ({"title": "Hybrid", "is_event_not_happening": False}, "scheduled", False),
        ("Cancelled", "cancelled", True),
    ],
)
def test_label_tells_the_status(label: Any, status: str, held: bool) -> None:
    announced = read_one(label=label)

    assert (announced.event.status, "name" in notes_of(announced)) == (status, held)


def test_time_of_the_wall_in_another_zone_is_an_instant() -> None:
    announced = read_one(
        startDate={"date": "2040-07-03", "time": "14:30:00", "tz": "Europe/Zurich"},
        endDate={"date": "2040-07-03", "time": "15:30:00.5", "tz": "Europe/Zurich"},
    )

    assert announced.event.to_json()["start"] == "2040-07-03T08:30:00-04:00"


def test_export_without_events_and_mistakes_are_named() -> None:
    assert "count: 0" in refusal_of({"count": 0, "_type": "HTTPAPIResult", "results": []})
    refusal = refusal_of(an_export(title="", startDate={"date": "soon"}, timezone="Mars/Base"))
    for sentence in ("name: there is none", 'startDate: expected {"date": "2027-04-03"'):
        assert sentence in refusal
