"""The contract of a home on a real WordPress, and what only WordPress has: its editor, its filter, its revisions."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page

from tests.conftest import NewPage
from tests.homes.contract import HomeContract
from tests.homes.proxy import Proxy, run_proxy
from tests.homes.site import Site, Who
from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.wordpress.events import Kind, log_in, make_event, open_session
from tests.waiting import wait_until
from zoom_ops.clock import SystemClock
from zoom_ops.errors import ParkedError
from zoom_ops.homes import (
    CannotHideError,
    ConflictError,
    DriftedError,
    Entry,
    EventRecords,
    MissingRightError,
    open_home,
    settings_of,
)

_ENTRY = Entry(
    key="wsis-2027/4444AAA+iAAAAA/iAiAiiAii==",
    part=1,
    title="Recording",
    url="https://webinars.example.org/wsis-2027/recordings/1?a=1&b=2",
    visibility="public",
)
_PART_2 = replace(
    _ENTRY, key="wsis-2027/5555BBB+iAAAAA/iAiAiiAii==", part=2, title="Recording, part 2", url=f"{_ENTRY.url}&c=3"
)
_FOR_MEMBERS = replace(_ENTRY, visibility="members")
_OURS = re.compile(r'(<p class="zoom-ops-recording[^>]*><a href=")[^"]*')
_REFUSES = "<p>This session will not be recorded.</p>"
_BLOCKS = """<!-- wp:paragraph -->
<p>31 March 2027, 08:30-09:45 EDT, New York time</p>
<!-- /wp:paragraph -->

<!-- wp:paragraph -->
<p>Sandwiches are served.</p>
<!-- /wp:paragraph -->"""
_CLASSIC = "31 March 2027, 08:30-09:45 EDT, New York time\n\nSandwiches are served.\n\nSo is tea."
_FRAME = '<iframe src="https://maps.example.org/"></iframe>'
_TYPED = "Coffee is served in the foyer."
_numbers = count(1)


class WordPressSite(Site):
    """Events below a page of their own. `status`: of new ones."""

    def __init__(
        self, running: Running, *, kind: Kind = "pages", status: str = "publish", members_see: str = ""
    ) -> None:
        self.running, self.url = running, running.url
        self.kind, self.status, self.members_see = kind, status, members_see
        self.admin = open_session(running, running.accounts["admin"])
        self.above = self._make_place() if kind != "events" else {}

    def open(self, url: str, who: Who = "bot") -> EventRecords:
        account = self.running.accounts["reader" if who == "reader" else "bot"]
        return self.open_as(account, url, password="wrong" if who == "wrong" else account.token)

    def open_as(self, account: Account, url: str, password: str) -> EventRecords:
        names = {"parent": "parent", "categories": "category"}
        chosen = {names[name]: str(value if name == "parent" else value[0]) for name, value in self.above.items()}
        settings = settings_of("wordpress").model_validate(
            {
                "kind": "wordpress",
                "url": url,
                "login": account.login,
                "application_password": password,
                "type": self.kind,
                "members_see": self.members_see,
                "requests_a_minute": 6000,
                "at_once": 20,
                **chosen,
            }
        )
        return open_home("site", settings, SystemClock())

    def make(self, event: SampleEvent, **fields: object) -> MadeEvent:
        return make_event(self.running, event, kind=self.kind, **{"status": self.status, **self.above, **fields})

    def make_record(self, event: SampleEvent) -> str:
        return self.make(event).id

    def make_many(self, events: Sequence[SampleEvent]) -> list[str]:
        with ThreadPoolExecutor(max_workers=4) as pool:
            return list(pool.map(self.make_record, events))

    def make_closed(self, event: SampleEvent) -> str:
        return self.make(event, status="private").id

    def make_refusing(self, event: SampleEvent) -> str:
        return self.make(event, content=f"{event.as_html()}\n{_REFUSES}").id

    def edit_beside(self, record_id: str, words: str) -> None:
        self.edit(record_id, content=self.content_of(record_id).replace("</p>", f"</p>\n<p>{words}.</p>", 1))

    def edit_ours(self, record_id: str, url: str) -> None:
        changed, times = _OURS.subn(rf"\g<1>{url}", self.content_of(record_id))
        assert times == 1
        self.edit(record_id, content=changed)

    def all_of(self, record_id: str) -> str:
        return self._api(self.admin, record_id, context="edit").text

    def visitor_sees(self, record_id: str) -> str:
        visitor = open_session(self.running)
        return self._sees(visitor, record_id) + _text(self._api(visitor, record_id))

    def member_sees(self, record_id: str) -> str:
        return self._sees(_member(self.running.to_json()), record_id)

    def for_members(self) -> "WordPressSite":
        return WordPressSite(self.running, kind=self.kind, status="private", members_see="members of UNGIS")

    def attach(self, record_id: str, title: str, url: str, *, for_members: bool) -> bool:
        if for_members:
            return False
        link = f'<h3>Links &amp; attachments</h3>\n<ul><li><a href="{url}">{title}</a></li></ul>'
        self.edit(record_id, content=f"{self.content_of(record_id)}\n{link}")
        return True

    def cancel(self, record_id: str) -> None:
        self.edit(record_id, title=f"CANCELLED: {SampleEvent().title}")

    def delete(self, record_id: str) -> None:
        self.admin.delete(self._address(record_id)).raise_for_status()

    def content_of(self, record_id: str) -> str:
        return str(self._api(self.admin, record_id, context="edit").json()["content"]["raw"])

    def edit(self, record_id: str, **fields: object) -> None:
        self.admin.post(self._address(record_id), json=fields).raise_for_status()

    def _make_place(self) -> dict[str, object]:
        """Make the page above the events, or the category that they have."""
        name = f"Events {next(_numbers)}"
        if self.kind == "pages":
            return {"parent": int(make_event(self.running, SampleEvent(title=name), content="Our events").id)}
        answer = self.admin.post(f"{self.url}/wp-json/wp/v2/categories", json={"name": f"{name} & more"})
        answer.raise_for_status()
        return {"categories": [answer.json()["id"]]}

    def _address(self, record_id: str) -> str:
        return f"{self.url}/wp-json/wp/v2/{self.kind}/{record_id}"

    def _api(self, session: requests.Session, record_id: str, **params: str) -> requests.Response:
        return session.get(self._address(record_id), params=params)

    def _sees(self, session: requests.Session, record_id: str) -> str:
        name = "page_id" if self.kind == "pages" else "p"
        return _text(session.get(self.url, params={name: record_id}))


def _text(answer: requests.Response) -> str:
    return answer.text if answer.ok else ""


@cache
def _member(running: str) -> requests.Session:
    known = Running.from_json(running)
    return log_in(known, known.accounts["member"])


class TestWordPress(HomeContract):
    """The contract, on pages below another page."""

    @pytest.fixture
    def site(self, wordpress: Running) -> Site:
        return WordPressSite(wordpress)


@pytest.fixture
def site(wordpress: Running) -> WordPressSite:
    """Return a place for events that no other test has."""
    return WordPressSite(wordpress)


@pytest.fixture
def proxy(wordpress: Running) -> Iterator[Proxy]:
    """Return a proxy before the site."""
    with run_proxy(wordpress.url) as proxy:
        yield proxy


# ---- its editors


@pytest.mark.parametrize("content", [_BLOCKS, _CLASSIC], ids=["blocks", "classic"])
def test_block_editor_keeps_our_links(site: WordPressSite, new_page: NewPage, content: str) -> None:
    home, record = site.open(site.url), site.make(SampleEvent(), content=content).id
    before = home.get(record).fingerprint
    shown = tuple(home.publish(record, entry, None) for entry in (_ENTRY, _PART_2))

    _type_at_the_top(site, new_page(), record, _TYPED)

    assert _TYPED in site.content_of(record)
    assert home.entries(record) == shown
    assert home.get(record).fingerprint != before
    event = home.parse(home.get(record)).announced.event
    assert _TYPED in event.description
    assert not [entry for entry in event.attachments if entry.url in (_ENTRY.url, _PART_2.url)]
    for entry in (_ENTRY, _PART_2):
        home.withdraw(record, entry.key)
    assert "zoom-ops" not in site.content_of(record)


def test_block_editor_takes_our_links_for_whole_paragraphs(site: WordPressSite, new_page: NewPage) -> None:
    home, record = site.open(site.url), site.make(SampleEvent(), content=_BLOCKS).id
    home.publish(record, _ENTRY, None)
    page = new_page()

    _open_editor(site, page, record)

    blocks = page.evaluate("wp.data.select('core/block-editor').getBlocks().map(each => [each.name, each.isValid])")
    assert blocks == [["core/paragraph", True]] * 3


def test_page_without_blocks_keeps_its_paragraphs(site: WordPressSite) -> None:
    home, record = site.open(site.url), site.make(SampleEvent(), content=_CLASSIC).id

    home.publish(record, _ENTRY, None)

    assert "<p>Sandwiches are served.</p>" in site.visitor_sees(record)


@pytest.mark.parametrize("content", [_BLOCKS, _CLASSIC, "", "\n\n", f"{_BLOCKS}\n\n{_FRAME}\r\n "])
def test_withdrawn_link_leaves_the_page_byte_for_byte(site: WordPressSite, content: str) -> None:
    home, record = site.open(site.url), site.make(SampleEvent(), content=content).id
    before = site.content_of(record)
    home.publish(record, _ENTRY, None)
    between = site.content_of(record)

    home.withdraw(record, _ENTRY.key)

    assert between.startswith(before)
    assert between != before
    assert site.content_of(record) == before


def test_late_part_stands_before_those_that_follow_it(site: WordPressSite) -> None:
    home, record = site.open(site.url), site.make(SampleEvent(), content=_BLOCKS).id

    home.publish(record, _PART_2, None)
    home.publish(record, _ENTRY, None)

    assert [shown.title for shown in home.entries(record)] == ["Recording", "Recording, part 2"]


# ---- its filter of HTML


def test_account_without_unfiltered_html_writes_a_link_that_stays(wordpress: Running) -> None:
    site, author = WordPressSite(wordpress, kind="posts"), wordpress.accounts["author"]
    record = site.make(SampleEvent(), content=_BLOCKS, author=_number_of(wordpress, author)).id

    shown = site.open_as(author, site.url, author.token).publish(record, _ENTRY, None)

    assert shown.shows(_ENTRY)
    assert not shown.digest
    assert site.content_of(record).startswith(_BLOCKS)


def test_account_without_unfiltered_html_spoils_nothing_of_others(wordpress: Running) -> None:
    site, author = WordPressSite(wordpress, kind="posts"), wordpress.accounts["author"]
    record = site.make(SampleEvent(), content=f"{_BLOCKS}\n{_FRAME}", author=_number_of(wordpress, author)).id

    with pytest.raises(MissingRightError, match="unfiltered_html"):
        site.open_as(author, site.url, author.token).publish(record, _ENTRY, None)

    assert site.content_of(record) == f"{_BLOCKS}\n{_FRAME}"
    drafts = site.admin.get(f"{site.url}/wp-json/wp/v2/posts", params={"status": "draft,trash"})
    assert drafts.json() == []


# ---- people who save at the same moment


def test_link_that_people_change_at_the_same_moment_stays_theirs(site: WordPressSite, proxy: Proxy) -> None:
    home, record = site.open(proxy.url), site.make_record(SampleEvent())
    shown = home.publish(record, _ENTRY, None)
    proxy.before_first_write(lambda: site.edit_ours(record, "https://videos.example.org/cut"))

    with pytest.raises(DriftedError):
        home.publish(record, replace(_ENTRY, title="The recording"), shown)

    assert [shown.url for shown in home.entries(record)] == ["https://videos.example.org/cut"]


def test_page_that_is_saved_again_and_again_stays_as_people_wrote_it(site: WordPressSite, proxy: Proxy) -> None:
    home, record = site.open(proxy.url), site.make_record(SampleEvent())
    said: list[str] = []

    def save() -> None:
        said.append(f"Words {len(said)}")
        site.edit_beside(record, said[-1])
        proxy.before_first_write(save)

    proxy.before_first_write(save)
    with pytest.raises(ConflictError):
        home.publish(record, _ENTRY, None)

    assert len(said) >= 3
    assert said[-2] in site.content_of(record)


# ---- links for members


@pytest.mark.parametrize("fields", [{"status": "publish"}, {"status": "draft"}], ids=["public", "draft"])
def test_page_that_is_or_will_be_public_gets_no_link_for_members(site: WordPressSite, fields: dict[str, str]) -> None:
    site = site.for_members()
    record = site.make(SampleEvent(), **fields).id
    before = site.content_of(record)

    with pytest.raises(CannotHideError):
        site.open(site.url).publish(record, _FOR_MEMBERS, None)

    assert site.content_of(record) == before


def test_page_with_a_password_hides_a_link_for_members(site: WordPressSite) -> None:
    site = site.for_members()
    record = site.make(SampleEvent(), status="publish", password="open sesame").id
    home = site.open(site.url)

    shown = home.publish(record, _FOR_MEMBERS, None)

    assert shown.visibility == "members"
    assert not home.parse(home.get(record)).is_public
    assert "Protected" in site.visitor_sees(record)
    assert "recordings/1" not in site.visitor_sees(record)


@pytest.mark.parametrize("fields", [{}, {"status": "publish", "password": "open sesame"}], ids=["private", "password"])
def test_page_that_is_opened_at_the_same_moment_shows_no_link_for_members(
    site: WordPressSite, proxy: Proxy, fields: dict[str, str]
) -> None:
    site = site.for_members()
    record, seen = site.make(SampleEvent(), **fields).id, list[str]()
    proxy.before_first_write(lambda: site.edit(record, status="publish", password=""))
    proxy.after_each(lambda: seen.append(site.visitor_sees(record)))

    site.open(proxy.url).publish(record, _FOR_MEMBERS, None)

    assert not any("recordings/1" in page for page in seen)


def test_link_for_members_on_a_page_that_was_opened_later_is_told_as_public(site: WordPressSite) -> None:
    site = site.for_members()
    home, record = site.open(site.url), site.make_record(SampleEvent())
    home.publish(record, _FOR_MEMBERS, None)

    site.edit(record, status="publish")

    assert [shown.visibility for shown in home.entries(record)] == ["public"]


# ---- lists


def test_page_that_is_deleted_for_ever_is_missed(site: WordPressSite) -> None:
    home, records = site.open(site.url), [site.make_record(SampleEvent()) for _ in range(2)]
    cursor = home.list_changed("").cursor
    site.admin.delete(f"{site.url}/wp-json/wp/v2/pages/{records[0]}", params={"force": "true"}).raise_for_status()

    assert home.list_changed(cursor).all_ids == {records[1]}


def test_posts_of_a_category_have_its_name_and_slug_as_labels(wordpress: Running) -> None:
    site = WordPressSite(wordpress, kind="posts")
    home, record = site.open(site.url), site.make_record(SampleEvent())
    make_event(wordpress, SampleEvent(), kind="posts")

    (raw,) = home.list_changed("").records

    assert raw.id == record
    name, slug = home.parse(raw).labels
    assert (name.endswith(" & more"), slug) == (True, name.lower().replace(" & ", "-").replace(" ", "-"))


def test_entries_of_a_type_of_its_own_are_events(wordpress: Running) -> None:
    site = WordPressSite(wordpress, kind="events")
    home, record = site.open(site.url), site.make_record(SampleEvent())

    assert record in [raw.id for raw in home.list_changed("").records]
    assert home.publish(record, _ENTRY, None).shows(_ENTRY)


def test_filter_that_a_type_does_not_know_is_told(wordpress: Running) -> None:
    site = WordPressSite(wordpress, kind="events")
    site.make_record(SampleEvent())
    site.above = {"categories": [1]}

    with pytest.raises(ParkedError, match="have no categories"):
        site.open(site.url).list_changed("")


# ---- what the check tells


def test_check_tells_of_a_site_without_application_passwords(site: WordPressSite, wordpress: Running) -> None:
    settings = Path(wordpress.folder) / "site/wp-config.php"
    before = settings.read_text("utf-8")
    settings.write_text(before.replace("'local'", "'production'"), "utf-8")
    try:
        wait_until(lambda: site.admin.get(f"{site.url}/wp-json/").json()["authentication"] == [], "the setting")
        found = {finding.what: finding for finding in site.open(site.url).check()}
    finally:
        settings.write_text(before, "utf-8")
        wait_until(lambda: site.admin.get(f"{site.url}/wp-json/").json()["authentication"], "the setting")

    assert found["credentials"].state == "missing"
    assert "needs https" in found["credentials"].sentence


def test_check_tells_of_another_type(site: WordPressSite) -> None:
    site.kind, site.above = "seminars", {}  # type: ignore[assignment]

    found = {finding.what: finding.sentence for finding in site.open(site.url).check()}

    assert "no seminars" in found["reading"]
    assert "pages" in found["reading"]


def test_check_tells_version_and_clock(site: WordPressSite) -> None:
    found = {finding.what: finding for finding in site.open(site.url).check()}

    assert re.fullmatch(r"WordPress \d+\.\d+\.", found["version"].sentence)
    assert found["clock"].state == "ok"


def _number_of(running: Running, account: Account) -> int:
    answer = open_session(running, account).get(f"{running.url}/wp-json/wp/v2/users/me")
    return int(answer.json()["id"])


def _open_editor(site: WordPressSite, page: Page, record_id: str) -> None:
    """Log in as a person who is an editor, and open a page in the block editor."""
    account = site.running.accounts["bot"]
    page.goto(f"{site.url}/wp-login.php")
    page.fill("#user_login", account.login)
    page.fill("#user_pass", account.password)
    page.click("#wp-submit")
    page.wait_for_url("**/wp-admin/**")
    page.goto(f"{site.url}/wp-admin/post.php?post={record_id}&action=edit")
    page.wait_for_function("window.wp?.data?.select('core/block-editor')?.getBlocks().length > 0")
    page.evaluate("wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false)")


def _type_at_the_top(site: WordPressSite, page: Page, record_id: str, words: str) -> None:
    """A person puts a paragraph before all others, and saves the page."""
    _open_editor(site, page, record_id)
    page.frame_locator("iframe[name=editor-canvas]").locator(".wp-block-post-title").click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type(words)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Page updated.").first.wait_for()
