"""A pull of a home is killed in its middle: what it took in stays, and the next pull takes in the rest, once."""

import os
import shutil
import signal
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.acceptance.installation import Installation
from tests.loopback import Asked, Loopback
from tests.root import ROOT
from tests.waiting import wait_until

RECORDS = 300
ENTRY = (
    "BEGIN:VEVENT\r\nUID:talk-{0}@example.org\r\nDTSTAMP:20400101T000000Z\r\nSUMMARY:Talk {0}\r\n"
    "DTSTART:20400201T{1:02}0000Z\r\nDTEND:20400201T{1:02}3000Z\r\nEND:VEVENT\r\n"
)


class Feed(Loopback):
    """A site with a calendar of many talks."""

    def hear(self, asked: Asked) -> tuple[int, bytes]:
        """Serve it."""
        talks = "".join(ENTRY.format(number, number % 24) for number in range(RECORDS))
        return (
            200,
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example.org//talks\r\n{talks}END:VCALENDAR\r\n".encode(),
        )


@pytest.mark.crash
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_killed_pull_is_finished_by_the_next_and_takes_nothing_twice(installation: Installation) -> None:
    shutil.copytree(ROOT / "config" / "profiles", installation.folder / "config" / "profiles")
    with Feed() as feed:
        installation.write("config/homes/city.toml", f'kind = "feed"\nurl = "{feed.url}"\npaths = ["/talks.ics"]\n')
        installation.run("jobs", "pause", "create_webinars", "--note", "none is needed")
        process, out = installation.begin("homes", "pull", "city")
        wait_until(lambda: count_records(installation) > 0, lambda: out.read_text("utf-8"), every_s=0.002)
        os.kill(process.pid or 0, signal.SIGKILL)
        process.wait(timeout=60)
        before = count_records(installation)

        installation.run("homes", "pull", "city")
        taken = installation.run("homes", "--json").json[0]["records"]["taken"]
        names = [event["name"] for event in installation.run("events", "list", "--limit", "1000", "--json").json]

    assert 0 < before < RECORDS
    assert (taken, len(names), len(set(names))) == (RECORDS, RECORDS, RECORDS)


def count_records(installation: Installation) -> int:
    """Count the records that were taken in."""
    path = Path(installation.database_url.removeprefix("sqlite:///"))
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        (count,) = database.execute("SELECT count(*) FROM home_record").fetchone()
        return int(count)
    return 0
