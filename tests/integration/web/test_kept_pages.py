"""What is kept is what would be rendered: for every reader, in every state, at any time, in two processes at once."""

import asyncio
import gzip
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from tests.builders import BASE_URL, EVENT_ID, a_publication, an_event
from tests.edge.acquaintances import Known
from tests.edge.exchange import answer_at_once
from tests.web_site import PROFILES, Site, Visitor, visited
from zoom_ops.events import Event
from zoom_ops.live import Live
from zoom_ops.operations.views.programme import Programme
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import event as event_table
from zoom_ops.store.tables import instance, publication, recording
from zoom_ops.web.app import create_app
from zoom_ops.web.edge.guard import RequestGuard
from zoom_ops.web.i18n.catalogs import load_languages
from zoom_ops.web.kept.answer import OWN, SHARED
from zoom_ops.web.kept.at_once import AtOnce
from zoom_ops.web.kept.pages import KeptFirst

ROUTES = (
    f"/events/{EVENT_ID}",
    f"/events/{EVENT_ID}.json",
    f"/events/{EVENT_ID}.ics",
    f"/events/{EVENT_ID}/embed",
    f"/oembed?url={BASE_URL}/events/{EVENT_ID}",
    "/",
    "/?has=recording",
    "/?series=harbour-talks&x=1",
    "/series/harbour-talks",
    "/series/harbour-talks.ics",
    "/series/harbour-talks.atom",
    "/recordings.atom",
    "/sitemap.xml",
    "/sitemaps/events-1.xml",
    "/events/missing?x=1",
    "/events/missing.json",
    "/events/missing/embed",
    "/?upcoming=7",
)
READERS = ("visitor", "visitor", "chooser", "stranger", "holder", "member", "author", "operator")
FORMS: tuple[Mapping[str, str], ...] = (
    {},
    {"Accept-Language": "fr-CH,fr;q=0.9"},
    {"Accept-Encoding": "gzip"},
    {"Origin": "https://sister.example.org"},
    {"Origin": "https://nobody.example.org", "Accept": "application/json"},
    {"Origin": ""},
)
SESSION = "__Host-zoom_ops"
HOUR_S = 3600
TEXT = "<p>" + "How ports adapt to a rising sea. " * 40 + "</p>"
STATES: tuple[dict[str, Any], ...] = (
    {},
    {"visibility": "draft"},
    {"visibility": "unlisted"},
    {"status": "cancelled"},
    {"status": "postponed"},
    {"name": "Tides of Next Week"},
    {"series": None},
    {"profile": "members"},
    {"attachments": ({"title": "Board only", "kind": "recording", "state": "expected", "visibility": "members"},)},
    {"attachments": ({"title": "Slides", "url": "https://example.org/s.pdf", "visibility": "members"},)},
)
SECRETS = (b"Board only", b"https://example.org/s.pdf", b"share.example.org", b"@example.org")


class Never:
    """Keeps nothing."""

    async def answer_with(self, *_: object) -> bool:
        return False


@dataclass
class Scene:
    """One database with three applications: two that keep answers, as two processes, and one that renders each."""

    site: Site
    profiles: Live[str, Any]
    languages: Live[str, Any]
    callers: tuple[Visitor, Visitor, Visitor]
    cookies: dict[str, str]
    tags: dict[str, str]
    event: Event
    at_once: AtOnce
    given: int = 0  # answers at once

    def begin(self) -> None:
        """Begin with one event that is soon."""
        with self.site.database.begin() as connection:
            for table in (publication, recording, instance, event_table):
                connection.execute(delete(table))
        soon = self.site.clock.now() + timedelta(minutes=20)
        self.event = an_event(start=soon, end=soon + timedelta(minutes=75), description=TEXT)
        self.site.save(self.event)

    def sign_in(self) -> None:
        """Sign everybody in: sessions end as time goes by."""
        for login in ("member", "author", "operator"):
            self.site.sign_in(self.callers[0], login)
            self.cookies[login] = f"{SESSION}={self.callers[0].cookies[SESSION]}"
            self.callers[0].cookies.clear()

    def change(self, number: int) -> None:
        """Make one of the changes."""
        site, event = self.site, self.event
        if number < len(STATES):
            site.save(type(event).model_validate(event.model_dump() | STATES[number]))
            return
        number -= len(STATES)
        if number == 0:
            site.publish(event)
        elif number == 1:
            site.publish(event, a_publication(visibility="members"))
        elif number == 2:
            site.publish(event, a_publication(state="withdrawn"))
        elif number == 3:
            site.bind(event)
            self.site.clock.advance(6 * 60)
        elif number == 4:
            site.tell(event, "started", started_at=site.clock.now())
        elif number == 5:
            site.delete(event)
            site.save(event)
        elif number == 6:
            self.profiles.replace({each.name: each for each in PROFILES[:: 1 if len(self.profiles) == 2 else 2]})
        elif number == 7:
            words = load_languages(("fr", "en") if len(self.languages) > 2 else ("en", "fr", "ar"))
            self.languages.replace(words)
        else:
            site.clock.advance((14 * 60, HOUR_S, 24 * HOUR_S, 7 * 24 * HOUR_S)[number - 8])

    def ask(self, path: str, reader: str, form: int, *, known: bool) -> None:
        """Ask all applications, and compare."""
        headers = dict(FORMS[form])
        if self.cookies[reader]:
            headers["Cookie"] = self.cookies[reader]
        if known and (tag := self.tags.get(path)):
            headers["If-None-Match"] = tag
        answers = [caller.get(path, headers=headers) for caller in self.callers]
        kept, other, plain = [
            (each.status_code, sorted((k, v) for k, v in each.headers.items()), each.content) for each in answers
        ]
        assert kept == plain
        assert other == plain
        assert self.answers_at_once(path, headers) in (None, plain)
        self.tags[path] = answers[0].headers.get("ETag", "")
        self.check(answers[0], reader)

    def answers_at_once(self, path: str, headers: Mapping[str, str]) -> tuple[int, list[tuple[str, str]], bytes] | None:
        """Return what goes out at once, without a request of the application."""
        headers = {"host": "localhost", **self.callers[0].headers, **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        ready = answer_at_once(self.at_once.answer, f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode(), ())
        if ready is None:
            return None
        head, _, body = ready.sent.partition(b"\r\n\r\n")
        status, *fields = head.decode("latin-1").split("\r\n")
        self.given += 1
        if b"\r\ncontent-encoding: gzip" in head and body:
            body = gzip.decompress(body)
        return int(status[9:12]), sorted((name, value) for name, _, value in (f.partition(": ") for f in fields)), body

    def check(self, answer: Any, reader: str) -> None:
        """Nothing that is private may be kept by anybody, and no visitor sees what is for others."""
        kept = answer.headers["Cache-Control"]
        if kept == SHARED:
            assert "Set-Cookie" not in answer.headers
            assert not any(secret in answer.content for secret in SECRETS)
        if reader in ("member", "author", "operator") and "Cookie" in answer.headers.get("Vary", ""):
            assert kept != SHARED
        assert answer.status_code in (200, 304) or kept not in (SHARED, OWN)


_PAGE = ROUTES[0]
ODD: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("HEAD", _PAGE, {"Accept-Encoding": "gzip"}),
    ("OPTIONS", _PAGE, {}),
    ("POST", _PAGE, {}),
    ("GET", f"{_PAGE}/", {}),
    ("GET", f"/{_PAGE}", {}),
    ("GET", _PAGE.upper(), {}),
    ("GET", _PAGE.replace("/events", "/%65vents"), {}),
    ("GET", f"{_PAGE}%0A", {}),
    ("GET", f"{_PAGE}%2Ejson", {"Origin": ""}),
    ("GET", f"{_PAGE}?lang=fr&lang=xx", {}),
    ("GET", f"{_PAGE}?lang=FR", {"Cookie": 'lang="fr"'}),
    ("GET", f"{_PAGE}?%6Cang=%66r", {"If-None-Match": "*"}),
    ("GET", _PAGE, {"If-None-Match": '"a", W/"b", *', "Cookie": "lang=fr; lang=ar"}),
    ("GET", _PAGE, {"If-None-Match": ","}),
    ("GET", _PAGE, {"Accept-Encoding": "identity, gzip;q=0.5", "Accept-Language": "fr;q=0, ar"}),
    ("GET", _PAGE, {"Accept-Encoding": "GZIP", "Accept-Language": "fr;q=x,ar;q=0.1"}),
    ("GET", _PAGE, {"Range": "bytes=0-3", "If-Modified-Since": "Sat, 29 Oct 2094 19:43:31 GMT"}),
    ("GET", _PAGE, {"Authorization": "Bearer x", "X-Forwarded-Host": "elsewhere.example.org"}),
    ("GET", f"{_PAGE}/embed?lang=fr", {"Cookie": "lang=ar"}),
    ("GET", "/?past=1&past=2", {}),
    ("GET", "/?upcoming=01", {}),
    ("GET", "/?series=%ED%A0%80", {}),
    ("GET", "/?q=&lang=ar&series=harbour-talks", {}),
    ("GET", "/sitemaps/events-01.xml", {}),
    ("GET", f"/oembed?url={BASE_URL}{_PAGE}&maxwidth=0200", {}),
    ("GET", f"/oembed?url={BASE_URL}{_PAGE}&format=xml", {}),
)
NUMBER_OF_CHANGES = len(STATES) + 12
_ASKED = st.tuples(
    st.sampled_from(ROUTES), st.sampled_from(READERS), st.integers(0, len(FORMS) - 1), st.booleans(), st.booleans()
)
_STEP = st.tuples(st.integers(0, NUMBER_OF_CHANGES - 1), st.lists(_ASKED, min_size=2, max_size=4))
_QUICK = settings(max_examples=3, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))


@pytest.fixture
def site(database: Database) -> Site:
    return Site(database)


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    site = Site(database, cors_origins=("https://sister.example.org",))
    profiles = Live({profile.name: profile for profile in PROFILES})
    languages = Live(load_languages(("en", "fr", "ar")))
    programme = Programme(database, site.box, site.clock, profiles)
    services = replace(site.services, programme=programme, languages=languages)
    apps = create_app(services), create_app(services), _never_keeping(create_app(services))
    apps[1].add_middleware(
        RequestGuard, (), lambda *_: None, 100, site.services.streams, Known(), apps[1].state.kept
    )  # as a server does
    at_once = AtOnce(apps[0].state.kept, lambda _host: True, ())
    for role in ("member", "author", "operator"):
        site.add_user(role, role=role)
    cookies = {
        "visitor": "",
        "chooser": "_ga=1; lang=fr",
        "stranger": f"{SESSION}=nobody",
        "holder": "zoom_ops_key_1=key",
    }
    with ExitStack() as stack:
        callers = [stack.enter_context(visited(app)) for app in apps]
        yield Scene(site, profiles, languages, (callers[0], callers[1], callers[2]), cookies, {}, an_event(), at_once)


def _never_keeping(app: FastAPI) -> FastAPI:
    for middleware in app.user_middleware:
        if middleware.cls is KeptFirst:
            middleware.kwargs["kept"] = Never()
    return app


@_QUICK
@given(steps=st.lists(_STEP, max_size=8))
def test_kept_answers_are_those_that_would_be_rendered(scene: Scene, steps: list[Any]) -> None:
    scene.begin()
    scene.sign_in()
    for number, asked in steps:
        for turn in (False, True):
            for path, reader, form, known, french in asked:
                address = f"{path}{'&' if '?' in path else '?'}lang=fr" if french else path
                scene.ask(address, reader, form, known=known)
            if not turn:
                scene.change(number)


def test_each_change_is_seen_at_once(scene: Scene) -> None:
    routes = (ROUTES[0], "/", "/recordings.atom")
    for number in range(NUMBER_OF_CHANGES):
        scene.begin()
        for path in routes:
            scene.ask(path, "visitor", 0, known=False)
        scene.change(number)
        for path in routes:
            scene.ask(path, "visitor", 0, known=True)
    assert scene.given > 0


def test_odd_requests_get_what_would_be_rendered(scene: Scene) -> None:
    scene.begin()
    scene.site.publish(scene.event)
    for method, address, headers in ODD:
        rendered, *others = [
            (answer.status_code, sorted((k, v) for k, v in answer.headers.items() if k != "location"), answer.content)
            for number in (2, 0, 0)
            for answer in [scene.callers[number].request(method, address, headers=dict(headers))]
        ]
        assert others == [rendered] * 2


def test_kept_page_goes_with_the_services_it_was_made_with(site: Site) -> None:
    site.save(an_event())
    with site.visited() as visitor:
        for name in ("Harbour One", "Harbour Two", "Harbour Three", "Harbour Four"):
            site.app.state.services = replace(site.services, organisation=f"not {name}")
            site.app.state.services = replace(site.services, organisation=name)
            assert f"{name}<" in visitor.get(ROUTES[0]).text


@pytest.mark.parametrize("committed", [False, True])
def test_kept_page_takes_no_turn(site: Site, committed: bool) -> None:
    async def fail(*_: object) -> None:
        raise AssertionError("a kept page was asked of the application")

    site.save(an_event())
    with site.visited() as visitor:
        rendered = visitor.get(ROUTES[0])
    if committed:
        site.add_user("author", role="author")  # as each notification commits something that the page does not show
    sent = _ask(site, RequestGuard(fail, (), lambda *_: None, 100, site.services.streams, Known(), site.app.state.kept))

    assert [message.get("status") or message["body"] for message in sent] == [200, rendered.content]


def test_old_session_costs_no_rendering(site: Site) -> None:
    async def fail(*_: object) -> None:
        raise AssertionError("a kept page was asked of the application")

    site.save(an_event())
    with site.visited() as visitor:
        rendered = visitor.get(ROUTES[0])

    sent = _ask(site, KeptFirst(fail, site.app.state.kept), (b"cookie", f"{SESSION}=ended".encode()))

    assert [message.get("status") or message["body"] for message in sent] == [200, rendered.content]
    assert dict(sent[0]["headers"])[b"cache-control"] == OWN.encode()


@pytest.mark.parametrize(("accepts", "times"), [(b"text/html", 1), (b"application/json", 2)])
def test_missing_page_is_made_once(site: Site, accepts: bytes, times: int) -> None:
    asked = []

    async def miss(scope: Any, _receive: Any, send: Any) -> None:
        asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 404, "headers": [(b"cache-control", b"no-store")]})
        await send({"type": "http.response.body", "body": b"There is nothing here."})

    missing = KeptFirst(miss, site.app.state.kept)
    sent = [
        _ask(site, missing, (b"accept", accepts), (b"if-none-match", b"*")) for _ in range(2)
    ]  # it is not kept: what is missing now may be there at once

    assert [message.get("status") or message["body"] for message in sent[0]] == [404, b"There is nothing here."]
    assert asked == [ROUTES[0]] * times * 2


def test_page_that_has_changed_is_read_again_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.save(an_event())
    guarded = RequestGuard(site.app, (), lambda *_: None, 100, site.services.streams, Known(), site.app.state.kept)
    _ask(site, guarded)
    site.save(an_event(name="Tides of Next Week"))
    opened: list[object] = []
    open_snapshot = site.database.open_snapshot
    monkeypatch.setattr(site.database, "open_snapshot", lambda: opened.append(None) or open_snapshot())  # type: ignore[func-returns-value]

    sent = _ask(site, guarded)

    assert b"Tides of Next Week" in sent[1]["body"]
    assert len(opened) == 2  # to see that it has changed, and to make it anew


def _ask(site: Site, app: Any, *headers: tuple[bytes, bytes]) -> list[Any]:
    """Ask an application for the page of the event, and return what it sends."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": ROUTES[0], "raw_path": ROUTES[0].encode(),
        "query_string": b"x=1", "headers": [(b"host", b"events.example.org"), *headers], "client": ("192.0.2.1", 1),
        "scheme": "http", "app": site.app,
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return sent


def test_event_that_becomes_unlisted_has_other_tags(site: Site) -> None:
    """A proxy that is told that it knows an answer may go on with its old headers, which let search engines in."""
    paths = (*(f"{ROUTES[0]}{form}" for form in ("", ".json", ".ics")), ROUTES[4])
    tags = []
    with site.visited() as visitor:
        for visibility in ("listed", "unlisted"):
            site.save(an_event(visibility=visibility))
            tags.append([visitor.get(path).headers["ETag"] for path in paths])

    assert all(listed != unlisted for listed, unlisted in zip(*tags, strict=True))
