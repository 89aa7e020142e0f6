"""An installation whose home is a real system, behind a proxy, with a practice Zoom and a daemon."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import requests

from tests.acceptance.daemon import Faults
from tests.acceptance.installation import Daemon, Ended, Installation, install
from tests.homes.places import PLACES, Place
from tests.homes.proxy import Proxy, run_proxy
from tests.homes.site import count as count_in
from tests.homes.systems.running import Running
from tests.homes.systems.sample import SampleEvent
from tests.root import ROOT
from tests.waiting import wait_until

HOME = "events"
BASE_URL = "https://webinars.example.org"
_WAITS = {"DEADLINE_S": "10", "READ_S": "8", "BASE_URL": BASE_URL}  # for a system that is busy
_PAGE = """kind = "{kind}"
url = "{url}"
{secret_key} = "secrets/{name}"
{keys}
protected = "take"
members_open = "key"
requests_a_minute = 6000
"""


class Life:
    """One home, and all that works for it. Every event has a day of its own: there is one host."""

    def __init__(self, place: Place, installation: Installation, proxy: Proxy, stack: ExitStack) -> None:
        self.place, self.site, self.installation, self.proxy = place, place.site, installation, proxy
        self.zoom, self.run = installation.zoom, installation.run
        self._stack, self._days = stack, count(1)
        self._working = stack.enter_context(ExitStack())
        self.daemon = self._working.enter_context(installation.daemon())

    @contextmanager
    def without_daemon(self) -> Iterator[None]:
        """Stop the daemon for the block."""
        self.daemon.stop()
        self._working.close()
        try:
            yield
        finally:
            self.daemon = self._working.enter_context(self.installation.daemon())

    @contextmanager
    def later(self, by: timedelta) -> Iterator[Daemon]:
        """Let a daemon work in place of this one whose clock is later."""
        met = self.installation.folder / "later"
        met.write_text("Time passed\n", "utf-8")
        with (
            self.without_daemon(),
            self.installation.daemon(faults=Faults(met=met, lies_s=by.total_seconds())) as daemon,
        ):
            yield daemon

    def sample(self, **fields: Any) -> SampleEvent:
        """Build an event on a day of its own."""
        event = SampleEvent(**fields)
        return event if "start" in fields else replace(event, start=event.start + timedelta(days=next(self._days)))

    def make(self, event: SampleEvent, *, closed: bool = False) -> tuple[str, str]:
        """Make an event in the system, and pull. Return the ids of the record and of the event."""
        record = self.site.make_closed(event) if closed else self.site.make_record(event)
        assert record
        return record, self.take(record)

    def take(self, record: str) -> str:
        """Pull, and return the id of the event that a record is here."""
        self.pull()
        found = [each["event"]["id"] for each in self._records() if each["record"] == record]
        assert len(found) == 1, self._records()
        return str(found[0])

    def hold(self, event_id: str, **how: Any) -> str:
        """Hold the webinar of an event, which is recorded; return the uuid."""
        (held,) = self.zoom.hold(self.number_of(event_id), **how)
        return str(held["uuid"])

    def pull(self, code: int = 0) -> Ended:
        """Read the home now."""
        return self.run("homes", "pull", HOME, code=code)

    def look(self, event_id: str, code: int = 0) -> Ended:
        """Look at the links of an event in the home, and write what is due."""
        return self.run("run", "publish_links", "--event", event_id, code=code)

    def number_of(self, event_id: str) -> int:
        """Return the number of an event's webinar, once it is made."""
        wait_until(lambda: self.shown(event_id)["webinar"], lambda: self.daemon.log)
        return int(self.shown(event_id)["webinar"]["id"])

    def webinar(self, number: int) -> Any:
        """Return a webinar as Zoom has it; None where there is none."""
        return next((webinar for webinar in self.zoom.webinars() if webinar["id"] == number), None)

    def shown(self, event_id: str) -> Any:
        """Return what `events show` tells."""
        return self.run("events", "show", event_id, "--json").json

    def stage(self, event_id: str, name: str) -> Any:
        """Return a stage of an event."""
        return next(stage for stage in self.shown(event_id)["stages"] if stage["stage"] == name)

    def alerts(self, kind: str) -> list[str]:
        """Return what the alerts of a kind are about."""
        return [alert["subject"] for alert in self.run("alerts", "list", "--json").json if alert["kind"] == kind]

    def links_on_page(self, event_id: str) -> int:
        """Count the links to our page of the recording that a visitor finds on the system's own page of an event."""
        (record,) = self.links_of(event_id)
        page = requests.get(record["url"], timeout=60)
        return count_in(page.text, f'href="{address_of(event_id)}')

    def await_link(self, event_id: str) -> None:
        """Wait until every link of an event is written."""

        def is_there() -> bool:
            links = [link for record in self.links_of(event_id) for link in record["links"]]
            return bool(links) and all(link["state"] == "written" for link in links)

        wait_until(is_there, lambda: f"{self.links_of(event_id)} {self.daemon.log}", every_s=0.3)

    def links_of(self, event_id: str) -> Any:
        """Return what `homes show` tells."""
        return self.run("homes", "show", event_id, "--json").json

    def _records(self) -> Any:
        events = self.run("events", "list", "--json").json
        return [
            {"event": event, "record": record["record"]} for event in events for record in self.links_of(event["id"])
        ]


def address_of(event_id: str) -> str:
    """Return our own address of an event's recording."""
    return f"{BASE_URL}/events/{event_id}/recording"


@contextmanager
def live(running: Running, folder: Path, database: Path, place: Place | None = None) -> Iterator[Life]:
    """Set a home up as docs/homes.md says, and let a daemon work for it. `place`: in place of that of the system."""
    with ExitStack() as stack:
        place = place or PLACES[running.system](running)
        proxy = stack.enter_context(run_proxy(running.url, keeps_host=place.site.keeps_host))
        url = f"sqlite:///{shutil.copy(database, folder / 'own.db')}"
        installation = stack.enter_context(install(folder / "place", url))
        installation.set(**_WAITS)
        shutil.copytree(ROOT / "config" / "profiles", installation.folder / "config" / "profiles")
        write_home(installation, HOME, running.system, place, proxy.url)
        yield Life(place, installation, proxy, stack)


def write_home(installation: Installation, name: str, kind: str, place: Place, url: str) -> None:
    """Write the file of a home, and that of its secret."""
    key, secret = place.secret
    installation.write(f"secrets/{name}", secret)
    (installation.folder / "secrets" / name).chmod(0o600)
    text = _PAGE.format(kind=kind, url=url, secret_key=key, name=name, keys=place.keys)
    installation.write(f"config/homes/{name}.toml", text)
