"""The daemon is killed at random moments: nothing is lost, and nothing is done twice.

Counted at the practice Zoom and on the pages, never in our own database.
"""

import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.acceptance.installation import Daemon, Installation, wait_until
from tests.acceptance.programme import HOSTS, SPEAKERS, address_of, import_programme, invited, published, seated

EVENTS = 20
KILLS = 7  # in each half: while webinars are made and people seated, and while recordings are fetched and published
SEED = os.environ.get("KILL_SEED", "20400131")
ADDRESSES = sorted(address_of(name) for name in SPEAKERS)


def test_killed_daemon_loses_nothing_and_does_nothing_twice(installation: Installation) -> None:
    """Zoom is slow besides, and one answer in five is lost after the call was carried out."""
    chance = random.Random(f"{SEED} {installation.kind}")
    installation.set_account(HOSTS=json.dumps(HOSTS))
    events = import_programme(installation, EVENTS)
    for calls in ("POST /users/*/webinars", "POST /webinars/*/panelists", "GET /meetings/*/recordings"):
        installation.zoom.fault(calls, "drop_response", rate=0.2, times=None, after_commit=True)
        installation.zoom.fault(calls, "delay", seconds=0.25, rate=0.8, times=None)

    kills = killed_until(installation, chance, lambda _: None, lambda _: all_seated(installation))
    webinars = installation.zoom.webinars()
    halves = {0: webinars[::2], 3: webinars[1::2]}
    kills += killed_until(
        installation,
        chance,
        lambda number: hold(installation, halves.get(number, [])),
        lambda daemon: all_published(daemon.url, events) and not open_runs(installation),
    )

    webinars = installation.zoom.webinars()
    looked_up = sum(call == "GET /users/*/webinars" for call in installation.zoom.calls())
    sys.stdout.write(
        f"seed {SEED}, {installation.kind}: {kills} kills, {len(webinars)} webinars, {looked_up} look-ups\n"
    )
    assert Counter(webinar["topic"] for webinar in webinars) == {f"Tides of Tomorrow, part {n}": 1 for n in numbers()}
    assert seated(webinars) == [tuple(ADDRESSES)] * EVENTS
    assert invited(webinars) == [Counter(ADDRESSES)] * EVENTS
    assert [publications(installation, event) for event in events] == [1] * EVENTS


def killed_until(
    installation: Installation,
    chance: random.Random,
    stir: Callable[[int], None],
    true: Callable[[Daemon], bool],
) -> int:
    """Start the daemon and kill it, over and over; then let one live until all is so. Tells the number of kills."""
    for number in range(KILLS):
        with installation.daemon(ready=False) as daemon:
            wait_until(lambda: daemon.lines("daemon_started"), lambda: daemon.log)
            stir(number)
            time.sleep(chance.uniform(0.05, 0.6))
            daemon.kill()
    with installation.daemon() as daemon:
        installation.zoom.mend()
        installation.zoom.control("POST", "/clock", {"advance_s": 3600})  # Zoom tries again what did not arrive
        wait_until(lambda: true(daemon), lambda: troubles(installation), patience_s=45)
        daemon.stop()
    return KILLS


def hold(installation: Installation, webinars: list[Any]) -> None:
    for webinar in webinars:
        installation.zoom.hold(webinar["id"], processing_s=0.1)


def all_seated(installation: Installation) -> bool:
    return seated(installation.zoom.webinars()) == [tuple(ADDRESSES)] * EVENTS


def all_published(url: str, events: list[str]) -> bool:
    return all(len(published(url, event)) == 1 for event in events)


def publications(installation: Installation, event: str) -> int:
    """Count in an event's timeline how often a recording was published."""
    return installation.run("events", "show", event).out.count("was published for")


def numbers() -> range:
    return range(1, EVENTS + 1)


def open_runs(installation: Installation) -> list[str]:
    runs = installation.run("runs", "--limit", "200", "--json").json
    return [f"{r['job']} {r['subject']} {r['state']}: {r['error']}" for r in runs if r["state"] != "done"]


def troubles(installation: Installation) -> str:
    """Say what is not done, what Zoom could not tell, and what stands there."""
    state = installation.zoom.state()
    untold = [one for one in state["notifications"] if all(attempt["status"] != 204 for attempt in one["attempts"])]
    there = [f"{one['id']} {one['topic']}: {len(one['panelists'])} panelists" for one in state["webinars"]]
    return "\n".join((*open_runs(installation), *map(str, untold), *there, *map(str, state["recordings"])))
