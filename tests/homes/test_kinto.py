"""Any JSON API, on a real Kinto."""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import count as numbers
from typing import Any

import pytest
from pydantic import SecretStr

from tests.homes.contract import HomeContract
from tests.homes.proxy import Passed, Proxy, serve
from tests.homes.site import Site, Who, shows
from tests.homes.systems.kinto.events import as_record, in_new_collection, make_event, open_session
from tests.homes.systems.running import Account, Running
from tests.homes.systems.sample import SampleEvent
from tests.integration.homes.hostile import ENTRY, SECRET, Connection, Server
from zoom_ops.clock import SystemClock
from zoom_ops.homes import EventRecords, UnauthorizedError, open_home, settings_of
from zoom_ops.homes.http import basic_auth

_FIELDS = {
    "title": "name",
    "description": "summary",
    "start": "start",
    "end": "end",
    "timezone": "timezone",
    "status": "status",
    "speakers": "speakers[].{honorific: prefix, name: name, organization: organisation, role: role, email: email}",
    "attachments": "links[].{title: title, url: url, visibility: visibility}",
    "do_not_record": "recording == 'no'",
    "public": "`true`",
    "deleted": "deleted",
}
_WRITE = {"body": "merge-patch", "at": "links", "key": "zoom_ops_key", "visibility": "visibility"}
_WRONG = "wrong-password"


class KintoSite(Site):
    """A collection of Kinto."""

    def __init__(self, running: Running, write: Mapping[str, Any], *, collection: str = "events") -> None:
        self._running, self._write, self._collection = running, {**_WRITE, **write}, collection
        self._records = f"{running.details[collection]}/records"
        self._admin = open_session(running, running.accounts["admin"])
        self.url = running.url

    def open(self, url: str, who: Who = "bot") -> EventRecords:
        account = self._running.accounts["bot" if who == "wrong" else who]
        secret = SecretStr(_WRONG if who == "wrong" else account.password)
        return self.open_as(url, {"scheme": "basic", "user": account.login, "secret": secret})

    def open_as(self, url: str, auth: Mapping[str, Any]) -> EventRecords:
        settings = settings_of("json_api").model_validate(
            {
                "kind": "json_api",
                "url": url,
                "auth": {**auth, "proof": "/", "proven_by": "user.id"},
                "list": {
                    "path": self._records, "params": {"_sort": "last_modified", "_limit": "100"}, "items": "data",
                    "next": "header", "next_at": "Next-Page", "since": "_since", "cursor_header": "ETag",
                },
                "record": f"{self._records}/{{id}}",
                "item": "data",
                "fields": {**_FIELDS, "is_html": self._write.get("holds") == "html"},
                "members": "closed" if self._collection == "members" else "no",
                "members_see": "members",
                "write": self._write,
                "requests_a_minute": 6000,
                "at_once": 20,
            }
        )  # fmt: skip
        return open_home("kinto", settings, SystemClock())

    def make_record(self, event: SampleEvent) -> str:
        return make_event(self._running, event, collection=self._collection).id

    def make_many(self, events: Sequence[SampleEvent]) -> list[str]:
        made = []
        for number in range(0, len(events), 25):  # of one batch
            some = events[number : number + 25]
            requests = [{"path": f"/v1{self._records}", "body": {"data": as_record(event)}} for event in some]
            answer = self._admin.post(f"{self.url}/batch", json={"defaults": {"method": "POST"}, "requests": requests})
            answer.raise_for_status()
            made += [each["body"]["data"]["id"] for each in answer.json()["responses"]]
        return made

    def edit_beside(self, record_id: str, words: str) -> None:
        record = self._get(record_id)
        self._patch(record_id, {"summary": f"{record['summary']}\n{words}"})

    def edit_ours(self, record_id: str, url: str) -> None:
        if self._write.get("holds") == "html":
            summary, ours = self._get(record_id)["summary"], r'(zoom-ops-key-[a-z2-7]+"><a href=")[^"]*'
            self._patch(record_id, {"summary": re.sub(ours, rf"\g<1>{url}", summary)})
            return
        (link,) = self._get(record_id)["links"]
        self._patch(record_id, {"links": [{**link, ("url" if self._write["key"] else "title"): url}]})

    def all_of(self, record_id: str) -> str:
        answer = self._admin.get(self._address(record_id))
        record = answer.json().get("data", {})
        record.pop("last_modified", None)
        return str(record)

    def visitor_sees(self, record_id: str) -> str:
        session = open_session(self._running)
        listed = session.get(f"{self.url}{self._records}", params={"id": record_id})
        return session.get(self._address(record_id)).text + listed.text

    def member_sees(self, record_id: str) -> str:
        return open_session(self._running, self._running.accounts["member"]).get(self._address(record_id)).text

    def for_members(self) -> Site:
        return KintoSite(self._running, self._write, collection="members")

    def make_closed(self, event: SampleEvent) -> str | None:
        return self.for_members().make_record(event)

    def make_refusing(self, event: SampleEvent) -> str | None:
        record_id = self.make_record(event)
        self._patch(record_id, {"recording": "no"})
        return record_id

    def attach(self, record_id: str, title: str, url: str, *, for_members: bool) -> bool:
        links = self._get(record_id)["links"]
        link = {"title": title, "url": url, "visibility": "members" if for_members else "public"}
        self._patch(record_id, {"links": [*links, link]})
        return True

    def cancel(self, record_id: str) -> None:
        self._patch(record_id, {"status": "cancelled"})

    def delete(self, record_id: str) -> None:
        self._admin.delete(self._address(record_id)).raise_for_status()

    def _address(self, record_id: str) -> str:
        return f"{self.url}{self._records}/{record_id}"

    def _get(self, record_id: str) -> dict[str, Any]:
        answer = self._admin.get(self._address(record_id))
        answer.raise_for_status()
        record: dict[str, Any] = answer.json()["data"]
        return record

    def _patch(self, record_id: str, fields: Mapping[str, Any]) -> None:
        self._admin.patch(self._address(record_id), json={"data": fields}).raise_for_status()


class TestMergePatch(HomeContract):
    """The list of links is sent alone, with our key in a field."""

    @pytest.fixture
    def site(self, kinto: Running) -> Site:
        return KintoSite(in_new_collection(kinto), {})


class TestJsonPatch(HomeContract):
    """The list is tested and replaced, without ETag."""

    @pytest.fixture
    def site(self, kinto: Running) -> Site:
        return KintoSite(in_new_collection(kinto), {"body": "json-patch", "sends_etag": False})


class TestText(HomeContract):
    """Each link is a paragraph of a text, without ETag."""

    @pytest.fixture
    def site(self, kinto: Running) -> Site:
        site = KintoSite(in_new_collection(kinto), {"at": "summary", "holds": "html", "sends_etag": False})
        site.edits_between = "read"
        return site


class TestWhole(HomeContract):
    """The whole record is put back, with our key at the end of the address."""

    @pytest.fixture
    def site(self, kinto: Running) -> Site:
        return KintoSite(in_new_collection(kinto), {"method": "PUT", "body": "whole", "key": ""})


class Gateway(Proxy):
    """Stands before Kinto and takes a token where Kinto takes a password, as gateways before APIs do."""

    def __init__(self, target: str, account: Account) -> None:
        super().__init__(target)
        self.accepted = ""
        self._known = basic_auth(account.login, SecretStr(account.password))["Authorization"]

    def _ask(self, passed: Passed, headers: dict[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
        if headers.get("authorization") != f"Bearer {self.accepted}":
            return 401, [], b"{}"
        return super()._ask(passed, {**headers, "authorization": self._known})


def test_links_are_written_with_tokens_of_oauth(kinto: Running) -> None:
    site, tokens = KintoSite(kinto, {}), numbers(1)
    record = site.make_record(SampleEvent())

    def give(connection: Connection) -> None:
        gateway.accepted = f"token-{next(tokens)}"
        given = {"access_token": gateway.accepted, "token_type": "Bearer", "expires_in": 3599}
        connection.answer(json.dumps(given))

    with serve(Gateway(site.url, kinto.accounts["bot"])) as gateway, Server(give) as gives:
        auth = {
            "scheme": "oauth",
            "client_id": "zoom-ops",
            "secret": SecretStr(SECRET),
            "token_url": f"{gives.url}/token",
        }
        home = site.open_as(gateway.url, auth)
        gateway.before_first_write(lambda: site.edit_beside(record, "Coffee is served"))
        shown = home.publish(record, ENTRY, None)
        gateway.accepted = "another one, since that was revoked"
        with pytest.raises(UnauthorizedError):
            home.withdraw(record, ENTRY.key)
        assert home.entries(record) == (shown,)
        home.withdraw(record, ENTRY.key)

    assert [passed.method for passed in gateway.writes] == ["PATCH", "PATCH", "PATCH"], "the first one came too late"
    assert len(gives.asked) == 2
    assert shows(site.all_of(record), "Coffee is served")
    assert not shows(site.all_of(record), ENTRY.url)
