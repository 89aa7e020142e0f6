"""Any JSON API, on a real Kinto."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from pydantic import SecretStr

from tests.homes.contract import HomeContract
from tests.homes.site import Site, Who
from tests.homes.systems.kinto.events import as_record, in_new_collection, make_event, open_session
from tests.homes.systems.running import Running
from tests.homes.systems.sample import SampleEvent
from zoom_ops.clock import SystemClock
from zoom_ops.homes import EventRecords, open_home, settings_of

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
        settings = settings_of("json_api").model_validate(
            {
                "kind": "json_api",
                "url": url,
                "auth": {
                    "scheme": "basic", "user": account.login, "secret": secret, "proof": "/", "proven_by": "user.id",
                },
                "list": {
                    "path": self._records, "params": {"_sort": "last_modified", "_limit": "100"}, "items": "data",
                    "next": "header", "next_at": "Next-Page", "since": "_since", "cursor_header": "ETag",
                },
                "record": f"{self._records}/{{id}}",
                "item": "data",
                "fields": _FIELDS,
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


class TestWhole(HomeContract):
    """The whole record is put back, with our key at the end of the address."""

    @pytest.fixture
    def site(self, kinto: Running) -> Site:
        return KintoSite(in_new_collection(kinto), {"method": "PUT", "body": "whole", "key": ""})
