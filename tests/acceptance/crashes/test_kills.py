"""The daemon is killed at random moments: nothing is lost, and nothing happens twice.

The results are counted at the practice Zoom and at the website that is the events' home, never in our own database.
Both are slow, and lose answers after the call was carried out: Zoom one in five, the website two in five. The negative
control kills a daemon without effects in the same way, with no answer lost. It must see duplicates in both places:
otherwise the kills prove nothing.
"""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest

from tests.acceptance.conftest import TellCounts
from tests.acceptance.daemon import Faults
from tests.acceptance.event_site import EventSite, Method
from tests.acceptance.installation import Daemon, Installation
from tests.acceptance.programme import HOSTS, SPEAKERS, address_of, import_programme, invited, published, seated
from tests.acceptance.site_records import put_on_site
from tests.waiting import wait_until

pytestmark = [pytest.mark.both_databases, pytest.mark.crash]
# without --long on SQLite only: on PostgreSQL test_crash_matrix.py kills at each step
EACH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)]
SEED = os.environ.get("KILL_SEED", "20400131")
ADDRESSES = sorted(address_of(name) for name in SPEAKERS)
WRITES: tuple[Method, ...] = ("POST", "DELETE")


@dataclass(frozen=True, kw_only=True)
class Storm:
    """The number of events and of kills: half while people are seated, half while recordings are published."""

    events: int
    kills: int
    patience_s: float = 60
    lost: float = 0.2  # the share of answers that do not arrive
    late_s: float = 0.25  # of most writes at the website, which it carries out although the client is dead
    careless: bool = False


@dataclass(frozen=True, kw_only=True)
class Scene:
    """An installation with the website that is its home, under a storm."""

    storm: Storm
    installation: Installation
    site: EventSite

    @property
    def faults(self) -> Faults:
        """The faults of each daemon."""
        return Faults(met=self.installation.folder / "met", careless=self.storm.careless, site=self.site.url)

    def after_calls(self, chance: random.Random) -> Callable[[], None]:
        """Build a function that waits for some calls to Zoom."""
        most = self.storm.events * 4 // self.storm.kills
        return lambda: wait_for_more(lambda: len(self.installation.zoom.calls()), chance, most)

    def after_writes(self, chance: random.Random) -> Callable[[], None]:
        """Build a function that waits for some writes at the website."""
        most = self.storm.events * 2 // self.storm.kills
        return lambda: wait_for_more(lambda: len(self.site.writes), chance, most)


SHORT = Storm(events=20, kills=14)
LONG = Storm(events=200, kills=60, patience_s=400)


@pytest.mark.parametrize("database_kind", EACH)
def test_killed_daemon_loses_nothing_and_does_nothing_twice(
    installation: Installation, site: EventSite, tell_counts: TellCounts
) -> None:
    loses_nothing_and_does_nothing_twice(Scene(storm=SHORT, installation=installation, site=site), tell_counts)


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_daemon_killed_60_times_over_200_events_loses_nothing_and_does_nothing_twice(
    installation: Installation, site: EventSite, tell_counts: TellCounts
) -> None:
    loses_nothing_and_does_nothing_twice(Scene(storm=LONG, installation=installation, site=site), tell_counts)


@pytest.mark.long
def test_without_effects_the_same_kills_make_duplicates(
    installation: Installation, site: EventSite, tell_counts: TellCounts
) -> None:
    scene = Scene(storm=replace(SHORT, lost=0.0, late_s=3.0, careless=True), installation=installation, site=site)
    storm, chance = scene.storm, random.Random(f"{SEED} {installation.kind}")
    events = prepare(scene)

    killed(scene, scene.after_calls(chance), {})
    lived(scene, lambda _: len(topics(installation)) == storm.events and installation.is_done)
    killed(scene, scene.after_writes(chance), held_bit_by_bit(scene))
    lived(scene, lambda daemon: are_shown(daemon.url, events, ()) and installation.is_done)

    webinars = sum(count - 1 for count in topics(installation).values())
    invitations = sum(count - 1 for counts in invited(installation.zoom.webinars()) for count in counts.values())
    links = sum(count - 1 for count in site.written("POST").values())
    tell_counts(
        f"negative control, seed {SEED}: {storm.kills} kills, {storm.events} events without effects: "
        f"{webinars} duplicate webinars, {invitations} duplicate invitations, {links} duplicate links"
    )
    assert webinars > 0
    assert links > 0


def loses_nothing_and_does_nothing_twice(scene: Scene, tell_counts: TellCounts) -> None:
    installation, site, storm = scene.installation, scene.site, scene.storm
    chance, trashed = random.Random(f"{SEED} {installation.kind}"), dict[str, str]()
    events = prepare(scene)

    killed(scene, scene.after_calls(chance), {})
    lived(scene, lambda _: all_seated(scene))
    stirs = held_bit_by_bit(scene) | {storm.kills // 2 - 2: lambda: trashed.update(trash(scene))}
    killed(scene, scene.after_writes(chance), stirs)
    lived(scene, lambda daemon: are_shown(daemon.url, events, trashed) and installation.is_done)

    webinars, posted, deleted = installation.zoom.webinars(), site.written("POST"), site.written("DELETE")
    looked_up = sum(call == "GET /users/*/webinars" for call in installation.zoom.calls())
    tell_counts(
        f"random kills, seed {SEED}: {storm.kills} kills, {len(webinars)} webinars for {storm.events} events, "
        f"{sum(map(len, seated(webinars)))} seats, {posted.total()} publications, {deleted.total()} withdrawals where "
        f"{len(trashed)} were wanted, {looked_up} look-ups, {site.lost} answers of the home lost"
    )
    assert topics(installation) == {f"Tides of Tomorrow, part {n}": 1 for n in range(1, storm.events + 1)}
    assert seated(webinars) == [tuple(ADDRESSES)] * storm.events
    assert invited(webinars) == [Counter(ADDRESSES)] * storm.events
    assert Counter(event for event, _ in posted.elements()) == dict.fromkeys(events, 1)
    assert deleted == dict.fromkeys(trashed.items(), 1)
    assert {event: len(site.links(event)) for event in events} == {event: int(event not in trashed) for event in events}


def prepare(scene: Scene) -> list[str]:
    """Import the events."""
    scene.installation.set_account(HOSTS=json.dumps(HOSTS))
    events = import_programme(scene.installation, scene.storm.events)
    put_on_site(scene.installation.database_url, *events)
    return events


def killed(scene: Scene, linger: Callable[[], None], stirs: Mapping[int, Callable[[], None]]) -> None:
    """Start and kill the daemon for half of the kills. `linger` waits before a kill; `stirs` maps a life to an act."""
    disturb(scene)
    for number in range(scene.storm.kills // 2):
        with scene.installation.daemon(ready=False, faults=scene.faults) as daemon:
            wait_until(lambda: daemon.lines("daemon_started"), lambda: daemon.log)
            stirs.get(number, lambda: None)()
            linger()
            daemon.kill()


def wait_for_more(counted: Callable[[], int], chance: random.Random, most: int) -> None:
    """Wait for a random number of counts, at most two or `most`, or until nothing more seems to happen."""
    goal = counted() + chance.randint(1, max(2, most))
    until = time.monotonic() + 3
    while counted() < goal and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 0.1))


def disturb(scene: Scene) -> None:
    """Let Zoom and the website be slow and lose a share of their answers."""
    zoom, site, lost = scene.installation.zoom, scene.site, scene.storm.lost
    for calls in ("POST /users/*/webinars", "POST /webinars/*/panelists", "GET /meetings/*/recordings"):
        zoom.fault(calls, "drop_response", rate=lost, times=None, after_commit=True)
        zoom.fault(calls, "delay", seconds=0.25, rate=0.8, times=None)
    for method in WRITES:
        site.fault(method, "drop", rate=2 * lost)
        site.fault(method, "refuse", rate=lost)
        site.fault(method, "late", seconds=scene.storm.late_s, rate=0.8)


def mend(scene: Scene) -> None:
    """End the disturbances."""
    scene.installation.zoom.mend()
    scene.site.mend()
    scene.installation.zoom.control("POST", "/clock", {"advance_s": 3600})  # Zoom repeats lost notifications


def lived(scene: Scene, true: Callable[[Daemon], bool]) -> None:
    """Run one daemon until the condition holds."""
    with scene.installation.daemon(faults=scene.faults) as daemon:
        mend(scene)
        wait_until(lambda: true(daemon), lambda: troubles(scene), patience_s=scene.storm.patience_s)
        daemon.stop()


def held_bit_by_bit(scene: Scene) -> dict[int, Callable[[], None]]:
    """Let some of the webinars be held in each life but the last two."""
    webinars = scene.installation.zoom.webinars()
    lives = scene.storm.kills // 2 - 2
    return {number: partial(hold, scene.installation, webinars[number::lives]) for number in range(lives)}


def hold(installation: Installation, webinars: list[Any]) -> None:
    for webinar in webinars:
        installation.zoom.hold(webinar["id"], processing_s=0.1)


def trash(scene: Scene) -> dict[str, str]:
    """Trash a fifth of the recordings at Zoom that the website shows; return their keys by event."""
    chosen = dict(list(scene.site.written("POST"))[: scene.storm.events // 5])
    for uuid in chosen.values():
        path = f"/meetings/{quote(quote(uuid, safe=''), safe='')}/recordings?action=trash"
        scene.installation.zoom.call("DELETE", path)
    return chosen


def topics(installation: Installation) -> Counter[str]:
    return Counter(webinar["topic"] for webinar in installation.zoom.webinars())


def all_seated(scene: Scene) -> bool:
    return seated(scene.installation.zoom.webinars()) == [tuple(ADDRESSES)] * scene.storm.events


def are_shown(url: str, events: list[str], trashed: Container[str]) -> bool:
    return all(len(published(url, event)) == int(event not in trashed) for event in events)


def open_runs(installation: Installation) -> list[str]:
    runs = installation.run("runs", "--limit", "1000", "--json").json
    return [f"{r['job']} {r['subject']} {r['state']}: {r['error']}" for r in runs if r["state"] != "done"]


def troubles(scene: Scene) -> str:
    """Describe open runs, undelivered notifications, webinars and the links on the website."""
    state = scene.installation.zoom.state()
    untold = [
        notification
        for notification in state["notifications"]
        if all(attempt["status"] != 204 for attempt in notification["attempts"])
    ]
    there = [
        f"{webinar['id']} {webinar['topic']}: {len(webinar['panelists'])} panelists" for webinar in state["webinars"]
    ]
    lines = (open_runs(scene.installation), untold, there, state["recordings"], scene.site.writes)
    return "\n".join(str(entry) for each in lines for entry in each)
