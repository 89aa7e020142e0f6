"""A CalDAV server that means ill."""

import itertools
from dataclasses import replace

import pytest
from pydantic import SecretStr

from tests.integration.homes.hostile import LIMITS, SECRET, Connection, HostileHome, Server
from zoom_ops.clock import SystemClock
from zoom_ops.homes import EventRecords, Limits, StrangeAnswerError, settings_of
from zoom_ops.homes.caldav import open_home, records
from zoom_ops.readers import bounds

_XML = {"Content-Type": "application/xml"}


def _open(url: str, limits: Limits = LIMITS) -> EventRecords:
    given = {"kind": "caldav", "url": url, "calendar": "/un/events/", "user": "bot", "readers": "everybody"}
    return open_home(
        "calendar",
        settings_of("caldav").model_validate({**given, "password": SecretStr(SECRET)}),
        SystemClock(),
        limits,
    )


def _multistatus(inner: str) -> str:
    return f'<multistatus xmlns="DAV:">{inner}</multistatus>'


class TestCalDav(HostileHome):
    """What every kind bears."""

    record_id = "1.ics"

    def open(self, url: str, limits: Limits) -> EventRecords:
        return _open(url, limits)


@pytest.mark.parametrize(
    "href",
    [
        "/un/members/secret.ics",
        "/un/events/../members/secret.ics",
        "/un/events/%2e%2e/members/secret.ics",
        "/un/events/below/secret.ics",
        "/un/events/..",
        "/un/events/%2E%2E",
        "/un/events/",
    ],
)
def test_entry_elsewhere_is_not_asked_for(href: str) -> None:
    changed = f"<response><href>{href}</href><propstat><prop><getetag>1</getetag></prop></propstat></response>"

    def name_it(connection: Connection) -> None:
        connection.answer(_multistatus(f"{changed}<sync-token>t1</sync-token>"), 207, _XML)

    with Server(name_it) as server:
        listed = _open(server.url).list_changed("")

    assert listed.records == ()
    assert [asked.method for asked in server.asked] == ["REPORT"]


def test_entry_at_another_host_is_asked_for_at_ours() -> None:
    with Server(lambda connection: connection.answer("")) as elsewhere:
        changed = f"<response><href>{elsewhere.url}/un/events/1.ics</href></response>"

        def name_it(connection: Connection) -> None:
            connection.answer(_multistatus(f"{changed}<sync-token>t1</sync-token>"), 207, _XML)

        with Server(name_it) as server:
            _open(server.url).list_changed("")

    assert elsewhere.asked == []
    assert b"<href>/un/events/1.ics</href>" in server.asked[-1].body


def test_changes_without_end_are_refused() -> None:
    cut = "<response><href>/un/events/</href><status>HTTP/1.1 507 Insufficient Storage</status></response>"

    def turn(connection: Connection) -> None:
        connection.answer(_multistatus(f"{cut}<sync-token>t1</sync-token>"), 207, _XML)

    with Server(turn) as server, pytest.raises(StrangeAnswerError):
        _open(server.url).list_changed("")

    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "inner",
    [
        "<a " + " ".join(f'a{number}="1"' for number in range(100_001)) + "/>",
        "<a " + " ".join(f"a{number}='1'" for number in range(100_001)) + "/>",
        "\n" * 500_001,
    ],
    ids=["attributes", "attributes in single quotes", "lines"],
)
def test_answer_with_more_than_is_read_is_refused(inner: str) -> None:
    content = _multistatus(f"{inner}<sync-token>t1</sync-token>")
    answer = Server(lambda connection: connection.answer(content, 207, _XML))
    with answer as server, pytest.raises(StrangeAnswerError, match="more than is read"):
        _open(server.url, Limits()).list_changed("")


def test_many_entries_may_take_longer_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = itertools.count()
    monkeypatch.setattr(bounds, "processor_s", lambda: next(calls))  # as on a machine that takes a second for each
    monkeypatch.setattr(records, "_ENTRY_S", 10.0)
    event = "BEGIN:VEVENT\nUID:a\nSUMMARY:Tides\nDTSTART:20270101T100000Z\nDTEND:20270101T110000Z\nEND:VEVENT"
    read = (
        f'<calendar-data xmlns="urn:ietf:params:xml:ns:caldav">BEGIN:VCALENDAR\n{event}\nEND:VCALENDAR</calendar-data>'
    )
    entry = f"<href>/un/events/%d.ics</href><propstat><prop>{read}</prop></propstat>"
    entries = "".join(f"<response>{entry % number}</response>" for number in range(30))
    content = _multistatus(f"{entries}<sync-token>1</sync-token>")

    with Server(lambda connection: connection.answer(content, 207, _XML)) as server:
        listed = _open(server.url).list_changed("")

    assert len(listed.records) == 30


def test_answers_in_one_another_are_not_read() -> None:
    inner = "<response><href>/un/events/1.ics</href>" * 10_000 + "</response>" * 10_000

    def nest(connection: Connection) -> None:
        connection.answer(_multistatus(f"<response>{inner}</response><sync-token>t1</sync-token>"), 207, _XML)

    with Server(nest) as server:
        assert _open(server.url, replace(LIMITS, largest_answer=1_000_000)).list_changed("").records == ()
