"""Wagtail passes the contract of homes; and what only Wagtail has: drafts, revisions, private pages, a schema."""

from dataclasses import replace
from typing import Any, Literal

import pytest
import requests

from tests.homes.contract import HomeContract
from tests.homes.entries import RECORDING, publish
from tests.homes.proxy import run_proxy
from tests.homes.site import Site, Who
from tests.homes.systems.running import Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.wagtail import events
from zoom_ops.clock import SystemClock
from zoom_ops.errors import ParkedError
from zoom_ops.homes import CannotHideError, EventRecords, MissingRightError, open_home, settings_of


class WagtailSite(Site):
    """The real Wagtail, as its editors use it. `section`: where they make pages."""

    many = 45  # each page is a request, and a list holds 20
    wrong_credentials_read_as_visitor = False
    tells_cancelled = False

    def __init__(self, running: Running, section: Literal["events", "members"] = "events") -> None:
        self.running, self.url, self._section = running, running.url, section
        self._admin = events.open_session(running, running.accounts["admin"])

    def open(self, url: str, who: Who | Literal["drafter"] = "bot", **changes: Any) -> EventRecords:
        account = self.running.accounts["bot" if who == "wrong" else who]
        settings = {
            "kind": "wagtail",
            "url": url,
            "token": "wagtail_wrong" if who == "wrong" else account.token,
            "page_type": "programme.EventPage",
            "members": "private_pages" if self._section == "members" else "never",
            "requests_a_minute": 6000,
            "at_once": 20,
            **changes,
        }
        return open_home("site", settings_of("wagtail").model_validate(settings), SystemClock())

    def for_members(self) -> Site:
        return WagtailSite(self.running, "members")

    def make_record(self, event: SampleEvent) -> str:
        return events.make_event(self.running, event, section=self._section).id

    def make_closed(self, event: SampleEvent) -> str:
        return events.make_event(self.running, event, section="members").id

    def edit_beside(self, record_id: str, words: str) -> None:
        body = self.read(record_id)["body"]
        self.edit(record_id, {"body": f"{body}<p>{words}</p>"})

    def edit_ours(self, record_id: str, url: str) -> None:
        (row,) = self.read(record_id)["recordings"]
        self.edit(record_id, {"recordings": [{**row, "url": url}]})

    def attach(self, record_id: str, title: str, url: str, *, for_members: bool) -> bool:
        rows = self.read(record_id)["recordings"]
        row = {"key": "by hand", "title": title, "url": url, "visibility": "members" if for_members else "public"}
        self.edit(record_id, {"recordings": [*rows, row]})
        return True

    def all_of(self, record_id: str) -> str:
        return events.read_event(self.running, self._admin, record_id).text

    def visitor_sees(self, record_id: str) -> str:
        return self._seen(events.open_session(self.running), requests.Session(), record_id)

    def member_sees(self, record_id: str) -> str:
        pages = events.log_in(self.running, self.running.accounts["member"])
        return self._seen(events.open_session(self.running), pages, record_id)

    def delete(self, record_id: str) -> None:
        self._admin.delete(self.address(record_id)).raise_for_status()

    def read(self, record_id: str, version: str = "live") -> dict[str, Any]:
        answer = self._admin.get(self.address(record_id), params={"version": version})
        answer.raise_for_status()
        page: dict[str, Any] = answer.json()
        return page

    def edit(self, record_id: str, fields: dict[str, Any], *, publish: bool = True) -> None:
        meta = {"meta": {"action": "publish"}} if publish else {}
        answer = self._admin.patch(self.address(record_id), json={**fields, **meta})
        assert answer.ok, answer.text

    def address(self, record_id: str) -> str:
        return f"{self.url}/api/v3/pages/{record_id}/"

    def _seen(self, api: requests.Session, pages: requests.Session, record_id: str) -> str:
        answer, path = events.read_event(self.running, api, record_id), self.read(record_id)["meta"]["html_url"]
        page = pages.get(path, allow_redirects=False, timeout=60)
        return (answer.text if answer.ok else "") + (page.text if page.status_code == 200 else "")


class TestWagtail(HomeContract):
    """The contract."""

    @pytest.fixture
    def site(self, wagtail: Running) -> Site:
        return WagtailSite(wagtail)


@pytest.fixture
def site(wagtail: Running) -> WagtailSite:
    return WagtailSite(wagtail)


@pytest.fixture
def home(site: WagtailSite) -> EventRecords:
    return site.open(site.url)


@pytest.fixture
def record(site: WagtailSite) -> str:
    return site.make_record(SampleEvent())


def test_draft_of_somebody_is_not_published_with_the_link(home: EventRecords, site: WagtailSite, record: str) -> None:
    site.edit(record, {"title": "Not for visitors yet"}, publish=False)

    for _ in range(2):
        with pytest.raises(ParkedError, match="publish it in Wagtail"):
            publish(home, record, RECORDING)

    assert "Not for visitors yet" not in site.visitor_sees(record)
    assert home.entries(record) == ()
    draft = site.read(record, "draft")
    assert [row["url"] for row in draft["recordings"]] == [RECORDING.url], "once, for when somebody publishes"
    site._admin.post(f"{site.address(record)}actions/publish/").raise_for_status()
    assert publish(home, record, RECORDING).shows(RECORDING)


def test_links_of_people_stay_as_they_are(home: EventRecords, site: WagtailSite, record: str) -> None:
    site.attach(record, "Programme", "https://files.example.org/programme", for_members=False)
    by_hand = site.read(record)["recordings"]

    shown = publish(home, record, RECORDING)
    publish(home, record, replace(RECORDING, title="Recording, part 1"), shown)
    rows = site.read(record)["recordings"]
    home.withdraw(record, RECORDING.key)

    assert rows[:1] == by_hand == site.read(record)["recordings"], "with their ids"
    assert len(rows) == 2


def test_link_that_somebody_adds_between_our_requests_is_kept(site: WagtailSite, record: str) -> None:
    with run_proxy(site.url) as proxy:
        proxy.before_first_write(
            lambda: site.attach(record, "Programme", "https://files.example.org/programme", for_members=False)
        )

        shown = publish(site.open(proxy.url), record, RECORDING)

    assert shown.shows(RECORDING)
    assert {row["title"] for row in site.read(record)["recordings"]} == {"Programme", "Recording"}


def test_link_for_members_is_refused_on_a_page_that_visitors_may_read(site: WagtailSite, record: str) -> None:
    home, before = site.for_members().open(site.url), site.all_of(record)

    with pytest.raises(CannotHideError):
        publish(home, record, replace(RECORDING, visibility="members"))

    assert site.all_of(record) == before


def test_page_that_became_public_shows_its_links_as_public(site: WagtailSite, record: str) -> None:
    row = {"key": f"zoom-ops:{RECORDING.key}", "title": "Recording", "url": RECORDING.url, "visibility": "members"}
    site.edit(record, {"recordings": [row]})

    (shown,) = site.for_members().open(site.url).entries(record)

    assert shown.visibility == "public"


def test_user_who_may_not_publish_writes_nothing(site: WagtailSite, record: str) -> None:
    drafter, before = site.open(site.url, "drafter"), site.all_of(record)

    with pytest.raises(MissingRightError):
        publish(drafter, record, RECORDING)

    assert site.all_of(record) == before
    assert {found.what: found.state for found in drafter.check()}["writing"] == "missing"


def test_check_names_the_fields_that_wagtail_would_ignore(site: WagtailSite, record: str) -> None:
    fields = {"body": "text", "url": "address", "changed": "moved_at"}

    found = [each.sentence for each in site.open(site.url, fields=fields).check() if each.state == "missing"]

    assert [name for name in ("text", "address", "moved_at") if any(name in sentence for sentence in found)] == [
        "text",
        "address",
        "moved_at",
    ]


def test_unchanged_site_costs_a_few_requests_and_one_changed_page_one_more(site: WagtailSite, record: str) -> None:
    with run_proxy(site.url) as proxy:
        home = site.open(proxy.url)
        cursor = home.list_changed("").cursor
        proxy.heal()
        assert len(home.list_changed(cursor).records) <= 1
        unchanged = len(proxy.passed)

        site.edit_beside(record, "Coffee is served in the foyer")
        second = home.list_changed(cursor)

    assert unchanged <= 6
    assert record in [raw.id for raw in second.records]
    assert len(second.records) <= 2


def test_unpublished_page_is_no_record(home: EventRecords, site: WagtailSite, record: str) -> None:
    site._admin.post(f"{site.address(record)}actions/unpublish/", json={}).raise_for_status()

    listed = home.list_changed("")

    assert record not in (listed.all_ids or ())
    assert record not in [raw.id for raw in listed.records]
