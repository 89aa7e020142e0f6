"""Imports over the API: any format, preview and confirm, every mistake at once, nothing stored with a mistake."""

import json
from typing import Any

import pytest

from tests.builders import BASE_URL
from tests.integration.service import Service
from tests.integration.web.api.program import Api, Program, serve
from zoom_ops.web import reading_slots
from zoom_ops.web.reading_slots import ReadingSlots
from zoom_ops.web.request_files import MOST_EVENTS

TALK = """\
title: Tides of Tomorrow
date: 2040-01-31
time: 14:30-15:45
tz: Europe/Zurich
"""
YAML = {"Content-Type": "application/yaml; charset=utf-8"}


def send(program: Program, content: str | bytes, kind: str = "application/yaml", path: str = "/imports") -> Any:
    return program.post(
        path, data=content.encode() if isinstance(content, str) else content, headers={"Content-Type": kind}
    )


def test_file_is_previewed_then_stored(api: Api, program: Program) -> None:
    shown = send(program, TALK, path="/imports?dry_run=true")
    listed = program.ask("GET", "/events")["events"]
    stored = send(program, TALK, path=f"/imports?preview={shown.json()['preview']}")
    again = send(program, TALK)

    assert (shown.status_code, stored.status_code, again.status_code) == (200, 201, 200)
    assert shown.headers["ETag"] == f'"{shown.json()["preview"]}"'
    assert stored.headers["Location"] == f"{BASE_URL}/api/v1/events/tides-of-tomorrow"
    assert listed == []
    (event,) = shown.json()["events"]
    assert {"field": "start", "place": "line 3", "text": "14:30-15:45"} in event["sources"]
    assert (event["action"], event["event"]["start"]) == ("created", "2040-01-31T14:30:00+01:00")
    assert [each["action"] for each in again.json()["events"]] == ["unchanged"]
    assert shown.json()["events"][0]["changes"] == stored.json()["events"][0]["changes"]
    assert (shown.json()["format"], shown.json()["dry_run"], stored.json()["dry_run"]) == ("yaml", True, False)


def test_preview_that_is_out_of_date_is_refused(program: Program) -> None:
    tag = send(program, TALK + "venue: Pier 4\n", path="/imports?dry_run=true").headers["ETag"]
    send(program, TALK)

    late = program.post("/imports", data=TALK + "venue: Pier 4\n", headers=YAML | {"If-Match": tag})
    other = program.post("/imports", data=TALK, headers=YAML | {"If-Match": tag})
    any_state = program.post("/imports", data=TALK + "venue: Pier 4\n", headers=YAML | {"If-Match": "*"})

    assert (late.status_code, other.status_code, any_state.status_code) == (412, 412, 200)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/json", json.dumps({"title": "X", "start": "2040-01-31T14:30", "duration": 60, "tz": "UTC"})),
        ("text/plain", "How waves travel\n\nTuesday, 31 January 2040, 14:30-15:45 UTC\n"),
        ("application/octet-stream", "name: X\nstart: 2040-01-31T14:30\nend: 2040-01-31T15:30\ntimezone: UTC\n"),
    ],
)
def test_content_tells_the_format(program: Program, kind: str, content: str) -> None:
    reply = send(program, content, kind, "/imports?profile=default&recording_visibility=members")

    assert [event["action"] for event in reply.json()["events"]] == ["created"], reply.text


def test_every_mistake_is_told_with_its_place(program: Program) -> None:
    problem = send(program, TALK + "speakers: [{name: Ada, email: x}]\n---\nname: y\nhost: z\n").json()

    assert problem["status"] == 422
    assert problem["errors"][0] == {
        "detail": "speakers.1.email: expected an e-mail address such as ada.lovelace@example.org, found 'x'",
        "line": 5,
        "field": "speakers.1.email",
        "found": "'x'",
        "expected": "an e-mail address such as ada.lovelace@example.org",
    }
    assert [error["line"] for error in problem["errors"]] == [5, 7, 7, 7, 8]
    assert program.ask("GET", "/events")["events"] == []


def test_question_names_the_ways_to_answer(program: Program) -> None:
    send(program, TALK)
    moved = TALK.replace("01-31", "02-07")

    shown = send(program, moved, path="/imports?dry_run=true").json()
    asked = send(program, moved)
    answered = send(program, moved, path="/imports?id=tides-of-tomorrow")

    assert [event["action"] for event in shown["events"]] == ["unclear"]
    assert (asked.status_code, asked.json()["errors"][0]["line"]) == (409, 1)
    assert asked.json()["detail"] == shown["events"][0]["question"]
    assert asked.json()["ways"].startswith("POST it again with ?id=")
    assert [event["action"] for event in answered.json()["events"]] == ["updated"]


@pytest.mark.parametrize(
    ("kind", "path", "status"),
    [
        ("image/png", "/imports", 415),
        ("", "/imports", 415),
        ("application/yaml", "/imports?recording_visibility=all", 400),
        ("application/yaml", "/imports?id=No%20Id", 400),
        ("application/yaml", "/imports?profile=nobody", 422),
        ("application/yaml", "/imports?account=nobody&dry_run=true", 422),
        ("application/yaml", "/imports?id=nobody", 422),
    ],
)
def test_what_does_not_fit_is_refused(program: Program, kind: str, path: str, status: int) -> None:
    assert program.fail("POST", path, data=TALK, headers={"Content-Type": kind} if kind else {})[0] == status


def test_reading_alone_does_not_import(api: Api) -> None:
    reader = api.program("events:read", name="reader")

    assert reader.fail("POST", "/imports?dry_run=true", data=TALK, headers=YAML)[0] == 403


def test_too_many_events_are_refused(program: Program) -> None:
    many = json.dumps([{"name": f"{n}", "start": "2040-01-31T14:30Z", "duration": 60, "tz": "UTC"} for n in range(501)])

    status, detail = program.fail("POST", "/imports", data=many, headers={"Content-Type": "application/json"})

    assert (status, MOST_EVENTS) == (422, 500)
    assert detail == "expected at most 500 events at once; split the file"


def test_too_long_events_are_refused_and_leave_nothing_behind(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    tidied = list[str]()
    monkeypatch.setattr(reading_slots, "tidy", lambda: tidied.append("once"))
    each = {"start": "2040-01-31T14:30Z", "duration": 60, "tz": "UTC", "description": "Tides. " * 10_000}
    many = json.dumps([{"name": f"{n}", **each} for n in range(30)])

    status, detail = program.fail(
        "POST", "/imports?dry_run=true", data=many, headers={"Content-Type": "application/json"}
    )

    assert status == 422
    assert detail.startswith("expected events of at most 2,000,000 characters, found 2,1")
    assert tidied == ["once"]


def test_import_is_put_off_where_no_slot_is_free(service: Service) -> None:
    with serve(service, reading=ReadingSlots(at_once=0, patience_s=0)) as api:
        program = api.program()
        reply = send(program, TALK)
        listed = program.ask("GET", "/events")["events"]

    assert (reply.status_code, reply.headers["Retry-After"], listed) == (503, "5", [])
    assert reply.json()["detail"] == "Other files are being read: send this one again in a moment."


def test_slot_is_free_again_after_an_import_that_was_refused(service: Service) -> None:
    with serve(service, reading=ReadingSlots(at_once=1, patience_s=0)) as api:
        program = api.program()
        replies = [send(program, content) for content in ("title: [", TALK)]

    assert [reply.status_code for reply in replies] == [422, 201]


def test_misspelt_parameter_stores_nothing(program: Program) -> None:
    status, sentence = program.fail("POST", "/imports?dryrun=true", data=TALK, headers=YAML)

    assert (status, sentence) == (400, "There is no parameter 'dryrun' here. Did you mean 'dry_run'?")
    assert program.ask("GET", "/events")["events"] == []
