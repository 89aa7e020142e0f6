"""Homes that answer without measure, twelve at once: guests and Zoom are served, and the work goes on."""

import shutil
import zlib
from contextlib import ExitStack
from itertools import count

import pytest

from tests.acceptance.attacks.siege import besieged
from tests.acceptance.conftest import TellCounts
from tests.acceptance.installation import Installation
from tests.integration.homes.hostile import Behave, Connection, Server
from tests.root import ROOT

pytestmark = [pytest.mark.crash, pytest.mark.long]

HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
ENTRY = (
    b"BEGIN:VEVENT\r\nUID:%d@example.org\r\nSUMMARY:Tides\r\nDTSTART:20400131T083000Z\r\nDTEND:20400131T093000Z\r\n"
    b"%bEND:VEVENT\r\n"
)
END = b"END:VCALENDAR\r\n"
NEVER = b"RRULE:FREQ=YEARLY;BYMONTHDAY=30;BYMONTH=2;COUNT=5\r\n"  # 30 February
ROW = b"Tides %d,2040-01-31 08:30,2040-01-31 09:30,%b\n"


def _endless(connection: Connection) -> None:
    connection.begin()
    while True:
        connection.send(b'[1,"' + b" " * 50_000)


def _drip(connection: Connection) -> None:
    connection.begin(headers={"Content-Length": "100000000"})
    while not connection.stopped.wait(0.5):
        connection.send(b"[" * 500_000)


def _bomb(connection: Connection) -> None:
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    connection.begin(headers={"Content-Encoding": "gzip"})
    while True:
        connection.send(packing.compress(b" " * 1_000_000))


def _round(connection: Connection) -> None:
    connection.answer(b"", 302, {"Location": f"/{len(connection.asked.path)}{connection.asked.path}"})


def _cut_off(connection: Connection) -> None:
    connection.begin(headers={"Content-Length": "11000000"})
    connection.send(_calendar(60_000)[:10_000_000])


def _whole(body: bytes) -> Behave:
    return lambda connection: connection.answer(body)


def _calendar(number: int, more: bytes = b"") -> bytes:
    return HEAD + b"".join(ENTRY % (each, more) for each in range(number)) + END


def _pages(numbers: "count[int]", record: bytes) -> Behave:
    """List without an end: each page names the next one."""

    def behave(connection: Connection) -> None:
        number = next(numbers)
        records = b",".join(record % (number * 100 + each) for each in range(100))
        connection.answer(b'{"results": [%b], "next": "/events?page=%d"}' % (records, number))

    return behave


PEOPLE = b"; ".join(b"Ada B%c" % (65 + each % 26) for each in range(100))
FILES: dict[str, Behave] = {
    "a million objects": _whole(b"[" + b'{"a":{"b":{}}},' * 790_000 + b"0]"),
    "an endless answer": _endless,
    "a slow drip": _drip,
    "a gzip bomb": _bomb,
    "redirects round and round": _round,
    "a wrong length": _cut_off,
    "a calendar of 100,000 events": _whole(_calendar(95_000)),
    "a calendar of 9,900 events": _whole(_calendar(9_900)),
    "people by the million": _whole(b"Title,Start,End,Speakers\n" + b"".join(ROW % (n, PEOPLE) for n in range(9_900))),
    "huge fields": _whole(_calendar(1, b"DESCRIPTION:" + b"a\\n" * 3_900_000 + b"\r\n")),
    "dates that never come": _whole(_calendar(2_000, NEVER)),
}
LIST = """
kind = "json_api"
url = "{url}"
record = "/events/{{id}}"
unruled = "skip"
list = {{path = "/events", items = "results", next = "json", next_at = "next"}}
fields = {{id = "id", title = "title", start = "start"}}
"""


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_guests_are_served_while_homes_answer_without_measure(
    installation: Installation, tell_counts: TellCounts
) -> None:
    shutil.copytree(ROOT / "config" / "profiles", installation.folder / "config" / "profiles")
    record = b'{"id": %d, "title": "' + b"x" * 1_000 + b'", "start": "2040-01-31T08:30:00Z"}'
    with ExitStack() as stack:
        servers = [stack.enter_context(Server(behave)) for behave in FILES.values()]
        for number, server in enumerate(servers):
            lines = f'kind = "feed"\nurl = "{server.url}"\npaths = ["/talks"]\nunruled = "skip"\n'
            installation.write(f"config/homes/home{number}.toml", lines)
        servers.append(stack.enter_context(Server(_pages(count(), record))))
        installation.write("config/homes/pages.toml", LIST.format(url=servers[-1].url))
        siege = stack.enter_context(besieged(installation))

        outcome = siege.endure(seconds=100)

        tell_counts(f"homes without measure: {outcome}")
        outcome.check()
        read = {line["home"] for line in siege.daemon.lines("home_asked")}
        tell_counts(f"read whole: {sorted(read)}")
