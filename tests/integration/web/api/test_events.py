"""Event records over the API: scopes decide what is read, a write is an import, and no unseen change is lost."""

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.builders import AMARA, BASE_URL, END, EVENT_ID, JONAS, NOW, SLIDES, START, a_note, an_attachment, an_event
from tests.integration.service import Service
from tests.integration.web.api.program import Api, Program
from zoom_ops.operations.events.editing import merge
from zoom_ops.operations.views.audit.lines import iter_lines

EVENT = {
    "name": "Deep Water",
    "series": "Harbour Talks",
    "start": "2040-03-01T14:00:00+01:00",
    "end": "2040-03-01T15:00:00+01:00",
    "timezone": "Europe/Zurich",
}
DEEP_WATER = "harbour-talks-deep-water"


def audited(service: Service) -> list[tuple[str, str, str, str]]:
    """List who changed what: name, way, action and subject."""
    lines = [line for line in iter_lines(service.app.database) if line["what"] != "token_added"]
    return [(line["who"], line["how"], line["what"], line["subject"]) for line in lines]


def test_event_is_added_changed_and_cancelled(api: Api, program: Program) -> None:
    added = program.post("/events", json=EVENT)
    replaced = program.ask("PUT", f"/events/{DEEP_WATER}", json=EVENT | {"venue": "Pier 4"}, headers={"If-Match": "*"})
    patched = program.ask("PATCH", f"/events/{DEEP_WATER}", json={"venue": None, "language": "fr"})
    cancelled = program.ask("POST", f"/events/{DEEP_WATER}/cancel")

    assert (added.status_code, added.json()["action"]) == (201, "created")
    assert added.headers["Location"] == f"{BASE_URL}/api/v1/events/{DEEP_WATER}"
    assert replaced["changes"] == [{"field": "venue", "old": None, "new": "Pier 4"}]
    assert [change["field"] for change in patched["changes"]] == ["language", "venue"]
    nothing = "No webinar of it is to come; nothing is deleted at Zoom, and nobody is mailed."
    assert cancelled == {"id": DEEP_WATER, "status": "cancelled", "effects": [nothing]}
    assert audited(api.service) == [
        ("website", "token", what, DEEP_WATER)
        for what in ("event_imported", "event_updated", "event_updated", "event_cancelled")
    ]


def test_what_is_written_is_worked_on(api: Api, program: Program) -> None:
    program.ask("POST", "/events", json=EVENT)
    api.service.settle()

    webinar = program.ask("GET", f"/events/{DEEP_WATER}")["webinar"]

    assert webinar["id"] == api.service.zoom.webinar()["id"]
    assert webinar["join_url"]


def test_event_added_twice_is_one(program: Program) -> None:
    first = program.post("/events", json=EVENT)
    second = program.post("/events", json=EVENT)
    third = program.post("/events", json=EVENT | {"venue": "Pier 4"})

    assert [(reply.status_code, reply.json()["action"]) for reply in (first, second, third)] == [
        (201, "created"),
        (200, "unchanged"),
        (200, "updated"),
    ]
    assert [first.headers.get("Location") is None, second.headers.get("Location") is None] == [False, True]


def test_doubt_which_event_is_meant_is_a_question(program: Program) -> None:
    program.ask("POST", "/events", json=EVENT)
    moved = EVENT | {"start": "2040-03-08T14:00:00+01:00", "end": "2040-03-08T15:00:00+01:00"}

    question = program.post("/events", json=moved)
    same = program.ask("POST", f"/events?id={DEEP_WATER}", json=moved)
    other = program.post("/events?new=true", json=EVENT | {"start": EVENT["start"], "venue": "Pier 4"})

    assert question.status_code == 409
    assert question.json()["detail"].startswith("'Deep Water' is known with another date (2040-03-01).")
    assert "?new=true" in question.json()["ways"]
    assert (same["id"], same["action"]) == (DEEP_WATER, "updated")
    assert (other.status_code, other.json()["id"]) == (201, f"{DEEP_WATER}-2040-03-01")


def test_every_mistake_is_told(program: Program) -> None:
    wrong = {"name": "", "start": "2040-03-01", "end": "then", "timezone": "Mars/Olympus", "plase": 1}

    problem = program.post("/events", data=json.dumps(wrong, indent=1), headers={"Content-Type": "application/json"})

    problem_document = problem.json()
    assert problem.status_code == 422
    assert [(mistake["line"], mistake["detail"].partition(":")[0]) for mistake in problem_document["errors"]] == [
        (2, "name"),
        (3, "start"),
        (4, "end"),
        (5, "timezone"),
        (6, "plase"),
    ]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_very_many_mistakes_are_counted(program: Program) -> None:
    unknown = {f"key{number}": 1 for number in range(60_000)}
    people = [{"name": "Ann Lee", "email": "ann.lee@example.org"}, *[{}] * 9_998]
    program.post("/events", json=EVENT)

    events = program.post("/events", json=EVENT | {"performers": [unknown]}).json()
    patched = program.patch(f"/events/{DEEP_WATER}", json=unknown).json()
    moved = program.post(f"/events/{DEEP_WATER}/move", json=unknown).json()
    added = program.post("/people", json={"people": [unknown, *people]}).json()
    crowd = program.post("/people", json={"people": [1] * 200_000}).json()

    named = program.get("/plan", params=[("event", "?")] * 1_000).json()

    answers = (events, patched, moved, added, crowd, named)
    assert [len(answer["errors"]) for answer in answers] == [21, 21, 1, 21, 1, 21]
    assert events["errors"][-1] == {"detail": "There are 2 more mistakes."}
    assert moved["detail"] == "There are 60,000 keys that nobody knows, such as 'key0', 'key1', 'key2'."
    assert added["errors"][-1] == {"detail": "There are 19,977 more mistakes."}
    assert crowd["detail"] == "people: expected at most 10,000 entries, not 200,000."


@pytest.mark.parametrize(
    "large",
    [
        {"description": "a\n\n" * 170_000},
        {"performers": (AMARA,) * 5_000},
        {"performers": (AMARA.model_copy(update={"role": "a" * 1_000, "organization": "b" * 1_000}),) * 400},
    ],
    ids=["description", "performers", "all"],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_event_of_before_the_maxima_is_shown_and_changed(api: Api, program: Program, large: dict[str, Any]) -> None:
    """What it has too much of stays, until somebody says it anew."""
    event = an_event(**large)
    api.service.write(event)

    changed = program.patch(f"/events/{EVENT_ID}", json={"venue": "Hall 2", "start": "2040-01-31T14:45:00+01:00"})
    again = program.patch(f"/events/{EVENT_ID}", json={name: event.to_json()[name] for name in large})

    assert (changed.status_code, again.status_code) == (200, 422)
    (listed,) = program.get("/events").json()["events"]
    assert listed["venue"] == "Hall 2"
    assert [len(listed[name]) for name in large] == [len(event.to_json()[name]) for name in large]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_is_echoed_of_a_mistake_is_short(program: Program) -> None:
    problem = program.post(f"/events/{DEEP_WATER}/move", json={"k" * 500_000: 1, "host": "h" * 500_000})

    assert problem.status_code == 422
    assert len(problem.content) < 2_000


UNFIT = (
    (b"{", "application/json", 422),
    (b"[]", "application/json", 422),
    (b"[{}, {}]", "application/json", 422),
    (b"null", "application/json", 422),
    (b"\xff", "application/json", 422),
    (b'{"name": NaN}', "application/json", 422),
    (b'{"a": 1, "a": 2}', "application/json", 422),
    (b"[" * 100_000, "application/json", 422),
    (b'{"profile": "x", ' + json.dumps(EVENT).encode()[1:], "application/json", 422),
    (b'{"account": "x", ' + json.dumps(EVENT).encode()[1:], "application/json", 422),
    (b"{}", "text/plain", 415),
    (b"{}", "", 415),
    (b" " * 1_048_577, "application/json", 413),
)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_content_that_does_not_fit_is_refused(program: Program, method: str) -> None:
    program.ask("POST", "/events", json=EVENT)
    path = "/events" if method == "POST" else f"/events/{DEEP_WATER}"

    for body, kind, status in UNFIT:
        refused_with, sentence = program.fail(method, path, data=body, headers={"Content-Type": kind, "If-Match": "*"})

        assert refused_with == status, body[:40]
        assert sentence, body[:40]


def test_event_that_is_not_there_is_named(program: Program) -> None:
    program.ask("POST", "/events", json=EVENT)

    refusals = [
        program.fail(method, f"/events/{DEEP_WATER}s{ending}", json=EVENT, headers={"If-Match": "*"})
        for method, ending in (("GET", ""), ("PUT", ""), ("PATCH", ""), ("POST", "/cancel"), ("GET", "/timeline"))
    ]

    assert set(refusals) == {(404, f"There is no event '{DEEP_WATER}s'. Did you mean {DEEP_WATER}?")}
    assert program.fail("GET", "/events/A%00b")[0] == 400


def test_event_keeps_its_id(program: Program) -> None:
    program.ask("POST", "/events", json=EVENT)

    refusals = [
        program.fail("PUT", f"/events/{DEEP_WATER}", json=EVENT | {"id": "shallow-water"}, headers={"If-Match": "*"}),
        program.fail("PATCH", f"/events/{DEEP_WATER}", json={"id": "shallow-water"}),
    ]

    assert refusals == [(422, f"id: this is {DEEP_WATER}, and an event keeps its id")] * 2


def test_nobody_overwrites_what_he_has_not_seen(program: Program) -> None:
    program.ask("POST", "/events", json=EVENT)
    read = program.get(f"/events/{DEEP_WATER}")
    mine = {"If-Match": read.headers["ETag"]}

    first = program.put(f"/events/{DEEP_WATER}", json=read.json() | {"venue": "Pier 4"}, headers=mine)
    late = [
        program.fail(method, f"/events/{DEEP_WATER}", json=EVENT | {"venue": "Pier 5"}, headers=mine)
        for method in ("PUT", "PATCH")
    ]
    next_one = program.put(f"/events/{DEEP_WATER}", json=EVENT, headers={"If-Match": first.headers["ETag"]})

    sentence = "The event was changed since it was read: read it again, and decide anew."
    assert (first.status_code, next_one.status_code) == (200, 200)
    assert late == [(412, sentence)] * 2
    assert program.fail("PUT", f"/events/{DEEP_WATER}", json=EVENT)[0] == 428
    assert program.fail("PUT", f"/events/{DEEP_WATER}", json=EVENT, headers={"If-Match": '"x", "'})[0] == 412


def test_what_is_known_is_not_sent_twice(program: Program) -> None:
    program.ask("POST", "/events", json=EVENT)
    tag = program.get(f"/events/{DEEP_WATER}").headers["ETag"]

    known = program.get(f"/events/{DEEP_WATER}", headers={"If-None-Match": f'"other", W/{tag}'})
    program.ask("PATCH", f"/events/{DEEP_WATER}", json={"venue": "Pier 4"})
    changed = program.get(f"/events/{DEEP_WATER}", headers={"If-None-Match": tag})

    assert (known.status_code, known.content) == (304, b"")
    assert changed.status_code == 200
    assert changed.headers["Cache-Control"] == "private, no-cache"


def test_token_sees_no_more_than_it_is_for(api: Api) -> None:
    api.service.add(an_event(attachments=(SLIDES, an_attachment(visibility="members")), needs_review=(a_note(),)))
    api.service.settle()
    visitor, operator = api.program("events:read", name="a"), api.program("events:read-all", name="b")

    public = visitor.get(f"/events/{EVENT_ID}").text + visitor.get("/events").text
    complete = operator.get(f"/events/{EVENT_ID}").text

    hidden = [SLIDES.url, AMARA.email, "needs_review", "join_url", "consent", "zoom_ops/"]
    assert [secret for secret in hidden if secret in public] == []
    assert [secret for secret in hidden[:5] if secret not in complete] == []
    assert visitor.fail("GET", f"/events/{EVENT_ID}/timeline") == (
        403, "This token lacks the scope events:read-all.",
    )  # fmt: skip


def test_events_are_listed_by_pages(api: Api, program: Program) -> None:
    api.service.add(
        *(an_event(id=f"tides-{n}", name=f"Tides {n}", start=START + timedelta(days=n), end=END + timedelta(days=n))
          for n in range(5)),
        an_event(id="over", name="Over", start=START - timedelta(days=30), end=END - timedelta(days=30)),
    )  # fmt: skip

    pages = [program.get("/events?per_page=2")]
    while following := pages[-1].json()["next"]:
        assert pages[-1].headers["Link"] == f'<{following}>; rel="next"'
        pages.append(program.get(following.removeprefix(f"{BASE_URL}/api/v1")))

    assert [[event["id"] for event in page.json()["events"]] for page in pages] == [
        ["tides-0", "tides-1"], ["tides-2", "tides-3"], ["tides-4"],
    ]  # fmt: skip
    assert [event["id"] for event in program.ask("GET", "/events?when=past")["events"]] == ["over"]
    assert program.ask("GET", "/events?cursor=70")["events"] == []
    assert [
        program.fail("GET", f"/events?{query}")[0] for query in ("page=2", "cursor=0", "per_page=101", "when=x")
    ] == [400] * 4


def test_events_are_chosen_as_in_the_programme(program: Program) -> None:
    program.ask("POST", "/events", json=EVENT)
    program.ask("POST", "/events", json=EVENT | {"name": "Eaux profondes", "series": "Quais", "language": "fr"})

    def names(query: str) -> list[str]:
        return [event["name"] for event in program.ask("GET", f"/events?{query}")["events"]]

    assert names("q=profondes") == names("language=fr") == names("series=quais") == ["Eaux profondes"]
    assert names("year=2040&series=harbour-talks") == ["Deep Water"]
    assert names("has=recording") == names("q=nothing") == []
    assert [program.fail("GET", f"/events?{query}")[0] for query in ("year=x", "has=all", "language=%00")] == [400] * 3


def test_timeline_tells_what_happened(api: Api, program: Program) -> None:
    api.service.add()
    api.service.settle()

    timeline = program.ask("GET", f"/events/{EVENT_ID}/timeline")["timeline"]

    assert program.ask("GET", f"/events/{EVENT_ID}/stages?per_page=1")["stages"][0]["state"] == "done"
    assert [change["what"] for change in timeline] == ["event_imported", "webinar_created", "panelists_seated"]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


def is_a_name(text: str) -> bool:
    """Return whether the text is a valid name of an event. A name without visible characters is not."""
    with suppress(ValidationError):
        return bool(an_event(name=text).name)
    return False


@given(
    changes=st.fixed_dictionaries(
        {},
        optional={
            "name": TEXTS.filter(is_a_name),
            "description": TEXTS,
            "venue": TEXTS | st.none(),
            "status": st.sampled_from(("scheduled", "postponed", "cancelled")),
            "language": st.sampled_from(("en", "fr", "pt-BR")),
            "consent": st.sampled_from(("record", "do_not_record", "ask")),
            "performers": st.lists(st.sampled_from((AMARA, JONAS)), max_size=2, unique=True),
            "attachments": st.lists(
                st.builds(an_attachment, title=TEXTS, visibility=st.sampled_from(("public", "members"))), max_size=3
            ),
            "needs_review": st.lists(st.builds(a_note, field=st.sampled_from(("name", "venue"))), max_size=2),
        },
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_was_read_and_is_sent_back_changes_nothing(api: Api, changes: dict[str, Any]) -> None:
    program = api.program(name=f"p{api.service.clock.elapsed()}")
    api.service.write(an_event(**changes))
    read = program.get(f"/events/{EVENT_ID}")
    match = {"If-Match": read.headers["ETag"]}

    put = program.ask("PUT", f"/events/{EVENT_ID}", json=read.json(), headers=match)
    patched = program.ask("PATCH", f"/events/{EVENT_ID}", json={}, headers=match)
    added = program.ask("POST", "/events", json=read.json())

    assert [reply["action"] for reply in (put, patched, added)] == ["unchanged"] * 3
    assert program.get(f"/events/{EVENT_ID}").headers["ETag"] == read.headers["ETag"]


def test_recorded_event_that_was_read_and_is_sent_back_is_unchanged(api: Api, program: Program) -> None:
    api.service.add()
    api.service.settle()
    api.service.clock.advance(START - api.service.clock.now())
    api.service.zoom.hold(parts=2)
    api.service.clock.advance(END - api.service.clock.now() + timedelta(hours=1))
    api.service.settle()
    read = program.get(f"/events/{EVENT_ID}")

    sent = program.ask("PUT", f"/events/{EVENT_ID}", json=read.json(), headers={"If-Match": read.headers["ETag"]})

    assert len(read.json()["recordings"]) == 2
    assert sent["action"] == "unchanged"


@pytest.mark.parametrize(
    ("target", "patch", "merged"),
    [  # the examples of RFC 7396, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_patch_is_merged_as_the_specification_says(target: Any, patch: Any, merged: Any) -> None:
    assert merge(target, patch) == merged


def test_field_that_a_patch_takes_out_is_as_by_default(api: Api, program: Program) -> None:
    program.ask("POST", "/events", json=EVENT | {"consent": "ask", "language": "fr", "account": "main"})

    patched = program.ask("PATCH", f"/events/{DEEP_WATER}", json={"consent": None, "language": None, "account": None})

    event = patched["event"]
    assert (event["consent"], event["language"], event["account"]) == ("record", "en", None)
    assert program.fail("PATCH", f"/events/{DEEP_WATER}", json={"name": None})[1] == "name: this is required"


def test_event_keeps_its_times_in_another_zone(program: Program) -> None:
    program.ask("POST", "/events", json=EVENT)

    event = program.ask("PATCH", f"/events/{DEEP_WATER}", json={"timezone": "Asia/Tokyo"})["event"]

    assert (event["start"], event["end"]) == ("2040-03-01T22:00:00+09:00", "2040-03-01T23:00:00+09:00")
    assert event["needs_review"] == []


@pytest.mark.parametrize(
    ("patch", "changed"),
    [
        ({"title": "Deeper"}, {"name": "Deeper"}),
        ({"location": "Pier 4"}, {"venue": "Pier 4"}),
        ({"date": "2040-03-02"}, {"start": "2040-03-02T14:00:00+01:00", "end": "2040-03-02T15:00:00+01:00"}),
        ({"time": "16:30"}, {"start": "2040-03-01T16:30:00+01:00", "end": "2040-03-01T17:30:00+01:00"}),
        ({"duration": "90 min"}, {"end": "2040-03-01T15:30:00+01:00"}),
        ({"end_time": "16:00"}, {"end": "2040-03-01T16:00:00+01:00"}),
    ],
    ids=str,
)
def test_patch_says_fields_as_a_file_may(program: Program, patch: dict[str, str], changed: dict[str, str]) -> None:
    program.ask("POST", "/events", json=EVENT)

    changes = program.ask("PATCH", f"/events/{DEEP_WATER}", json=patch)["changes"]

    assert {change["field"]: change["new"] for change in changes} == changed


def test_patch_that_says_a_field_twice_is_refused(program: Program) -> None:
    program.ask("POST", "/events", json=EVENT)

    sentence = program.fail("PATCH", f"/events/{DEEP_WATER}", json={"title": "Deeper", "name": "Deep"})[1]

    assert sentence == "title: 'name' says the same differently: keep one of them"
    assert program.fail("PATCH", f"/events/{DEEP_WATER}", json={"title": None})[1] == "name: this is required"


def test_rows_of_other_zones_move_with_an_event_that_is_sent_back(program: Program) -> None:
    row = {"label": "Tokyo", "timezone": "Asia/Tokyo", "start": "2040-03-01T22:00", "end": "2040-03-01T23:00"}
    document = program.ask("POST", "/events", json=EVENT | {"display_times": [row]})["event"]
    moved = document | {"start": "2040-03-02T14:00:00+01:00", "end": "2040-03-02T15:00:00+01:00"}

    put = program.ask("PUT", f"/events/{DEEP_WATER}", json=moved, headers={"If-Match": "*"})["event"]
    patched = program.ask("PATCH", f"/events/{DEEP_WATER}", json={"date": "2040-03-03"})["event"]

    assert [each["display_times"][0]["start"] for each in (put, patched)] == ["2040-03-02T22:00", "2040-03-03T22:00"]


def test_event_is_moved_by_a_program_once_it_has_seen_what_that_does(api: Api, program: Program) -> None:
    api.service.add(an_event())
    api.service.settle()
    later = {"to": "2040-02-01 16:00", "zone": "Europe/Paris"}

    shown = program.ask("POST", f"/events/{EVENT_ID}/move", json=later | {"dry_run": True})
    before = api.service.event().start
    moved = program.ask("POST", f"/events/{EVENT_ID}/move", json=later)
    api.service.settle()

    assert shown == moved | {"ordered": False}
    assert [sentence[:7] for sentence in moved["effects"]] == ["Moves h", "Changes", "Change "]
    assert (moved["start"], moved["end"]) == ("2040-02-01T10:00:00-05:00", "2040-02-01T11:15:00-05:00")
    assert api.service.event().start != before
    assert api.service.zoom.webinar()["start_time"] == "2040-02-01T15:00:00Z"
    assert program.fail("POST", f"/events/{EVENT_ID}/move", json=later)[0] == 409
    assert program.fail("POST", "/events/tide/move", json=later)[0] == 404
    assert program.fail("POST", f"/events/{EVENT_ID}/move", json={"to": "soon"})[0] == 422
    assert program.fail("POST", f"/events/{EVENT_ID}/move", json={})[0] == 422


def test_event_that_was_held_is_not_cancelled_by_a_program(api: Api, program: Program) -> None:
    api.service.add(an_event())
    api.service.settle()
    api.service.clock.advance(START - NOW)
    api.service.zoom.hold(record=False)
    api.service.later(timedelta(days=1))

    status, sentence = program.fail("POST", f"/events/{EVENT_ID}/cancel")

    assert (status, sentence[:26]) == (409, "It was held on 2040-01-31,")


def test_person_is_taken_out_of_the_address_book_by_a_program(api: Api, program: Program) -> None:
    api.service.introduce(("Ada", "ada@example.org"))

    removed = program.ask("DELETE", "/people/Ada@example.org")

    assert removed == {"email": "ada@example.org", "removed": True, "effects": []}
    assert program.ask("GET", "/people")["people"] == []
    assert program.fail("DELETE", "/people/ada@example.org")[0] == 404
