"""A JSON API: shapes of lists and bodies that the real Kinto does not have."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from tests.integration.homes.hostile import ENTRY, LIMITS, Connection, Server
from tests.integration.homes.json_api.api import Api
from tests.integration.homes.json_api.homes import EVENT, open_api
from zoom_ops.errors import BadInputError
from zoom_ops.homes import (
    CannotHideError,
    DriftedError,
    FormChangedError,
    StrangeAnswerError,
    UnauthorizedError,
    paragraphs,
)
from zoom_ops.homes.json_api.entries import build_item, show
from zoom_ops.homes.json_api.settings import Write
from zoom_ops.readers import Announced

_PEOPLES = {"title": "Programme", "url": "https://files.example.org/programme"}
_FIELDS = {"title": "name", "start": "start", "end": "end", "timezone": "timezone"}
_FOR_MEMBERS = replace(ENTRY, visibility="members")


def _read(url: str, **settings: Any) -> Announced:
    home = open_api(url, **settings)
    return home.parse(home.get("1")).announced


def test_pages_are_counted_until_one_is_empty() -> None:
    def count(connection: Connection) -> None:
        page = int(connection.asked.path.rpartition("page=")[2])
        listed = [{**EVENT, "id": page * 10 + number} for number in range(2)] if page < 3 else []
        connection.answer(json.dumps(listed))

    with Server(count) as server:
        listing = {"path": "/events", "params": {"page": "1"}, "next": "page", "next_at": "page"}
        changed = open_api(server.url, list=listing).list_changed("")

    assert [raw.id for raw in changed.records] == ["10", "11", "20", "21"]
    assert changed.all_ids == {"10", "11", "20", "21"}


def test_page_behind_the_last_one_may_be_missing() -> None:
    def count(connection: Connection) -> None:
        is_first = connection.asked.path.endswith("page=1")
        connection.answer(json.dumps([EVENT] if is_first else {}), 200 if is_first else 404)

    with Server(count) as server:
        listing = {"path": "/events", "params": {"page": "1"}, "next": "page", "next_at": "page"}

        assert len(open_api(server.url, list=listing).list_changed("").records) == 1


def test_next_page_of_a_link_header_is_followed() -> None:
    def link(connection: Connection) -> None:
        is_first = connection.asked.path == "/events"
        headers = {"Link": '</events?page=0>; rel="prev", </events?page=2>; rel="next"'} if is_first else {}
        connection.answer(json.dumps([{**EVENT, "id": "a" if is_first else "b"}]), headers=headers)

    with Server(link) as server:
        changed = open_api(server.url, list={"path": "/events", "next": "link"}).list_changed("")

    assert [raw.id for raw in changed.records] == ["a", "b"]


def test_cursor_in_the_last_page_asks_for_changes_until_it_has_expired() -> None:
    def tell(connection: Connection) -> None:
        is_old = "sync=old" in connection.asked.path
        connection.answer(json.dumps({"items": [EVENT], "sync": "new"}), 410 if is_old else 200)

    listing = {"path": "/events", "items": "items", "since": "sync", "cursor_at": "sync"}
    with Server(tell) as server:
        home = open_api(server.url, list=listing)
        first = home.list_changed("")
        second = home.list_changed(first.cursor)
        home.list_changed(first.cursor.replace("new", "old"))

    assert [asked.path for asked in server.asked] == [
        "/events", "/events?sync=new", "/events?sync=old", "/events",
    ]  # fmt: skip
    assert first.all_ids == {"1"}
    assert second.all_ids is None


def test_cursor_of_another_way_of_reading_is_not_used() -> None:
    listing = {"path": "/events", "items": "items", "since": "sync", "cursor_at": "sync"}
    with Server(lambda connection: connection.answer(json.dumps({"items": [EVENT], "sync": "new"}))) as server:
        cursor = open_api(server.url, list=listing).list_changed("").cursor

        open_api(server.url, list={**listing, "params": {"kind": "talk"}}).list_changed(cursor)

    assert server.asked[-1].path == "/events?kind=talk"


def test_fields_are_read_by_their_expressions() -> None:
    record = {
        **EVENT,
        "name": "Waves &amp; <em>rays</em>",
        "teaser": "<p>First.</p><p>Second.</p>",
        "who": [{"full": "Ms. Mei Lin Fung", "job": "Chair", "at": "People Centered Internet", "mail": None}],
        "state": "called off",
        "tags": ["public", 17, ""],
        "private": False,
        "zoom": "95512345678",
    }
    fields = {
        "title": "name", "start": "start", "end": "end", "timezone": "timezone", "description": "teaser",
        "is_html": True, "speakers": "who[].{name: full, role: job, organization: at, email: mail}",
        "status": "state", "labels": "tags", "public": "!private", "webinar_id": "zoom",
    }  # fmt: skip
    with Server(Api(record)) as server:
        home = open_api(server.url, fields=fields, statuses={"called off": "cancelled"})
        read = home.parse(home.get("1"))

    event = read.announced.event
    assert (event.name, event.description, event.status) == ("Waves & rays", "First.\n\nSecond.", "cancelled")
    assert [(who.name, who.honorific) for who in event.performers] == [("Mei Lin Fung", "Ms.")]
    assert [(who.organization, who.email) for who in event.performers] == [("People Centered Internet", None)]
    assert (read.labels, read.is_public, read.webinar_id) == (("public",), True, 95512345678)
    assert home.capabilities.names_webinars
    assert read.announced.origin == f"json:{server.url.removeprefix('http://')}/1"


@pytest.mark.parametrize("public", [{}, {"public": "is_public"}, {"public": "name"}])
def test_record_is_not_public_unless_it_is_said(public: dict[str, str]) -> None:
    fields = {"title": "name", "start": "start", "end": "end", "timezone": "timezone", **public}
    with Server(Api(dict(EVENT))) as server:
        home = open_api(server.url, fields=fields)

        assert not home.parse(home.get("1")).is_public


def test_field_that_is_missing_is_not_said() -> None:
    with Server(Api(dict(EVENT))) as server:
        assert {"performers", "attachments", "series"} <= set(_read(server.url).unsaid)


def test_json_api_document_is_written_with_type_and_id() -> None:
    links = [{"uri": _PEOPLES["url"], "title": "Programme"}]
    record = {"id": "1", "type": "node--event", "attributes": {"title": "Waves", "field_recording": links}}
    api = Api(record)
    api.take = lambda record, body: record["attributes"].update(body["data"]["attributes"])
    write = {"body": "jsonapi", "at": "attributes.field_recording", "url": "uri", "sends_etag": False}
    with Server(api) as server:
        home = open_api(server.url, write=write, accept="application/vnd.api+json")
        shown = home.publish("1", ENTRY, None)
        again = home.publish("1", ENTRY, shown)

    (body,) = api.bodies
    assert body["data"]["type"] == "node--event"
    assert body["data"]["id"] == "1"
    assert body["data"]["attributes"]["field_recording"][0] == links[0]
    assert body["data"]["attributes"]["field_recording"][1]["uri"].startswith(f"{ENTRY.url}#zoom-ops=")
    assert api.content_types == ["application/vnd.api+json"]
    assert again == shown
    assert shown.url == ENTRY.url


def test_list_that_is_missing_is_made_by_a_patch() -> None:
    api = Api(dict(EVENT))
    api.take = lambda record, body: record.update(links=body[0]["value"])
    write = {"body": "json-patch", "at": "links", "key": "key", "visibility": "visibility"}
    with Server(api) as server:
        open_api(server.url, write=write).publish("1", ENTRY, None)

    assert [(step["op"], step["path"]) for step in api.bodies[0]] == [("add", "/data/links")]


@pytest.mark.parametrize("copies", [2, 30_000])
def test_key_that_stands_twice_is_told_and_made_one(copies: int) -> None:
    api = Api(dict(EVENT))
    with Server(api) as server:
        home = open_api(server.url, limits=replace(LIMITS, largest_answer=10_000_000))
        shown = home.publish("1", ENTRY, None)
        api.records["1"]["links"] *= copies
        (twice,) = home.entries("1")

        with pytest.raises(DriftedError):
            home.publish("1", ENTRY, shown)
        home.publish("1", ENTRY, twice)

    assert len(api.records["1"]["links"]) == 1


def test_key_that_stands_twice_is_public_where_one_of_them_is() -> None:
    write = Write(body="merge-patch", at="links", key="key", visibility="visibility")
    links = [build_item(each, write) for each in (_FOR_MEMBERS, ENTRY)]

    assert [shown.visibility for shown in show(links, write)] == ["public"]


@pytest.mark.parametrize(("etag", "is_sent"), [('"1"', True), ('W/"1"', False), ("", False)])
def test_only_a_strong_etag_is_asked_for(etag: str, is_sent: bool) -> None:
    api = Api(dict(EVENT))
    api.etag = etag
    with Server(api) as server:
        open_api(server.url).publish("1", ENTRY, None)

    (head,) = api.heads
    assert ("if-match" in head) == is_sent


def test_etag_of_a_record_with_another_header_in_it_is_not_sent() -> None:
    api = Api({**EVENT, "version": '"1"\r\nX-Admin: yes'})
    write = {"at": "links", "key": "key", "etag_at": "data.version"}
    with Server(api) as server, pytest.raises(StrangeAnswerError):
        open_api(server.url, write=write).publish("1", ENTRY, None)

    assert api.bodies == []


@pytest.mark.parametrize("expression", ["(" * 1_500, "a" * 2_001, "a[", ""])
def test_expression_that_is_none_is_refused(expression: str) -> None:
    with pytest.raises(ValidationError):
        open_api("http://127.0.0.1", fields={"title": expression, "start": "start"})


@pytest.mark.parametrize("expression", ["sum(name)", "avg(`[]`)", "to_number(name)"])
def test_expression_that_does_not_fit_a_record_reads_nothing(expression: str) -> None:
    with Server(Api(dict(EVENT))) as server:
        assert _read(server.url, fields={**_FIELDS, "venue": expression}).event.venue is None


def test_expression_that_gives_no_json_is_told() -> None:
    with Server(Api(dict(EVENT))) as server, pytest.raises(BadInputError):
        _read(server.url, fields={**_FIELDS, "venue": "&name"})


def test_edit_between_reading_and_writing_is_kept_without_an_etag() -> None:
    api = Api({**EVENT, "links": []})
    with Server(api) as server:
        api.after_first_read = lambda: api.records["1"].update(links=[_PEOPLES])
        open_api(server.url).publish("1", ENTRY, None)

    assert [link["title"] for link in api.records["1"]["links"]] == ["Programme", "Recording"]


def test_link_that_the_api_drops_is_told() -> None:
    api = Api(dict(EVENT))
    api.take = lambda record, body: None
    with Server(api) as server, pytest.raises(FormChangedError):
        open_api(server.url).publish("1", ENTRY, None)


@pytest.mark.parametrize("text", [["a"], {"a": 1}, 17, True])
def test_place_of_a_text_that_holds_something_else_is_left(text: object) -> None:
    api = Api({**EVENT, "text": text})
    with Server(api) as server, pytest.raises(StrangeAnswerError):
        open_api(server.url, write={"at": "text", "holds": "html"}).publish("1", ENTRY, None)

    assert api.bodies == []


@pytest.mark.parametrize("text", [None, "", "Tea.\r\n", '<p class="zoom-ops-key-">', "<" * 50_000])
def test_text_stays_as_people_wrote_it(text: str | None) -> None:
    api = Api({**EVENT, "text": text})
    with Server(api) as server:
        home = open_api(server.url, write={"at": "text", "holds": "html"})
        shown = home.publish("1", ENTRY, None)
        written = api.records["1"]["text"]
        home.publish("1", ENTRY, shown)
        home.withdraw("1", ENTRY.key)

    assert written.startswith(text or "")
    assert (written.count(ENTRY.url), len(api.bodies)) == (1, 2)
    assert api.records["1"]["text"] == (text or "")


def test_text_for_members_that_visitors_read_gets_no_link_and_one_that_is_there_is_public() -> None:
    api = Api({**EVENT, "text": ""})
    with Server(api) as server:
        closed = {"members": "closed", "write": {"at": "text", "holds": "html"}}
        home = open_api(server.url, **closed)
        with pytest.raises(CannotHideError):
            home.publish("1", _FOR_MEMBERS, None)
        api.records["1"]["text"] = paragraphs.place("", replace(_FOR_MEMBERS, url=f"{ENTRY.url}?a=1&b=2"))
        (shown,) = home.entries("1")

    assert api.bodies == []
    assert shown.visibility == "public"


@pytest.mark.parametrize(
    ("name", "pointed"),
    [("a", ["Talks"]), (["a"], []), ({"a": 1}, []), (None, [])],
)
def test_record_gets_what_it_points_to_and_nothing_else(name: object, pointed: list[str]) -> None:
    relations = {"x": {"data": [{"type": "term", "id": name}] * 3}, "y": {"data": None}, "z": [], "w": {"data": "a"}}
    terms = [{"type": "term", "id": each, "name": "Talks"} for each in ("a", "b", ["a"])]
    large = {"type": "term", "id": "a", "name": "x" * 30_000}
    listing = {"path": "/events", "items": "data", "included": "included"}
    fields = {**_FIELDS, "labels": "included[].name"}
    for included, labels in ((terms, pointed), ([large], []), ("no list", [])):
        document = json.dumps({"data": [{**EVENT, "relationships": relations}], "included": included})
        with Server(lambda connection, document=document: connection.answer(document)) as server:
            home = open_api(server.url, list=listing, fields=fields)
            (raw,) = home.list_changed("").records

            assert list(home.parse(raw).labels) == labels


def test_open_record_gets_no_link_for_members() -> None:
    api = Api(dict(EVENT))
    with Server(api) as server, pytest.raises(CannotHideError):
        open_api(server.url, members="closed").publish("1", _FOR_MEMBERS, None)

    assert api.bodies == []


def test_link_for_members_that_visitors_read_is_public_and_not_left() -> None:
    api = Api({**EVENT, "links": [{"key": "a/B+c==", "title": "Recording", "url": ENTRY.url, "visibility": "members"}]})
    with Server(api) as server:
        home = open_api(server.url, members="closed")
        (shown,) = home.entries("1")
        with pytest.raises(CannotHideError):
            home.publish("1", replace(_FOR_MEMBERS, key=shown.key), shown)

    assert shown.visibility == "public"


def test_copy_for_everybody_of_a_link_for_members_is_told() -> None:
    link = {"key": ENTRY.key, "title": "Recording", "url": ENTRY.url, "visibility": "members"}

    (shown,) = show([link, {**link, "visibility": "public"}], Write(at="links", key="key", visibility="visibility"))

    assert shown.visibility == "public"


def test_credentials_that_are_taken_for_a_visitor_are_told() -> None:
    auth = {"scheme": "header", "header": "X-Key", "prefix": "Key ", "secret": "x", "proof": "/me", "proven_by": "user"}
    with Server(lambda connection: connection.answer('{"user": null}')) as server, pytest.raises(UnauthorizedError):
        open_api(server.url, auth=auth).list_changed("")

    assert "\r\nX-Key: Key x\r\n" in server.asked[0].head
