"""The ready files for The Events Calendar, Drupal and Google Calendar, on recorded shapes: none was asked."""

import json
import re
from copy import deepcopy
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.integration.homes.hostile import ENTRY, Asked, Connection, Server
from tests.integration.homes.json_api.profiles import MovedClock, open_profile
from tests.integration.homes.json_api.recorded import (
    GOOGLE,
    NODE,
    TERMS,
    TRIBE,
    WHOLE_DAY,
    WORDPRESS,
    make_tribe_page,
)
from zoom_ops.errors import BadInputError, NotFoundError
from zoom_ops.homes import DriftedError, EventRecords, FormChangedError, HomeDownError, MissingRightError

_TOKEN = {"access_token": "short-lived", "token_type": "Bearer", "expires_in": 3599}
_DRAWN = '<script src="https://maps.example.org/map.js"></script>'


def _query(asked: Asked) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}


def _writes(server: Server) -> list[Asked]:
    return [asked for asked in server.asked if asked.method != "GET"]


class WordPress:
    """A WordPress with one event. `filters`: it takes scripts out, and does not say so."""

    def __init__(self) -> None:
        self.post: dict[str, Any] = deepcopy(WORDPRESS)
        self.filters, self.drops_classes = False, False

    def __call__(self, connection: Connection) -> None:
        asked = connection.asked
        path = urlsplit(asked.path).path
        if path.endswith("/users/me"):
            connection.answer('{"id": 2}')
        elif path.startswith("/wp-json/wp/v2/tribe_events/"):
            if asked.method == "POST":
                self._store(json.loads(asked.body)["content"]["raw"])
            connection.answer(json.dumps(self.post))
        elif path.endswith(("/events", "/events/")):
            page = int(_query(asked).get("page", "1"))
            connection.answer(json.dumps(make_tribe_page(f"http://{self._host(asked)}", page)))
        else:
            rendered = self.post["content"]["raw"].replace("<!-- wp:paragraph -->", "")
            connection.answer(json.dumps({**TRIBE, "description": rendered}))

    def _store(self, raw: str) -> None:
        raw = raw.replace(_DRAWN, "") if self.filters else raw
        self.post["content"]["raw"] = re.sub(r' class="[^"]*"', "", raw) if self.drops_classes else raw

    def _host(self, asked: Asked) -> str:
        return next(row.partition(": ")[2] for row in asked.head.splitlines() if row.lower().startswith("host: "))


def test_the_events_calendar_is_read_page_by_page() -> None:
    with Server(WordPress()) as server:
        home = open_profile("the_events_calendar", server.url)
        listed = home.list_changed("")
        first, second = (home.parse(raw) for raw in listed.records)

    event = first.announced.event
    assert (event.name, event.description, event.venue) == (
        "How waves travel – and stop",
        "A lecture.",
        "Great Hall, Geneva",
    )
    assert (event.start_utc.isoformat(), event.timezone) == ("2027-04-03T12:30:00+00:00", "Europe/Zurich")
    assert [each.name for each in event.organizers] == ["WSIS"]
    assert (first.is_public, first.labels, first.url) == (True, ("Public lectures", "public-lectures"), TRIBE["url"])
    assert (second.id, second.announced.event.venue, second.labels) == ("18", None, ())
    assert listed.all_ids == {"17", "18"}


def test_zone_of_wordpress_that_is_no_place_is_told() -> None:
    with Server(lambda connection: connection.answer(json.dumps({**TRIBE, "timezone": "UTC+2"}))) as server:
        home = open_profile("the_events_calendar", server.url)

        with pytest.raises(BadInputError, match=r"UTC\+2"):
            home.parse(home.get("17"))


def test_link_stands_in_what_people_wrote_and_not_in_what_visitors_get() -> None:
    site = WordPress()
    before = site.post["content"]["raw"]
    with Server(site) as server:
        home = open_profile("the_events_calendar", server.url)
        fingerprint = home.get("17").fingerprint
        shown = home.publish("17", ENTRY, None)
        written = site.post["content"]["raw"]
        again = home.publish("17", ENTRY, shown)
        after = home.get("17")
        description = home.parse(after).announced.event.description
        home.withdraw("17", ENTRY.key)

    assert written.startswith(f"{before}\n\n<!-- wp:paragraph")
    assert [asked.path for asked in _writes(server)] == ["/wp-json/wp/v2/tribe_events/17"] * 2
    assert again == shown
    assert (after.fingerprint, description) == (fingerprint, "A lecture.")
    assert site.post["content"]["raw"] == before


def test_account_that_may_not_write_all_html_writes_nothing() -> None:
    site = WordPress()
    site.post["_links"] = {}
    with Server(site) as server:
        home = open_profile("the_events_calendar", server.url)
        with pytest.raises(MissingRightError, match=r"write\.allowed"):
            home.publish("17", ENTRY, None)
        found = {each.what: each.state for each in home.check()}

    assert _writes(server) == []
    assert found["writing"] == "missing"


def test_api_that_takes_something_out_is_told() -> None:
    site = WordPress()
    site.post["content"]["raw"] += _DRAWN
    site.filters = True
    with Server(site) as server, pytest.raises(FormChangedError, match="took something out"):
        open_profile("the_events_calendar", server.url).publish("17", ENTRY, None)


def test_link_whose_key_is_not_kept_is_taken_out_again() -> None:
    site = WordPress()
    before = site.post["content"]["raw"]
    site.drops_classes = True
    with Server(site) as server:
        home = open_profile("the_events_calendar", server.url)
        for _ in range(2):
            with pytest.raises(FormChangedError, match="does not keep our key"):
                home.publish("17", ENTRY, None)

    assert site.post["content"]["raw"] == before


def test_paragraph_that_people_changed_is_left() -> None:
    site = WordPress()
    with Server(site) as server:
        home = open_profile("the_events_calendar", server.url)
        shown = home.publish("17", ENTRY, None)
        site.post["content"]["raw"] = changed = site.post["content"]["raw"].replace(">Recording<", ">Our film<")
        (seen,) = home.entries("17")
        with pytest.raises(DriftedError):
            home.publish("17", ENTRY, shown)

    assert seen.title == "Our film"
    assert site.post["content"]["raw"] == changed


class Drupal:
    """A Drupal with one node."""

    def __init__(self) -> None:
        self.node: dict[str, Any] = deepcopy(NODE)

    def __call__(self, connection: Connection) -> None:
        asked = connection.asked
        if asked.path == "/jsonapi":
            connection.answer('{"meta": {"links": {"me": {"meta": {"id": "u"}}}}}')
        elif urlsplit(asked.path).path == "/jsonapi/node/event":
            is_last = "page%5Boffset" in asked.path
            other = {
                **self.node,
                "id": "other",
                "attributes": {**self.node["attributes"], "changed": "2027-02-01T00:00:00Z"},
            }
            links = {} if is_last else {"next": {"href": f"{asked.path}&page%5Boffset%5D=50"}}
            connection.answer(
                json.dumps({"data": [other if is_last else self.node], "included": TERMS, "links": links})
            )
        else:
            if asked.method == "PATCH":
                sent = json.loads(asked.body)["data"]
                links = [{"options": [], **link} for link in sent["attributes"]["field_recording"]]
                self.node["attributes"]["field_recording"] = links
            connection.answer(json.dumps({"data": self.node, "included": TERMS}), headers={"ETag": ""})


def test_node_of_drupal_is_read_with_its_terms() -> None:
    with Server(Drupal()) as server:
        home = open_profile("drupal", server.url)
        (raw, _), single = home.list_changed("").records, home.get(NODE["id"])
        record = home.parse(raw)

    event = record.announced.event
    assert (event.name, event.description, event.venue) == ("How waves travel", "A lecture.", "Great Hall")
    assert (event.start_utc.isoformat(), event.needs_review) == ("2027-04-03T12:30:00+00:00", ())
    assert [each.name for each in event.performers] == ["Mei Lin Fung"]
    assert [(each.title, each.url) for each in event.attachments] == [
        ("Programme", "https://files.example.org/programme")
    ]
    assert (record.labels, record.is_public) == (("Public lectures",), True)
    assert record.url == "https://www.example.org/events/how-waves-travel"
    assert raw.fingerprint == single.fingerprint


def test_unpublished_node_is_not_public() -> None:
    site = Drupal()
    site.node["attributes"]["status"] = False
    with Server(site) as server:
        home = open_profile("drupal", server.url)

        assert not home.parse(home.get(NODE["id"])).is_public


def test_changes_of_drupal_are_asked_for_by_seconds_and_everything_once_a_day() -> None:
    clock = MovedClock()
    with Server(Drupal()) as server:
        home = open_profile("drupal", server.url, clock)
        whole = home.list_changed("")
        part = home.list_changed(whole.cursor)
        clock.seconds += 24 * 3600
        again = home.list_changed(part.cursor)

    asked = [_query(each) for each in server.asked if "filter" in each.path and "offset" not in each.path]
    assert [each["filter[since][condition][value]"] for each in asked] == ["0", "1803891600", "0"]
    assert asked[0]["sort"] == "-changed"
    assert (whole.all_ids, part.all_ids) == ({NODE["id"], "other"}, None)
    assert again.all_ids == whole.all_ids


def test_link_field_of_drupal_is_written_whole_and_its_options_are_no_change() -> None:
    site = Drupal()
    with Server(site) as server:
        home = open_profile("drupal", server.url)
        shown = home.publish(NODE["id"], ENTRY, None)
        again = home.publish(NODE["id"], ENTRY, shown)

    (write,) = _writes(server)
    sent = json.loads(write.body)["data"]
    assert (write.path, sent["type"], sent["id"]) == (f"/jsonapi/node/event/{NODE['id']}", "node--event", NODE["id"])
    assert [link["title"] for link in sent["attributes"]["field_recording"]] == ["Programme", "Recording"]
    assert again == shown
    assert shown.digest == ""


class Google:
    """A calendar of Google with one event, and the address that gives tokens."""

    def __init__(self) -> None:
        self.event: dict[str, Any] = deepcopy(GOOGLE)
        self.expired = False

    def __call__(self, connection: Connection) -> None:
        asked = connection.asked
        query, path = _query(asked), urlsplit(asked.path).path
        if path == "/token":
            connection.answer(json.dumps(_TOKEN))
        elif path.endswith("/events"):
            self._list(connection, query)
        elif asked.method == "PATCH" and f"If-Match: {self.event['etag']}" not in asked.head:
            connection.answer("{}", 412)
        else:
            if asked.method == "PATCH":
                attachments = json.loads(asked.body)["attachments"]
                added = {"iconLink": "https://files.example.org/icon", "mimeType": "text/html"}
                self.event |= {"attachments": [{**added, **each} for each in attachments], "etag": '"2"'}
            connection.answer(json.dumps(self.event), headers={"ETag": self.event["etag"]})

    def _list(self, connection: Connection, query: dict[str, str]) -> None:
        if query.get("syncToken") and self.expired:
            connection.answer("{}", 410)
        elif query.get("syncToken"):
            gone = {"id": self.event["id"], "status": "cancelled", "kind": "calendar#event", "etag": '"9"'}
            connection.answer(json.dumps({"items": [gone], "nextSyncToken": "second"}))
        elif "pageToken" in query:
            connection.answer(json.dumps({"items": [WHOLE_DAY], "nextSyncToken": "first"}))
        else:
            connection.answer(json.dumps({"items": [self.event], "nextPageToken": "page-2"}))


def _open_google(server: Server) -> EventRecords:
    auth = {"grant": "refresh_token", "client_id": "zoom-ops", "token_url": f"{server.url}/token"}
    return open_profile("google_calendar", server.url, auth=auth)


def test_google_calendar_is_read_by_tokens_of_pages_and_of_changes() -> None:
    site = Google()
    with Server(site) as server:
        home = _open_google(server)
        whole = home.list_changed("")
        part = home.list_changed(whole.cursor)
        site.expired = True
        again = home.list_changed(part.cursor)
        record = home.parse(whole.records[0])

    asked = [_query(each) for each in server.asked if urlsplit(each.path).path.endswith("/events")]
    told = [(each.get("syncToken"), each.get("pageToken"), "timeMin" in each) for each in asked]
    assert told == [
        (None, None, True), (None, "page-2", True), ("first", None, False),
        ("second", None, False), (None, None, True), (None, "page-2", True),
    ]  # fmt: skip
    assert all(each["singleEvents"] == "true" for each in asked)
    assert (whole.all_ids, part.gone, part.all_ids) == ({GOOGLE["id"]}, (GOOGLE["id"],), None)
    assert again.all_ids == whole.all_ids
    event = record.announced.event
    assert (event.name, event.description) == ("How waves travel", "A lecture.\nWith tea.")
    assert (event.start_utc.isoformat(), event.needs_review) == ("2027-04-03T12:30:00+00:00", ())
    assert (record.labels, record.is_public, record.url) == (("Public lectures",), True, GOOGLE["htmlLink"])


def test_attachments_of_google_are_written_whole_and_mail_nobody() -> None:
    site = Google()
    with Server(site) as server:
        home = _open_google(server)
        shown = home.publish(GOOGLE["id"], ENTRY, None)
        again = home.publish(GOOGLE["id"], ENTRY, shown)

    (write,) = [asked for asked in _writes(server) if asked.method == "PATCH"]
    attachments = json.loads(write.body)["attachments"]
    assert _query(write) == {"supportsAttachments": "true", "sendUpdates": "none"}
    assert attachments[0] == GOOGLE["attachments"][0]
    assert [each["title"] for each in attachments] == ["Programme", "Recording"]
    assert again == shown
    assert "Authorization: Bearer short-lived" in write.head


def test_event_that_somebody_changes_at_google_meanwhile_is_read_again() -> None:
    site = Google()
    with Server(site) as server:
        home = _open_google(server)
        first = server.behave

        def change(connection: Connection) -> None:
            first(connection)
            if connection.asked.method == "GET" and site.event["etag"] == GOOGLE["etag"]:
                site.event |= {"etag": '"1"', "attachments": []}

        server.behave = change
        home.publish(GOOGLE["id"], ENTRY, None)

    assert [each["title"] for each in site.event["attachments"]] == ["Recording"]


@pytest.mark.parametrize(
    ("reason", "error"),
    [("rateLimitExceeded", HomeDownError), ("accessNotConfigured", MissingRightError), (None, MissingRightError)],
)
def test_quota_of_google_is_no_missing_right(reason: str | None, error: type[Exception]) -> None:
    told = {"error": {"code": 403, "errors": [{"domain": "usageLimits", "reason": reason}]}}
    answer = json.dumps(told) if reason else "<h1>Forbidden</h1>"
    site = Google()

    def refuse(connection: Connection) -> None:
        if connection.asked.method == "PATCH":
            connection.answer(answer, 403)
        else:
            site(connection)

    with Server(refuse) as server, pytest.raises(error):
        _open_google(server).publish(GOOGLE["id"], ENTRY, None)


def test_deleted_event_of_google_gets_no_link() -> None:
    site = Google()
    site.event["status"] = "cancelled"
    with Server(site) as server:
        home = _open_google(server)
        with pytest.raises(NotFoundError):
            home.publish(GOOGLE["id"], ENTRY, None)
        home.withdraw(GOOGLE["id"], ENTRY.key)

    assert [asked.method for asked in _writes(server)] == ["POST"]
