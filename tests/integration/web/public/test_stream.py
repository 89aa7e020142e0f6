"""The stream of an event: every open page hears of each change that its reader may see, once and soon."""

import asyncio
import queue
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from tests.builders import AGENDA, END, EVENT_ID, RECORDING_EXPECTED, SLIDES, START, a_publication, an_event
from tests.waiting import PATIENCE_S, wait_until
from tests.web_site import PASSWORD, Site, Visitor
from zoom_ops.access import VISITOR, Reader, Shown
from zoom_ops.errors import TemporaryError
from zoom_ops.store.db.connect import Database
from zoom_ops.store.events import EventChange
from zoom_ops.store.identity.sessions import end_provided_sessions
from zoom_ops.store.tables import site_user
from zoom_ops.web.edge.server import make_server
from zoom_ops.web.public.event_page import version_of
from zoom_ops.web.public.stream import RECHECK_S, RELOADS_S, SESSIONS_S, streams_of
from zoom_ops.web.streams.places import StreamLimits

STREAM = f"/events/{EVENT_ID}/stream"
QUIET_S = 0.8  # three polls of the watcher
PAGES = 1000
CROWDED_S = 180  # so long a thousand pages may take on a busy machine
EACH = StreamLimits().each


@pytest.fixture
def site(database: Database) -> Site:
    prepared = Site(database, base_url="http://events.example.org")
    prepared.save(an_event())
    return prepared


@pytest.fixture
def visitor(site: Site) -> Iterator[Visitor]:
    """A visitor over HTTP, who can hold connections open."""
    with site.served() as somebody:
        yield somebody


class Listener:
    """An open page that collects what its stream sends."""

    def __init__(self, line: socket.socket, path: str, headers: Mapping[str, str]) -> None:
        request = [f"GET {path} HTTP/1.0", "Host: localhost", *(f"{name}: {value}" for name, value in headers.items())]
        line.sendall("\r\n".join([*request, "", ""]).encode())
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._source = line.makefile("r", encoding="utf-8", newline="\n")
        self.head = "".join(iter(self._source.readline, "\r\n")).lower()
        threading.Thread(target=self._read, daemon=True).start()

    def next_version(self, within: float = PATIENCE_S) -> str | None:
        """Return the next version. None: none came in time, or the stream ended."""
        deadline = time.monotonic() + within
        while (line := self.next_line(deadline - time.monotonic())) is not None:
            if line.startswith("data: "):
                return line.removeprefix("data: ")
        return None

    def ended(self, within: float = PATIENCE_S) -> bool:
        """Return whether the stream ends in time."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            try:
                if self._lines.get(timeout=max(deadline - time.monotonic(), 0.001)) is None:
                    return True
            except queue.Empty:
                break
        return False

    def next_line(self, within: float = PATIENCE_S) -> str | None:
        """Return the next line, None if none comes in time."""
        try:
            return self._lines.get(timeout=max(within, 0.001))
        except queue.Empty:
            return None

    def _read(self) -> None:
        with suppress(OSError):
            for line in self._source:
                self._lines.put(line.strip())
        self._lines.put(None)


@contextmanager
def listening(visitor: Visitor, version: str, **headers: str) -> Iterator[Listener]:
    """Open the page's stream in the block."""
    where = urlsplit(visitor.address)
    with socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=30) as line:
        listener = Listener(line, f"{STREAM}?version={version}", headers)
        assert str(listener.next_line()).startswith("retry: ")
        yield listener
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


def version(site: Site) -> str:
    return version_of(site.services.programme.get(EVENT_ID, VISITOR))


def test_stream_is_one_that_browsers_and_proxies_leave_open(site: Site, visitor: Visitor) -> None:
    with listening(visitor, version(site), **{"Accept-Encoding": "gzip"}) as page:
        assert "content-type: text/event-stream" in page.head
        assert "cache-control: no-cache" in page.head
        assert "x-accel-buffering: no" in page.head
        assert "content-encoding" not in page.head


def test_stream_tells_when_the_recording_is_published(site: Site, visitor: Visitor) -> None:
    with listening(visitor, version(site)) as page:
        site.publish(an_event())

        assert page.next_version() == version(site)
        assert page.next_version(QUIET_S) is None


def test_stream_tells_when_the_webinar_begins_and_ends(site: Site, visitor: Visitor) -> None:
    with listening(visitor, version(site)) as page:
        matches = []
        for what, run in (("webinar_started", {"started_at": START}), ("webinar_ended", {"ended_at": END})):
            site.tell(an_event(), what, **run)
            matches.append(page.next_version() == version(site))

    assert matches == [True, True]


def test_stream_tells_when_what_leads_into_the_webinar_is_there(site: Site, visitor: Visitor) -> None:
    with listening(visitor, version(site)) as page:
        site.bind(an_event(), registration_url="https://zoom.example.org/webinar/register/tides")

        assert page.next_version() == version(site)


@pytest.mark.parametrize("changes", [{"title": "Agenda, revised"}, {"url": None, "state": "withdrawn"}, {"size": 9}])
def test_stream_tells_when_an_attachment_changes(site: Site, visitor: Visitor, changes: dict[str, str]) -> None:
    with listening(visitor, version(site)) as page:
        site.save(an_event(attachments=(AGENDA.model_copy(update=changes), RECORDING_EXPECTED)))

        assert page.next_version() == version(site)


@pytest.mark.parametrize("end", ["sign out", "sign out at the provider", "other groups", "blocked"])
def test_stream_ends_with_the_session_that_it_was_opened_in(site: Site, visitor: Visitor, end: str) -> None:
    site.save(an_event(attachments=(SLIDES.model_copy(update={"groups": ("Pilots",)}),)))
    site.add_user("amara", groups=("Pilots",))
    visitor.post("/sign-in", data={"login": "amara", "password": PASSWORD})
    secret = visitor.cookies["zoom_ops"]
    member = version_of(site.services.programme.get(EVENT_ID, Reader(role="member", groups=("Pilots",))))

    with listening(visitor, version(site), Cookie=f"zoom_ops={secret}") as page:
        first = page.next_version()
        if end == "sign out":
            visitor.post("/sign-out")
        elif end == "sign out at the provider":
            with site.database.begin() as connection:
                connection.execute(update(site_user).values(issuer="https://id.example.org", subject="7"))
                end_provided_sessions(connection, "https://id.example.org", "7", None)
        else:
            with site.database.begin() as connection:
                changes = {"groups": ["Divers"]} if end == "other groups" else {"blocked": True}
                connection.execute(update(site_user).values(**changes))
        site.clock.advance(SESSIONS_S + 1)

        assert first == member
        assert page.ended()

    with listening(visitor, member, Cookie=f"zoom_ops={secret}") as again:
        assert again.next_version() is not None  # the reader's rights have changed, and so has the version


def test_stream_of_a_session_that_holds_goes_on(site: Site, visitor: Visitor) -> None:
    site.add_user("amara")
    visitor.post("/sign-in", data={"login": "amara", "password": PASSWORD})

    with listening(visitor, version(site), Cookie=f"zoom_ops={visitor.cookies['zoom_ops']}") as page:
        site.clock.advance(SESSIONS_S + 1)
        assert not page.ended(QUIET_S)
        site.save(an_event(name="Tides of Next Week"))

        assert page.next_version() == version(site)


def test_stream_tells_without_the_bell(site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.change_signal, "ring", lambda: None)

    with listening(visitor, version(site)) as page:
        site.save(an_event(name="Tides of Next Week"))

        assert page.next_version() == version(site)


def test_stream_tells_one_change_after_the_other(site: Site, visitor: Visitor) -> None:
    with listening(visitor, version(site)) as page:
        matches = []
        for name in ("First", "Second", "Third"):
            site.save(an_event(name=name))
            matches.append(page.next_version() == version(site))

    assert matches == [True, True, True]


def test_stream_tells_at_once_who_comes_with_an_older_version(site: Site, visitor: Visitor) -> None:
    with listening(visitor, "older") as page:
        assert page.next_version() == version(site)


def test_stream_believes_what_the_browser_heard_last(site: Site, visitor: Visitor) -> None:
    with listening(visitor, "older", **{"Last-Event-ID": version(site)}) as page:
        assert page.next_version(QUIET_S) is None


def test_stream_tells_no_older_version_after_a_newer_one(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page's own look and the watcher's are under way at once; the webinar begins between them."""
    look, looks = site.services.programme.get, count()
    is_read, is_heard = threading.Event(), threading.Event()

    def look_in_turn(event_id: str, reader: Reader) -> Shown:
        number = next(looks)  # 0: as the stream is opened
        if number == 1:
            is_read.wait(0.5)  # in vain, where the other look waits for this one
            site.tell(an_event(), "webinar_started", started_at=START)
        shown = look(event_id, reader)
        if number == 2:
            is_read.set()
            is_heard.wait(PATIENCE_S)
        return shown

    monkeypatch.setattr(site.services.programme, "get", look_in_turn)

    with listening(visitor, version_of(look(EVENT_ID, VISITOR))) as page:
        begun = page.next_version()
        is_heard.set()
        assert begun == version_of(look(EVENT_ID, VISITOR))
        assert page.next_version(QUIET_S) is None


def test_stream_is_silent_about_what_a_visitor_may_not_see(site: Site, visitor: Visitor) -> None:
    with listening(visitor, version(site)) as page:
        site.save(an_event(account="other", attachments=(AGENDA, RECORDING_EXPECTED, SLIDES)))
        site.save(an_event(id="another-event"))

        assert page.next_version(QUIET_S) is None


def test_stream_sends_nothing_but_versions(site: Site, visitor: Visitor) -> None:
    with listening(visitor, version(site)) as page:
        site.publish(an_event(), a_publication(visibility="members"))
        site.save(an_event(name="Tides of Next Week"))
        sent = page.next_version()

        assert sent
        assert sent.isalnum()
        assert len(sent) == 20


def test_stream_tells_when_the_event_is_gone(site: Site, visitor: Visitor) -> None:
    with listening(visitor, version(site)) as page:
        site.delete(an_event())
        sent = None
        for _ in range(20):  # the watcher may begin at any time
            site.clock.advance(RECHECK_S + 1)
            sent = sent or page.next_version(0.1)

    assert sent == "gone"
    assert visitor.get(STREAM).status_code == 404


def test_stream_outlives_a_database_that_does_not_answer(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, failures = site.services.programme.changes_after, iter(range(3))

    def look_with_trouble(seq: int) -> tuple[EventChange, ...]:
        if next(failures, None) is not None:
            raise TemporaryError
        return look(seq)

    monkeypatch.setattr(site.services.programme, "changes_after", look_with_trouble)

    with listening(visitor, version(site)) as page:
        site.publish(an_event())

        assert page.next_version() == version(site)


def test_stream_is_kept_awake(site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoom_ops.web.streams.sending.PING_S", 0.2)

    with listening(visitor, version(site)) as page:
        lines = [page.next_line() for _ in range(3)]

    assert ": ping" in lines


def test_nothing_is_looked_for_while_no_page_is_open(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, looks = site.services.programme.changes_after, []
    monkeypatch.setattr(site.services.programme, "changes_after", lambda seq: looks.append(seq) or look(seq))

    with listening(visitor, version(site)) as page:
        site.publish(an_event())
        page.next_version()
        wait_until(lambda: looks, "a look for changes")

    def nobody_looks() -> bool:
        before = len(looks)
        time.sleep(QUIET_S)
        return len(looks) == before

    wait_until(nobody_looks, "the end of the looks")


def test_open_streams_do_not_hold_a_stop_up(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    server = make_server(site.app, "127.0.0.1", 0)
    server.start()
    with Visitor(f"http://127.0.0.1:{server.port}") as visitor, listening(visitor, version(site)) as page:
        server.stop()

        assert page.ended()
    assert "graceful shutdown exceeded" not in caplog.text  # uvicorn logs this when it has to cut a connection


@pytest.mark.timeout(400)
def test_a_thousand_open_pages_hear_of_a_change(site: Site, visitor: Visitor) -> None:
    known = version(site)
    crowd = Crowd(visitor.address, f"{STREAM}?version={known}")

    with crowd.gathered():
        page = visitor.get(f"/events/{EVENT_ID}")
        site.publish(an_event())
        versions = crowd.wait()

    assert page.status_code == 200
    assert versions == [version(site)] * PAGES
    assert crowd.spreads == {round(1000 * PAGES / RELOADS_S)}


def test_crowd_is_told_although_its_page_cannot_be_made(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(path: str) -> None:
        raise RuntimeError(path)

    streams_of(site.app).renew = fail
    monkeypatch.setattr("zoom_ops.web.public.stream.RELOADS_S", 1)  # one page is a crowd
    with listening(visitor, version(site)) as page:
        site.publish(an_event())

        assert page.next_version() == version(site)


class Crowd:
    """A thousand open pages in one thread."""

    def __init__(self, address: str, path: str) -> None:
        self._where, self._path = urlsplit(address), path
        self._gathered = threading.Event()
        self._open = 0
        self._versions: list[str] = []
        self.spreads: set[int] = set()  # milliseconds, over which they ask for themselves

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Open the pages in the block, and wait until every stream has begun."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._listen_all()), daemon=True)
        self._thread.start()
        assert self._gathered.wait(CROWDED_S)
        yield

    def wait(self) -> list[str]:
        """Wait until every page has a version. Return the versions."""
        self._thread.join(CROWDED_S)
        return self._versions

    async def _listen_all(self) -> None:
        opening = asyncio.Semaphore(EACH)  # a thousand connections would wait for their heads beyond the deadline
        await asyncio.gather(*(self._listen(number, opening) for number in range(PAGES)))

    async def _listen(self, number: int, opening: asyncio.Semaphore) -> None:
        client = f"127.0.1.{number // EACH + 1}"  # one address has so many streams at most
        async with opening:
            where = self._where
            reader, writer = await asyncio.open_connection(where.hostname, where.port, local_addr=(client, 0))
            writer.write(f"GET {self._path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            await reader.readuntil(b"retry: ")
        self._open += 1
        if self._open == PAGES:
            self._gathered.set()
        await reader.readuntil(b"\n\n")
        told: list[str] = []
        while not told:  # a stream that is quiet for a while says that it is there
            message = (await reader.readuntil(b"\n\n")).decode()
            told = [line.removeprefix("data: ") for line in message.splitlines() if line.startswith("data: ")]
        version, spread = told
        self._versions.append(version)
        self.spreads.add(int(spread))
        writer.close()
