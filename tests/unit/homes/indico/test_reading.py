"""An event of Indico as a record: what counts as a change, who may read it, which webinar it has."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.readers.reading import RECORDED
from zoom_ops.errors import BadInputError
from zoom_ops.homes import Raw, StrangeAnswerError, settings_of
from zoom_ops.homes.indico.reading import build_raw, read_record
from zoom_ops.homes.indico.rooms import find_webinars

Event = dict[str, Any]
SETTINGS = settings_of("indico").model_validate(
    {"kind": "indico", "url": "https://indico.example.org", "token": "x", "categories": [1]}
)
_OURS = {
    "_type": "attachment",
    "id": 9,
    "title": "Recording",
    "description": "zoom_ops:key=wsis-2027/4444AAA+iAAAAA==",
    "type": "link",
    "is_protected": False,
    "link_url": "https://webinars.example.org/wsis-2027/recordings/1",
}
_JUST_ADDED = {**_OURS, "description": "", "link_url": f"{_OURS['link_url']}#zoom_ops=wsis-2027%2F4444AAA%3D%3D"}


def _event(**changes: Any) -> Event:
    event: Event = json.loads((RECORDED / "indico.json").read_text("utf-8"))["results"][0]
    return {**event, **changes}


def _with_material(material: Event) -> Event:
    event = _event()
    event["folders"][0]["attachments"].insert(0, material)
    return event


def _moved(event: Event) -> Event:
    event["folders"][0]["attachments"][0]["modified_dt"] = "2027-01-01T00:00:00+00:00"
    event["chairs"].reverse()
    event["creator"] = None
    event["note"] = {"html": "minutes"}
    event["folders"].append({"_type": "folder", "id": 7, "title": "Empty", "attachments": []})
    return event


@pytest.mark.parametrize("same", [_with_material(_OURS), _with_material(_JUST_ADDED), _moved(_event())])
def test_fingerprint_leaves_out_ours_and_what_moves_by_itself(same: Event) -> None:
    assert replace(build_raw(same), links=()) == build_raw(_event())


@pytest.mark.parametrize("link", [_OURS, _JUST_ADDED])
def test_list_tells_title_and_address_of_our_link(link: Event) -> None:
    (found,) = build_raw(_with_material(link)).links or ()

    assert (found["title"], found["url"]) == ("Recording", _OURS["link_url"])


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.update(title="Another title"),
        lambda event: event.update(hasAnyProtection=True),
        lambda event: event.update(label={"title": "Cancelled", "is_event_not_happening": True}),
        lambda event: event["chairs"][0].update(affiliation="Another"),
        lambda event: event["folders"][0]["attachments"][0].update(link_url="https://example.org/new.pdf"),
        lambda event: event["folders"][0]["attachments"][0].update(is_protected=True),
    ],
)
def test_fingerprint_moves_with_what_people_write(change: Callable[[Event], None]) -> None:
    event = deepcopy(_event())

    change(event)

    assert build_raw(event).fingerprint != build_raw(_event()).fingerprint
    assert build_raw(_event(), 93812345678).fingerprint != build_raw(_event()).fingerprint


def test_record_has_event_labels_and_page() -> None:
    record = read_record(build_raw(_event(keywords=["water", "water"]), 93812345678), SETTINGS)

    event = record.announced.event
    assert record.labels == ("Harbour Institute", str(_event()["categoryId"]), "water")
    assert record.url == _event()["url"]
    assert record.webinar_id == 93812345678
    assert [attachment.visibility for attachment in event.attachments] == ["public", "members"]
    assert event.needs_review == (), "a protected file is none of a webinar's business"


@pytest.mark.parametrize(
    ("changes", "is_public"),
    [
        ({}, True),
        ({"hasAnyProtection": True}, False),
        ({"hasAnyProtection": None}, False),
        ({"visibility": {"id": "", "name": "Nowhere"}}, False),
        ({"visibility": {"id": "", "name": "Nowhere (unlisted)"}}, False),
        ({"visibility": {"id": 3, "name": "Harbour Institute"}}, True),
    ],
)
def test_event_is_public_only_if_indico_says_so(changes: Event, is_public: bool) -> None:
    assert read_record(build_raw(_event(**changes)), SETTINGS).is_public is is_public


def test_what_is_no_event_is_refused() -> None:
    with pytest.raises(StrangeAnswerError):
        build_raw(_event(id="../1"))
    with pytest.raises(BadInputError, match="startDate"):
        read_record(build_raw(_event(startDate="tomorrow")), SETTINGS)
    with pytest.raises(BadInputError, match="expected an event"):
        read_record(Raw(id="1", fingerprint="", content=b"<html>"), SETTINGS)


@pytest.mark.parametrize(
    ("end", "found"),
    [
        # as indico-plugin-vc-zoom 3.3.7 writes it
        (r"\n\nZoom: https:/" + "\r\n /zoom.us/j/93812345678?pwd=abcDEF.1", {"1": 93812345678}),
        (r"\n\nZoom: https://example.zoom.us/w/93812345678?tk=abc", {"1": 93812345678}),
        (
            r"\n\nZoom:\n- Morning: https://zoom.us/j/93812345678\n- Evening: https://zoom.us/j/93812345679",
            {"1": "unsaid"},
        ),
        (
            r"\n\nZoom:\n- Day 1: https://zoom.us/j/93812345678\n- b: https://zoom.us/j/93812345678",
            {"1": 93812345678},
        ),
        (r"\n\nZoom: https://zoom.us/j/93812345678\n\nhttps://indico.example.org/event/1/", {}),  # by people
        ("\u2028DESCRIPTION:Zoom: https://zoom.us/j/93812345678\x85https://indico.example.org/event/1/", {}),
        (
            "BEGIN:VEVENT\u2028UID:indico-event-2@x\u2028DESCRIPTION:Zoom: https://zoom.us/j/93812345678\u2028"
            "X:https://indico.example.org/event/1/",
            {},
        ),
        ("", {}),
    ],
)
def test_number_of_the_webinar_is_read_from_the_last_line_of_the_calendar(end: str, found: dict[str, Any]) -> None:
    calendar = (
        f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:indico-event-1@example.org\r\nDESCRIPTION:Words{end}\r\nEND:VEVENT"
    )

    assert find_webinars(calendar.encode()) == found
