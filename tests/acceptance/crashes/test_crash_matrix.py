"""The daemon is killed before and after every step of every kind of effect, in the life of one event.

After any number of kills there is one webinar, one invitation for each address, one publication, one removal and one
deletion. They are counted in the logs of the practice Zoom and of the website that is the event's home, never in our
own database. The matrix prints its counts.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.acceptance.conftest import TellCounts
from tests.acceptance.daemon import Faults, count_met, kept_alive
from tests.acceptance.event_site import EventSite, Write
from tests.acceptance.installation import Installation
from tests.acceptance.nodes import make_cluster
from tests.acceptance.programme import address_of, an_entry, invited, published, seated
from tests.acceptance.site_records import put_on_site
from tests.integration.service import make_movable
from tests.waiting import wait_until
from zoom_ops.engine.effects import STEPS

pytestmark = [pytest.mark.both_databases, pytest.mark.crash]
EVENT = "tides-01"
KINDS = (
    "CreateWebinar",
    "UpdateWebinar",
    "CancelWebinar",
    "AddPanelists",
    "RemovePanelist",
    "PublishRecording",
    "WithdrawRecording",
    "PublishLink",
    "WithdrawLink",
)
LOCAL = ("PublishRecording", "WithdrawRecording")  # made in the transaction that ends them: never found, never refused
MET_LOCALLY = {"found": 3, "refused": 0}

FIRST = ("Amara Diallo", "Jonas Lindqvist")
THEN = ("Amara Diallo", "Mei-Ling Chen")
REFUSED = (
    "POST /users/*/webinars",
    "PATCH /webinars/*",
    "DELETE /webinars/*",
    "POST /webinars/*/panelists",
    "DELETE /webinars/*/panelists/*",
)
CHAINS = {  # one kill at each step, in this order; what the next start finds leads to the next step
    "sending": "before intent, after intent, before send, after send",
    "found": "after send, before look, after look, before adoption, after adoption",
    "not found": "after intent, before look, after look, before absence, after absence, before done",
    "refused": "before refusal, after refusal, after done",
}
LONG = (pytest.mark.long, pytest.mark.timeout(600))  # a cluster needs 3 s each time to see that a process is dead
BUSY = pytest.mark.timeout(300)  # 25 s where the machine does nothing else
ENGINES = (("sqlite", "embedded"), ("postgresql", "embedded"), ("postgresql", "cluster"))
# without --long the chains in which duplicates are most likely; test_moving_hosts.py runs two for a move
SHORT = {("sqlite", "not found"), ("postgresql", "found")}
EACH = [
    pytest.param(kind, engine, chain, marks=BUSY if engine == "embedded" and (kind, chain) in SHORT else LONG)
    for kind, engine in ENGINES
    for chain in CHAINS
]
WAITS = {"SELF_FENCE_S": "2", "DEADLINE_S": "5", "LISTING_LAG_S": "0.2", "POLL_S": "0.05"}
LIES_S = 8  # more than the wait for a look-up, so that a slow machine finds the same


def test_chains_hold_every_step_there_is() -> None:
    killed_at = {step for chain in CHAINS.values() for step in chain.split(", ")}

    assert killed_at == {f"{when} {step}" for when in ("before", "after") for step in STEPS}


@pytest.mark.parametrize(("database_kind", "engine", "chain"), EACH)
def test_effect_killed_at_every_step_happens_once(
    installation: Installation, site: EventSite, engine: str, chain: str, tell_counts: TellCounts
) -> None:
    if engine == "cluster":
        make_cluster(installation)
    if chain == "refused":
        refuse(installation, site)
    steps = tuple(CHAINS[chain].split(", "))

    with killed(installation, site, steps) as faults:
        live(installation, site)

    met, writes = count_met(faults.met), Counter(installation.zoom.carried_out())
    effects = f"{sum(writes.values()) - 1} effects at Zoom where 6 were wanted, {len(site.writes)} at the home where 2"
    tell_counts(f"killed at each step, {engine}, {chain}: {sum(met.values())} kills, {effects}")
    locally = {kind: MET_LOCALLY.get(chain, len(steps)) for kind in LOCAL}
    assert {kind: met.get(kind, 0) for kind in {*KINDS, *met}} == {kind: len(steps) for kind in KINDS} | locally
    assert writes == {
        "POST /users/*/webinars": 1,
        "PATCH /webinars/*": 1,
        "POST /webinars/*/panelists": 2,
        "DELETE /webinars/*/panelists/*": 1,
        "DELETE /webinars/*": 1,
        "DELETE /meetings/*/recordings": 1,  # the only deletion by a person
    }
    (posted, deleted) = site.writes
    assert (posted.method, deleted) == ("POST", Write(method="DELETE", event=EVENT, key=posted.key))


def refuse(installation: Installation, site: EventSite) -> None:
    """Let each write be refused twice, with nothing done."""
    for call in REFUSED:
        installation.zoom.fault(call, "429", kind="qps", times=2)
    site.fault("POST", "refuse", times=2)
    site.fault("DELETE", "refuse", times=2)


@contextmanager
def killed(installation: Installation, site: EventSite, steps: tuple[str, ...]) -> Iterator[Faults]:
    """Run a daemon that is killed at these steps and restarted."""
    installation.set(**WAITS)
    if installation.kind == "postgresql":
        make_movable(installation.database_url)
    faults = Faults(met=Path(installation.folder / "met"), steps=steps, lies_s=LIES_S, site=site.url)
    with kept_alive(lambda: installation.begin_daemon(faults)):
        yield faults


def live(installation: Installation, site: EventSite) -> None:
    """Lead one event through every kind of effect; after each stage check that it happened once."""
    zoom = installation.zoom
    write(installation, FIRST)
    put_on_site(installation.database_url, EVENT)
    wait(installation, lambda: seated(zoom.webinars()) == [addresses(FIRST)])

    write(installation, THEN, name="Tides of Tomorrow and After")
    wait(installation, lambda: seated(zoom.webinars()) == [addresses(THEN)])
    wait(installation, lambda: zoom.webinar()["topic"] == "Tides of Tomorrow and After")
    assert invited(zoom.webinars()) == [Counter({address_of(name): 1 for name in {*FIRST, *THEN}})]

    (held,) = zoom.hold(processing_s=0)
    wait(installation, lambda: shown(installation) == 1 and installation.is_done)
    assert [link["key"] for link in site.links(EVENT)] == [held["uuid"]]
    zoom.call("DELETE", f"/meetings/{quote(quote(held['uuid'], safe=''), safe='')}/recordings?action=trash")
    wait(installation, lambda: shown(installation) == 0 and installation.is_done)
    assert site.links(EVENT) == []
    timeline = installation.run("events", "show", EVENT).out
    told = ("was published for", "was withdrawn", "was published on home site", "was taken back from home site")
    assert [timeline.count(words) for words in told] == [1, 1, 1, 1]

    write(installation, THEN, name="Tides of Tomorrow and After", status="cancelled")
    wait(installation, lambda: not zoom.webinars() and installation.is_done)


def write(installation: Installation, names: tuple[str, ...], **changes: Any) -> None:
    people = [{"kind": "speaker", "name": name, "email": address_of(name)} for name in names]
    file = installation.write("programme.json", json.dumps([an_entry(1, performers=people, **changes)]))
    installation.run("events", "import", file)


def wait(installation: Installation, true: Callable[[], bool]) -> None:
    """Wait until a condition holds. While the daemon runs, Zoom repeats notifications that were not answered."""

    def told_again() -> bool:
        with suppress(OSError):
            requests.get(installation.url + "/health", timeout=5)
            installation.zoom.control("POST", "/clock", {"advance_s": 60})
        return true()

    wait_until(told_again, lambda: troubles(installation), patience_s=60, every_s=0.1)


def addresses(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(map(address_of, names)))


def shown(installation: Installation) -> int:
    try:
        return len(published(installation.url, EVENT))
    except OSError:  # the daemon is not running now
        return -1


def troubles(installation: Installation) -> str:
    met = count_met(installation.folder / "met")
    runs = installation.run("runs", "--json").json
    return "\n".join(map(str, (met, *runs, *installation.zoom.calls()[-30:])))
