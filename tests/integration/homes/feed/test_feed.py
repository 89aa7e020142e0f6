"""Feeds over HTTP: validators, several files, tokens, and a server that means ill."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from tests.integration.homes.hostile import ENTRY, LIMITS, SECRET, Connection, HostileHome, Server
from zoom_ops.clock import SystemClock
from zoom_ops.errors import NotFoundError, PermanentError
from zoom_ops.homes import EventRecords, Limits, StrangeAnswerError, UnauthorizedError, settings_of
from zoom_ops.homes.feed import open_home

_NOT_MODIFIED = 304


def _open(url: str, limits: Limits = LIMITS, **settings: Any) -> EventRecords:
    given = {"kind": "feed", "url": url, "paths": ["/a.ics", "/b.ics"], **settings}
    return open_home("harbour", settings_of("feed").model_validate(given), SystemClock(), limits)


def _calendar(*names: str) -> str:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{name}\r\nSUMMARY:{name}\r\nDTSTART:20400131T133000Z\r\nDTEND:20400131T144500Z\r\n"
        "END:VEVENT\r\n"
        for name in names
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n"


@dataclass
class _Site:
    """Files by path, each with its ETag; those for members only with the token."""

    files: dict[str, str]
    validates: bool = True
    for_members: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def answer(self, connection: Connection) -> None:
        head, path = connection.asked.head, connection.asked.path
        is_member = f"X-Key: {SECRET}" in head
        content = self.for_members.get(path) if is_member and path in self.for_members else self.files.get(path)
        tag = f'"{hash(content)}"'
        status = 404 if content is None else _NOT_MODIFIED if self.validates and tag in head else 200
        self.asked.append((path, status))
        connection.answer(
            (content or "") if status == 200 else "", status, {"ETag": tag} if self.validates else {"ETag": ""}
        )


@contextmanager
def _serve(site: _Site, **settings: Any) -> Iterator[EventRecords]:
    with Server(site.answer) as server:
        yield _open(server.url, **settings)


def _ids(records: Any) -> list[str]:
    return [raw.id for raw in records]


@pytest.mark.parametrize("validates", [True, False])
def test_unchanged_files_list_nothing(validates: bool) -> None:
    site = _Site(files={"/a.ics": _calendar("tides"), "/b.ics": _calendar("waves")}, validates=validates)
    with _serve(site) as home:
        first = home.list_changed("")
        site.asked.clear()
        second = home.list_changed(first.cursor)

    assert _ids(first.records) == ["ical:tides", "ical:waves"]
    assert (second.records, second.all_ids, second.cursor) == ((), None, first.cursor)
    assert [status for _, status in site.asked] == [_NOT_MODIFIED if validates else 200] * 2


@pytest.mark.parametrize(
    "stamped", ["BEGIN:VCALENDAR\nDTSTAMP:{}\nEND:VCALENDAR\n", '{{"count":0,"ts":{},"results":[]}}']
)
def test_file_that_says_when_it_was_asked_for_is_unchanged(stamped: str) -> None:
    site = _Site(files={"/a.ics": stamped.format(1_796_000_000), "/b.ics": _calendar("waves")}, validates=False)
    with _serve(site) as home:
        first = home.list_changed("")
        site.files["/a.ics"] = stamped.format(1_796_000_001)
        second = home.list_changed(first.cursor)

    assert (second.records, second.all_ids, second.cursor) == ((), None, first.cursor)


def test_one_changed_file_has_all_read_so_that_what_vanished_is_known() -> None:
    site = _Site(files={"/a.ics": _calendar("tides", "coffee"), "/b.ics": _calendar("waves")})
    with _serve(site) as home:
        first = home.list_changed("")
        site.files["/a.ics"] = _calendar("tides")
        site.asked.clear()
        second = home.list_changed(first.cursor)

        assert second.all_ids == {"ical:tides", "ical:waves"}
        assert home.list_changed(second.cursor).records == ()
    assert site.asked[:3] == [("/a.ics", 200), ("/b.ics", _NOT_MODIFIED), ("/b.ics", 200)]


def test_event_in_two_files_is_one_record() -> None:
    with _serve(_Site(files={"/a.ics": _calendar("tides"), "/b.ics": _calendar("tides", "waves")})) as home:
        assert _ids(home.list_changed("").records) == ["ical:tides", "ical:waves"]
        assert home.parse(home.get("ical:waves")).labels == ("/b.ics",)
        with pytest.raises(NotFoundError):
            home.get("ical:nothing")


def test_file_that_is_gone_is_a_mistake_and_not_the_end_of_its_events() -> None:
    site = _Site(files={"/a.ics": _calendar("tides")})
    with _serve(site) as home, pytest.raises(StrangeAnswerError, match=r"nothing at b\.ics"):
        home.list_changed("")


def test_only_what_visitors_get_as_well_is_public() -> None:
    everybody = _calendar("tides", "waves")
    site = _Site(
        files={"/a.ics": everybody},
        for_members={"/a.ics": _calendar("tides", "board")},
    )
    token = {"token": SecretStr(SECRET), "token_header": "X-Key", "paths": ["/a.ics"]}
    with _serve(site, **token) as home:
        listed = home.list_changed("")
        public = {raw.id: home.parse(raw).is_public for raw in listed.records}
        site.files["/a.ics"] = everybody.replace("SUMMARY:tides", "SUMMARY:tides, in short")
        closed = home.get("ical:tides")

        assert public == {"ical:tides": True, "ical:board": False}
        assert not home.parse(closed).is_public
        assert closed.fingerprint not in [raw.fingerprint for raw in listed.records]


def test_nothing_is_written() -> None:
    site = _Site(files={"/a.ics": _calendar("tides"), "/b.ics": _calendar()})
    with _serve(site) as home:
        assert not home.capabilities.writes
        assert home.entries("ical:tides") == ()
        for write in (lambda: home.publish("ical:tides", ENTRY, None), lambda: home.withdraw("ical:tides", ENTRY.key)):
            with pytest.raises(PermanentError, match="only read"):
                write()


def test_check_tells_format_events_and_validators() -> None:
    site = _Site(files={"/a.ics": _calendar("tides"), "/b.ics": "<!doctype html><p>Sign in"})
    with _serve(site) as home:
        found = [(finding.what, finding.state) for finding in home.check()]
        sentences = " ".join(finding.sentence for finding in home.check())
        site.validates = False
        warned = [finding.sentence for finding in home.check() if finding.state == "warning"]

    assert found[:3] == [("reading", "ok"), ("options", "ok"), ("reading", "missing")]
    assert "a.ics is a calendar with 1 event." in sentences
    assert "a.ics is sent again only when it has changed." in sentences
    assert any("a.ics comes without ETag" in sentence for sentence in warned)


def test_refused_token_is_told_at_once() -> None:
    with Server(lambda connection: connection.answer("", 401)) as server:
        home = _open(server.url, token=SecretStr(SECRET))
        with pytest.raises(UnauthorizedError):
            home.list_changed("")
        found = list(home.check())

    assert [finding.what for finding in found] == ["credentials", "credentials"]
    assert f"Authorization: {SECRET}" in server.asked[0].head


@pytest.mark.parametrize(
    "wrong",
    [
        {"paths": []},
        {"paths": ["events.ics"]},
        {"paths": ["/a b.ics"]},
        {"paths": ["/a.ics", "/a.ics"]},
        {"paths": [f"/{number}" for number in range(51)]},
        {"token": SecretStr("two\nlines")},
        {"token": SecretStr(" ")},
        {"token_header": "X: y"},
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _open("https://events.example.org", **wrong)


class TestHostileFeed(HostileHome):
    """What every kind bears."""

    def open(self, url: str, limits: Limits) -> EventRecords:
        return _open(url, limits, token=SecretStr(SECRET), paths=["/1"])
