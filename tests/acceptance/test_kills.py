"""The daemon is killed at random moments: nothing is lost, and nothing is done twice.

Counted at the practice Zoom and on the pages, never in our own database. Zoom is slow besides, and one answer in five
is lost after the call was carried out. The negative control kills a daemon without effects in the same way, with no
answer lost, and must see duplicates: else these kills are blind.
"""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import TellCounts
from tests.acceptance.daemon import Faults
from tests.acceptance.installation import Daemon, Installation, wait_until
from tests.acceptance.programme import HOSTS, SPEAKERS, address_of, import_programme, invited, published, seated

pytestmark = pytest.mark.crash
SEED = os.environ.get("KILL_SEED", "20400131")
ADDRESSES = sorted(address_of(name) for name in SPEAKERS)


@dataclass(frozen=True, kw_only=True)
class Storm:
    """So many events, and so many kills: half of them while people are seated, half while recordings are published."""

    events: int
    kills: int
    patience_s: float = 60
    careless: bool = False

    def faults(self, installation: Installation) -> Faults | None:
        """Tell what befalls each daemon beside the kills."""
        return Faults(met=Path(installation.folder / "met"), careless=True) if self.careless else None


SHORT = Storm(events=20, kills=14)
LONG = Storm(events=200, kills=60, patience_s=400)


def test_killed_daemon_loses_nothing_and_does_nothing_twice(
    installation: Installation, tell_counts: TellCounts
) -> None:
    loses_nothing_and_does_nothing_twice(installation, SHORT, tell_counts)


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_daemon_killed_60_times_over_200_events_loses_nothing_and_does_nothing_twice(
    installation: Installation, tell_counts: TellCounts
) -> None:
    loses_nothing_and_does_nothing_twice(installation, LONG, tell_counts)


def test_without_effects_the_same_kills_make_duplicates(installation: Installation, tell_counts: TellCounts) -> None:
    storm = replace(SHORT, careless=True)

    prepare(installation, storm, lost=0)
    killed(installation, storm, random.Random(f"{SEED} {installation.kind}"), storm.kills // 2, lambda _: None)
    with installation.daemon(faults=storm.faults(installation)) as daemon:
        installation.zoom.mend()
        wait_until(
            lambda: len(topics(installation)) == storm.events and not open_runs(installation),
            lambda: troubles(installation),
        )
        daemon.stop()

    webinars = installation.zoom.webinars()
    twice = sum(count - 1 for count in topics(installation).values())
    invitations = sum(count - 1 for one in invited(webinars) for count in one.values())
    tell_counts(
        f"negative control, seed {SEED}: {storm.kills // 2} kills, {storm.events} events without effects: "
        f"{twice} duplicate webinars, {invitations} duplicate invitations"
    )
    assert twice > 0


def loses_nothing_and_does_nothing_twice(installation: Installation, storm: Storm, tell_counts: TellCounts) -> None:
    chance = random.Random(f"{SEED} {installation.kind}")
    events = prepare(installation, storm)

    killed(installation, storm, chance, storm.kills // 2, lambda _: None)
    lived(installation, storm, lambda _: all_seated(installation, storm))
    webinars = installation.zoom.webinars()
    halves = {0: webinars[::2], storm.kills // 4: webinars[1::2]}
    killed(installation, storm, chance, storm.kills // 2, lambda number: hold(installation, halves.get(number, [])))
    lived(installation, storm, lambda daemon: all_published(daemon.url, events) and not open_runs(installation))

    webinars = installation.zoom.webinars()
    looked_up = sum(call == "GET /users/*/webinars" for call in installation.zoom.calls())
    publications = Counter(count_publications(installation, event) for event in events)
    tell_counts(
        f"random kills, seed {SEED}: {storm.kills} kills, {len(webinars)} webinars for {storm.events} events, "
        f"{sum(map(len, seated(webinars)))} seats, {publications[1]} publications, {looked_up} look-ups"
    )
    assert topics(installation) == {f"Tides of Tomorrow, part {n}": 1 for n in range(1, storm.events + 1)}
    assert seated(webinars) == [tuple(ADDRESSES)] * storm.events
    assert invited(webinars) == [Counter(ADDRESSES)] * storm.events
    assert publications == {1: storm.events}


def prepare(installation: Installation, storm: Storm, *, lost: float = 0.2) -> list[str]:
    """Import the events, and let Zoom be slow, and lose this share of its answers."""
    installation.set_account(HOSTS=json.dumps(HOSTS))
    events = import_programme(installation, storm.events)
    for calls in ("POST /users/*/webinars", "POST /webinars/*/panelists", "GET /meetings/*/recordings"):
        installation.zoom.fault(calls, "drop_response", rate=lost, times=None, after_commit=True)
        installation.zoom.fault(calls, "delay", seconds=0.25, rate=0.8, times=None)
    return events


def killed(
    installation: Installation, storm: Storm, chance: random.Random, kills: int, stir: Callable[[int], None]
) -> None:
    """Start the daemon and kill it after some calls, over and over; `stir` is told the number of its life."""
    for number in range(kills):
        with installation.daemon(ready=False, faults=storm.faults(installation)) as daemon:
            wait_until(lambda: daemon.lines("daemon_started"), lambda: daemon.log)
            stir(number)
            wait_for_calls(installation, chance.randint(1, max(2, storm.events * 4 // storm.kills)))
            time.sleep(chance.uniform(0, 0.1))
            daemon.kill()


def wait_for_calls(installation: Installation, further: int) -> None:
    """Wait until Zoom was asked so many times more, or nothing seems to be left to ask."""
    wanted = len(installation.zoom.calls()) + further
    until = time.monotonic() + 3
    while len(installation.zoom.calls()) < wanted and time.monotonic() < until:
        time.sleep(0.01)


def lived(installation: Installation, storm: Storm, true: Callable[[Daemon], bool]) -> None:
    """Let one daemon live until all is so."""
    with installation.daemon() as daemon:
        installation.zoom.mend()
        installation.zoom.control("POST", "/clock", {"advance_s": 3600})  # Zoom tries again what did not arrive
        wait_until(lambda: true(daemon), lambda: troubles(installation), patience_s=storm.patience_s)
        daemon.stop()


def hold(installation: Installation, webinars: list[Any]) -> None:
    for webinar in webinars:
        installation.zoom.hold(webinar["id"], processing_s=0.1)


def topics(installation: Installation) -> Counter[str]:
    return Counter(webinar["topic"] for webinar in installation.zoom.webinars())


def all_seated(installation: Installation, storm: Storm) -> bool:
    return seated(installation.zoom.webinars()) == [tuple(ADDRESSES)] * storm.events


def all_published(url: str, events: list[str]) -> bool:
    return all(len(published(url, event)) == 1 for event in events)


def count_publications(installation: Installation, event: str) -> int:
    """Count in an event's timeline how often a recording was published."""
    return installation.run("events", "show", event).out.count("was published for")


def open_runs(installation: Installation) -> list[str]:
    runs = installation.run("runs", "--limit", "1000", "--json").json
    return [f"{r['job']} {r['subject']} {r['state']}: {r['error']}" for r in runs if r["state"] != "done"]


def troubles(installation: Installation) -> str:
    """Say what is not done, what Zoom could not tell, and what stands there."""
    state = installation.zoom.state()
    untold = [one for one in state["notifications"] if all(attempt["status"] != 204 for attempt in one["attempts"])]
    there = [f"{one['id']} {one['topic']}: {len(one['panelists'])} panelists" for one in state["webinars"]]
    return "\n".join((*open_runs(installation), *map(str, untold), *there, *map(str, state["recordings"])))
