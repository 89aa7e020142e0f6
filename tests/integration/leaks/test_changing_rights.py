"""Whatever changes and whoever asked before: nobody gets what is not for them, from two processes or a proxy."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from requests.structures import CaseInsensitiveDict
from sqlalchemy import delete

from tests.builders import AMARA, BASE_URL, NOW, a_note, a_publication, a_recording, an_attachment, an_event
from tests.edge.acquaintances import Known
from tests.in_process import bare_caller
from tests.web_site import ADMIN, QUICK_PASSWORDS, Site, visited
from zoom_ops.events import Attachment, Event
from zoom_ops.identity.users import UserChanges, set_user, sign_user_out
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import event as event_table
from zoom_ops.store.tables import instance, publication, recording
from zoom_ops.web.app import create_app
from zoom_ops.web.edge.guard import RequestGuard

SESSION, GROUP = "__Host-zoom_ops", "Pilots"
EVENTS = ("tide", "reef")
WORD = re.compile(rb"zq\d+qz")
ROLES = {"visitor": 0, "member": 1, "pilot": 2, "author": 3, "operator": 4}
LOGINS = ("amara", "jonas")
PAGES = (  # whose view they show, and whether they list events
    ("/events/{}", "own", False),
    ("/events/{}.json", "own", False),
    ("/events/{}/recording", "own", False),
    ("/events/{}.ics", "visitor", False),
    ("/events/{}/embed", "visitor", False),
    (f"/oembed?url={BASE_URL}/events/{{}}", "visitor", False),
    ("/", "own", True),
    ("/?has=recording", "own", True),
    ("/?q=tides", "own", True),
    ("/series/harbour-talks", "own", True),
    ("/series/harbour-talks.ics", "visitor", True),
    ("/series/harbour-talks.atom", "visitor", True),
    ("/recordings.atom", "visitor", True),
    ("/sitemaps/events-1.xml", "visitor", True),
)
QUERIES = ("", "lang=fr", "utm_source=x", "lang=xx&lang=ar")
COOKIES: tuple[tuple[str, bool], ...] = (  # ways to send the secret of a session, and whether they count
    (f"{SESSION}={{}}", True),
    (f"lang=fr; {SESSION}={{}}", True),
    (f"{SESSION}=nobody; {SESSION}={{}}", True),
    (f'_ga=1;{SESSION}="{{}}"', True),
    (f"zoom_ops_key_1=zopsk_x; {SESSION}={{}}", True),
    (f"{SESSION}={{}}; {SESSION}=nobody", False),
    ("zoom_ops={}", False),
    ("__HOST-ZOOM_OPS={}", False),
    (f"{SESSION}={{}}x", False),
    ("lang={}", False),
    ("lang=ar", False),
    ("", False),
)
USUAL = (COOKIES[0], COOKIES[-1])
HEADERS: tuple[Mapping[str, str], ...] = (
    {},
    {"Accept-Encoding": "gzip"},
    {"Accept-Language": "es, fr;q=0.4"},
    {"Authorization": "Bearer zops_none"},
    {"Origin": "https://sister.example.org"},
    {"X-Forwarded-Host": "elsewhere.example.org", "X-Forwarded-Proto": "http"},
    {"Range": "bytes=0-90000", "If-Modified-Since": "Sat, 29 Oct 2094 19:43:31 GMT"},
)
PROXY = 2
WAYS = (0, 1, PROXY, PROXY)  # the first process, the second, the proxy before the first
_numbers = count(1)


def new_word() -> str:
    """Return a word that stands nowhere yet."""
    return f"zq{next(_numbers)}qz"


@dataclass(kw_only=True)
class Truth:
    """What is true of an event, and who may know it: said here once more, in the plainest way."""

    slug: str
    visibility: str = "gone"
    paper: str = "member"  # the least role that may open an attachment
    paper_title_shown: bool = False
    film: str = "none"  # the least role that may watch the recording, as it is published
    gate: str = "visitor"  # the least role that its entry in the event lets in
    words: dict[str, str] = field(default_factory=dict)

    def may_find(self, role: str) -> bool:
        return self.visibility in ("listed", "unlisted") or (
            self.visibility == "draft" and role in ("author", "operator")
        )

    def is_let_in(self, role: str, least: str) -> bool:
        if least == "pilot":  # a group is no higher role
            return role in ("pilot", "operator")
        return ROLES[role] >= ROLES[least]

    def watches(self, role: str) -> bool:
        lets_in = self.film != "none" and self.is_let_in(role, self.film) and self.is_let_in(role, self.gate)
        return self.may_find(role) and lets_in

    def known_to(self, role: str) -> set[str]:
        """Return the words that a reader of a role finds in the JSON of the event."""
        if not self.may_find(role):
            return set()
        writes = role == "operator" or (role == "author" and self.visibility == "draft")
        known = {"name"}
        if writes or self.is_let_in(role, self.paper):
            known |= {"paper", "paper title"}
        elif self.paper_title_shown:
            known.add("paper title")
        if self.film != "none" and (writes or self.watches(role)):
            known.add("film title")
        if writes:
            known.add("doubt")
        if role == "operator":
            known.add("mail")
        return {self.words[name] for name in known}


@dataclass
class Sent:
    """An answer: its words, and what it says of who may keep and find it."""

    status: int
    words: set[str]
    text: str
    headers: Mapping[str, str]


class House(RuleBasedStateMachine):
    """Two events and two users whose rights change, and readers of every kind."""

    site: Site
    callers: tuple[Callable[[str, str, Mapping[str, str]], Any], ...]

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        """Begin with two events, a member and an operator."""
        self.chance = Random(seed)
        self.form = self.chance.choice(HEADERS), self.chance.choice(QUERIES)
        with self.site.database.begin() as connection:
            for table in (publication, recording, instance, event_table):
                connection.execute(delete(table))
        self.truths = {slug: Truth(slug=slug) for slug in EVENTS}
        self.roles, self.secrets = dict.fromkeys(LOGINS, "visitor"), dict.fromkeys(LOGINS, "nobody")
        self.tags: dict[tuple[str, str], Sent] = {}
        self.proxy: dict[object, tuple[Sent, bool]] = {}
        for slug, login, role in zip(EVENTS, LOGINS, ("member", "operator"), strict=True):
            self.edit(slug, "listed", "member", "visitor", is_shown=False, is_told=True)
            self.publish(slug, "visitor")
            self.become(login, role, returns=True)

    @rule(
        slug=st.sampled_from(EVENTS),
        visibility=st.sampled_from(["listed", "listed", "unlisted", "draft", "gone"]),
        paper=st.sampled_from(["visitor", "member", "pilot"]),
        gate=st.sampled_from(["visitor", "member", "pilot"]),
        is_shown=st.booleans(),
        is_told=st.booleans(),
    )
    def edit(self, slug: str, visibility: str, paper: str, gate: str, *, is_shown: bool, is_told: bool) -> None:
        """Write an event anew, or delete it. Its recording stays."""
        truth = self.truths[slug]
        if visibility == truth.visibility == "gone":
            return
        names = ("name", "paper", "paper title", "doubt", "mail")
        if is_told or not truth.words:  # else only the rights change, and perhaps no byte of what everybody sees
            truth.words |= {name: new_word() for name in names}
        truth.visibility, truth.paper, truth.gate, truth.paper_title_shown = visibility, paper, gate, is_shown
        event = self._event(truth)
        if visibility == "gone":
            truth.film = "none"
            with self.site.database.begin() as connection:
                connection.execute(delete(publication).where(publication.c.event_id == slug))
                connection.execute(delete(recording).where(recording.c.event_id == slug))
            self.site.delete(event)
        else:
            self.site.save(event)

    @rule(slug=st.sampled_from(EVENTS), film=st.sampled_from(["none", "visitor", "member"]))
    def publish(self, slug: str, film: str) -> None:
        """Publish the recording for everybody or for members, or withdraw it."""
        truth = self.truths[slug]
        if truth.visibility == "gone":
            return
        truth.film = film
        truth.words |= {name: new_word() for name in ("film title", "share")}
        uuid, share = f"{slug}==", f"https://zoom.example.org/rec/share/{truth.words['share']}"
        published = a_publication(
            recording_uuid=uuid,
            title=truth.words["film title"],
            url=f"{BASE_URL}/events/{slug}/recording",
            visibility="public" if film == "visitor" else "members",
            state="withdrawn" if film == "none" else "published",
        )
        film_file = a_recording(uuid=uuid, share_url=share, passcode=None, play_passcode=None, files=())
        self.site.publish(self._event(truth), published, film_file)

    @rule(
        login=st.sampled_from(LOGINS),
        role=st.sampled_from(["member", "pilot", "author", "operator"]),
        returns=st.booleans(),
    )
    def become(self, login: str, role: str, *, returns: bool) -> None:
        """Give a user another role, which ends their sessions."""
        groups = (GROUP,) if role == "pilot" else ()
        changes = UserChanges(role="member" if role == "pilot" else role, groups=groups)
        set_user(self.site.database, QUICK_PASSWORDS, self.site.box, ADMIN, login, changes)
        self.roles[login] = role
        self._end(login)
        if returns:
            self.sign_in(login)

    @rule(login=st.sampled_from(LOGINS))
    def sign_out(self, login: str) -> None:
        """End the sessions of a user; the secret is still sent."""
        sign_user_out(self.site.database, ADMIN, login)
        self._end(login)

    def _end(self, login: str) -> None:
        self.secrets[login] = self.secrets[login].removesuffix(" is over") + " is over"

    @rule(login=st.sampled_from(LOGINS))
    def sign_in(self, login: str) -> None:
        """Sign a user in."""
        with visited(self.site.app) as visitor:
            self.site.sign_in(visitor, login)
            self.secrets[login] = visitor.cookies[SESSION]

    @invariant()
    def nobody_gets_what_is_not_for_them(self) -> None:
        """Ask for half of the pages, twice, as anybody: in one form, so that the same one is asked for by many."""
        if self.chance.random() < 0.5:  # three seconds pass for the proxy, and what it keeps is old
            self.proxy = {key: (sent, False) for key, (sent, _) in self.proxy.items()}
        slug = self.chance.choice(EVENTS)
        for page in (half := self.chance.sample(PAGES, len(PAGES) // 2)) + half:
            self._ask_for(page, slug, self.chance)

    def _ask_for(self, page: tuple[str, str, bool], slug: str, chance: Random) -> None:
        (pattern, view, lists), login = page, chance.choice(LOGINS)
        (cookie, counts), (headers, query) = chance.choice(chance.choice((COOKIES, USUAL))), self.form
        way, knows = chance.choice(WAYS), chance.random() < 0.5
        path = pattern.format(slug)
        path = f"{path}{'&' if '?' in path else '?'}{query}" if query else path
        secret = self.secrets[login]
        role = self.roles[login] if counts and not secret.endswith(" is over") else "visitor"
        sending = dict(headers)
        if cookie:
            sending["Cookie"] = cookie.format(secret.removesuffix(" is over"))
        if knows and way != PROXY and (tags := [tag for known, tag in self.tags if known == path]):
            sending["If-None-Match"] = ", ".join(tags)
        sent = self._ask_proxy(path, sending) if way == PROXY else self._ask(way, path, sending)
        if sent:
            self._check(sent, self.truths[slug], role if view == "own" else "visitor", pattern, lists=lists)

    def _ask(self, way: int, path: str, headers: Mapping[str, str]) -> Sent:
        answer = self.callers[way]("GET", path, headers)
        content = answer.content.replace(b"\r\n ", b"")  # calendars fold their lines
        whole = content + b"\n".join(f"{name}: {value}".encode() for name, value in answer.headers.items())
        words = {word.decode() for word in WORD.findall(whole)}
        sent = Sent(answer.status_code, words, content.decode("utf-8", "replace"), answer.headers)
        tag = answer.headers.get("ETag", "")
        if sent.status == 304:  # the reader goes on with what has this tag, and takes over the headers that are sent
            known = self.tags[path, tag]
            return replace(known, headers=CaseInsensitiveDict({**known.headers, **answer.headers}))
        if tag:
            self.tags[path, tag] = sent
        return sent

    def _ask_proxy(self, path: str, headers: Mapping[str, str]) -> Sent | None:
        """Ask as nginx does: with old headers if a page is confirmed. None for what it keeps and was looked at."""
        cookie = headers.get("Cookie", "")
        language = match[1] if (match := re.search(r"(?:^|; ?)lang=([a-z]{2})(?:;|$)", cookie)) else ""
        if "zoom_ops" in cookie or "Authorization" in headers or "Origin" in headers or "lang=zq" in cookie:
            return self._ask(0, path, headers)
        key = path, language, headers.get("Accept-Encoding"), headers.get("Accept-Language")
        passed = {name: headers[name] for name in ("Accept-Encoding", "Accept-Language") if name in headers}
        if language:
            passed["Cookie"] = f"lang={language}"
        kept, fresh = self.proxy.get(key, (None, False))
        if kept and fresh:
            return None
        if kept:
            passed["If-None-Match"] = kept.headers["ETag"]
        sent = self._ask(0, path, passed)
        if "s-maxage" in sent.headers.get("Cache-Control", ""):
            assert "Set-Cookie" not in sent.headers
            self.proxy[key] = sent, True
        return sent

    def _check(self, sent: Sent, truth: Truth, role: str, pattern: str, *, lists: bool) -> None:
        about = (truth, role, pattern, sent.status, sent.headers)
        if lists:
            self._check_list(sent, role, recorded="atom" in pattern or "recording" in pattern)
            return
        known = truth.known_to(role)
        if pattern.endswith("/recording"):
            assert sent.words <= ({truth.words["share"]} if truth.watches(role) else set()), about
            return
        assert sent.words <= known, about
        assert (sent.status == 200) == truth.may_find(role), about
        if sent.status == 200:
            shared = "s-maxage" in sent.headers["Cache-Control"]
            assert ("noindex" in sent.headers.get("X-Robots-Tag", "")) == (
                truth.visibility != "listed" or pattern.endswith("/embed")
            ), about
            assert not shared or (truth.visibility == "listed" and sent.words <= truth.known_to("visitor")), about
            assert truth.words["name"] in sent.words, about
        if pattern.endswith(".json"):
            assert sent.words == known, about
        if pattern == "/events/{}" and truth.words["paper"] in known:
            assert truth.words["paper"] in sent.words, about

    def _check_list(self, sent: Sent, role: str, *, recorded: bool) -> None:
        """`recorded`: it lists only events whose recording its reader may watch."""
        listed = [
            truth
            for truth in self.truths.values()
            if truth.visibility == "listed" and (truth.watches(role) or not recorded)
        ]
        about = (role, self.truths, sent.headers)
        assert sent.words <= set[str]().union(*(truth.known_to(role) for truth in listed)), about
        found = {slug for slug in EVENTS if f"/events/{slug}" in sent.text}
        assert found == {truth.slug for truth in listed}, about

    def _event(self, truth: Truth) -> Event:
        of = truth.words
        gate = {"visibility": "public" if truth.gate == "visitor" else "members"}
        entries = (
            Attachment(
                title=of["paper title"],
                kind="slides",
                url=f"https://example.org/{of['paper']}.pdf",
                visibility="public" if truth.paper == "visitor" else "members",
                groups=(GROUP,) if truth.paper == "pilot" else (),
                title_shown=truth.paper_title_shown and truth.paper != "visitor",
            ),
            an_attachment(groups=(GROUP,) if truth.gate == "pilot" else (), **gate),
        )
        return an_event(
            id=truth.slug,
            name=f"Tides of {of['name']}",
            start=NOW - timedelta(days=2),
            end=NOW - timedelta(days=2, hours=-1),
            display_times=(),
            visibility="draft" if truth.visibility == "gone" else truth.visibility,
            performers=(AMARA.model_copy(update={"email": f"{of['mail']}@example.org"}),),
            attachments=entries,
            needs_review=(a_note(reason=f"Is this {of['doubt']}?"),),
        )


@pytest.fixture
def house(database: Database) -> Iterator[type[House]]:
    """The state machine, with two processes before one database."""
    site = Site(database, cors_origins=("https://sister.example.org",))
    other = create_app(site.services)
    other.add_middleware(RequestGuard, (), lambda *_: None, 100, site.services.streams, Known(), other.state.kept)
    for login in LOGINS:
        site.add_user(login)
    with ExitStack() as stack:
        callers = [_caller(stack, app) for app in (site.app, other)]
        yield type("House", (House,), {"site": site, "callers": tuple(callers)})


def _caller(stack: ExitStack, app: Any) -> Callable[[str, str, Mapping[str, str]], Any]:
    address = stack.enter_context(visited(app)).address
    caller = stack.enter_context(bare_caller())

    def ask(method: str, path: str, headers: Mapping[str, str]) -> Any:
        caller.cookies.clear()
        return caller.request(method, f"{address}{path}", headers=dict(headers), allow_redirects=False)

    return ask


@pytest.mark.timeout(3000)
@pytest.mark.parametrize("examples", [3, pytest.param(60, marks=pytest.mark.long)])
def test_nobody_gets_what_is_not_for_them(house: type[House], examples: int) -> None:
    searching = settings(
        max_examples=examples,
        stateful_step_count=12,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(house, settings=searching)
