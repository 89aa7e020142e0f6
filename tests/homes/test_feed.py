"""Feeds of the real Indico, pretalx and WordPress: the contract as far as it reads, and each format that they offer."""

from collections.abc import Sequence
from typing import Any

import pytest
import requests

from tests.homes.contract import ReadingContract
from tests.homes.site import Site, Who
from tests.homes.systems import system
from tests.homes.systems.pretalx import events as pretalx_events
from tests.homes.systems.running import Running
from tests.homes.systems.sample import NEW_YORK, SPEAKERS, SampleEvent
from zoom_ops.clock import SystemClock
from zoom_ops.homes import EventRecords, Record, open_home, settings_of

_TIMEOUT_S = 60
_INDICO_JSON = "/export/categ/{category}.json?detail=subcontributions&nocache=yes"
_INDICO = ("/category/{category}/events.ics", "/event/{id}/event.ics", "/event/{id}/", _INDICO_JSON)
_PRETALX = tuple(
    f"/{{event}}/{path}"
    for path in (
        "schedule/export/schedule.json",
        "schedule/export/schedule.xml",
        "schedule/export/schedule.ics",
        "talk/{id}.ics",
    )
)
_WORDPRESS = ("/wp-json/wp/v2/pages/{id}",)


def _open(url: str, *paths: str) -> EventRecords:
    given = {"kind": "feed", "url": url, "paths": paths, "requests_a_minute": 6000, "at_once": 20}
    return open_home("feed", settings_of("feed").model_validate(given), SystemClock(), read_s=60, deadline_s=60)


class PretalxFeedSite(Site):
    """The schedule that a conference of pretalx offers as a file. A record is a session, named by its guid."""

    many = 260
    tells_organizations = False
    tells_cancelled = False  # such a session is left out

    def __init__(self, running: Running) -> None:
        self.url, self._running = running.url, running
        self._schedule = f"/{running.details['event']}/schedule/export/schedule.json"
        self._sessions = f"{running.url}/api/events/{running.details['event']}/submissions/"
        self._admin = pretalx_events.open_session(running, running.accounts["admin"])
        self._codes: dict[str, str] = {}

    def open(self, url: str, who: Who = "bot") -> EventRecords:
        assert who == "bot", "visitors need no account"
        return _open(url, self._schedule)

    def make_record(self, event: SampleEvent) -> str:
        return self.make_many([event])[0]

    def make_many(self, events: Sequence[SampleEvent]) -> list[str]:
        made = [each.id for each in pretalx_events.make_events(self._running, events)]
        answer = requests.get(self.url + self._schedule, timeout=_TIMEOUT_S)
        days = answer.json()["schedule"]["conference"]["days"]
        guids = {talk["code"]: talk["guid"] for day in days for talks in day["rooms"].values() for talk in talks}
        self._codes.update({f"schedule:{guids[code]}": code for code in made})
        return [f"schedule:{guids[code]}" for code in made]

    def edit_beside(self, record_id: str, words: str) -> None:
        told = self._ask("GET", record_id).json()["abstract"]
        self._ask("PATCH", record_id, {"abstract": f"{told}\n\n{words}"})

    def attach(self, record_id: str, title: str, url: str, *, for_members: bool) -> bool:
        fields = {"link": url, "description": title, "is_public": not for_members}
        self._ask("POST", record_id, fields, below="resources/")
        return True

    def delete(self, record_id: str) -> None:
        self._ask("DELETE", record_id)

    def all_of(self, record_id: str) -> str:
        return self._ask("GET", record_id).text

    def edit_ours(self, record_id: str, url: str) -> None:
        raise NotImplementedError

    def visitor_sees(self, record_id: str) -> str:
        raise NotImplementedError

    def member_sees(self, record_id: str) -> str:
        raise NotImplementedError

    def _ask(
        self, method: str, record_id: str, fields: dict[str, Any] | None = None, below: str = ""
    ) -> requests.Response:
        answer = self._admin.request(method, f"{self._sessions}{self._codes[record_id]}/{below}", json=fields)
        assert answer.ok, answer.text[:500]
        return answer


class TestPretalxSchedule(ReadingContract):
    """The contract."""

    @pytest.fixture
    def site(self, pretalx: Running) -> Site:
        running = pretalx_events.in_new_conference(pretalx)
        pretalx_events.make_event(running, SampleEvent(title="Opening"))  # a schedule without sessions is refused
        return PretalxFeedSite(running)


@pytest.fixture
def running(request: pytest.FixtureRequest, name: str) -> Running:
    """Return the system that a test names."""
    found: Running = request.getfixturevalue(name)
    return found


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *(("indico", path) for path in _INDICO),
        *(("pretalx", path) for path in _PRETALX),
        *(("wordpress", path) for path in _WORDPRESS),
    ],
)
def test_event_is_read_from_every_format_that_the_system_offers(running: Running, path: str) -> None:
    given = SampleEvent(title="Measuring digital development")
    made = system.find_events(running.system).make_event(running, given)
    home = _open(running.url, path.format(id=made.id, **running.details))

    listed = home.list_changed("")
    read = _find(home, running.url + made.page)

    assert listed.all_ids is not None
    assert read.announced.event.name.startswith(given.title)
    assert (read.announced.event.start_utc, read.announced.event.end_utc) == (given.starts_utc, given.ends_utc)
    assert read.is_public
    assert read.announced.origin
    assert given.description in f"{read.announced.event.series} {read.announced.event.description}"
    if not path.endswith(".ics"):
        assert [who.name for who in read.announced.event.performers] == [who.name for who in SPEAKERS]
    if "json" in path:
        assert read.announced.event.timezone == NEW_YORK
    assert [finding.state for finding in home.check() if finding.what == "reading"] == ["ok"]


@pytest.mark.parametrize(("name", "path"), [("indico", _INDICO[0]), ("indico", _INDICO_JSON), ("pretalx", _PRETALX[0])])
def test_new_event_is_listed_and_an_unchanged_file_lists_nothing(running: Running, path: str) -> None:
    home = _open(running.url, path.format(id="", **running.details))
    first = home.list_changed("")

    unchanged = home.list_changed(first.cursor)
    system.find_events(running.system).make_event(running, SampleEvent(title="How waves travel", speakers=()))
    second = home.list_changed(first.cursor)

    assert unchanged.records == ()
    assert first.all_ids is not None
    assert second.all_ids is not None
    assert len(second.all_ids - first.all_ids) == 1


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("pretalx", "/{event}/talk/{id}/"),
        ("wordpress", "/?page_id={id}"),
        ("wordpress", "/feed/"),
        ("indico", "/login/"),
    ],
)
def test_page_for_people_is_not_read(running: Running, path: str) -> None:
    address = path.format(id=running.sample.id, **running.details)

    (first, *_) = _open(running.url, address).check()

    assert first.state == "missing"


def _find(home: EventRecords, page: str) -> Record:
    records = map(home.parse, home.list_changed("").records)
    return next(record for record in records if record.url == page)
