"""A daemon is frozen in the middle of an effect, another takes over its work, and the first one goes on: one effect.

On PostgreSQL both get the lock, so only the fence keeps them apart. The results are counted at the practice Zoom and at
the website that is the event's home.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.conftest import TellCounts
from tests.acceptance.daemon import Faults, count_met
from tests.acceptance.event_site import EventSite, Write
from tests.acceptance.installation import Daemon, Installation
from tests.acceptance.programme import SPEAKERS, address_of, import_programme, invited, seated
from tests.acceptance.site_records import put_on_site
from tests.loopback import free_port
from tests.waiting import wait_until

pytestmark = pytest.mark.crash
EVENTS = 3
ADDRESSES = tuple(sorted(address_of(name) for name in SPEAKERS))
QUICK = {"SELF_FENCE_S": "0.4", "DEADLINE_S": "1", "LISTING_LAG_S": "0.2", "POLL_S": "0.05", "IDLE_S": "2"}
THAWED_S = 1.0  # for anything that the thawed daemon may still do after it noticed that its run is another's
FROZEN_AT = (  # a few steps; the rest, which takes minutes, with --long
    ("before send", "CreateWebinar"),
    ("before done", "AddPanelists"),
    *(
        pytest.param(step, kind, marks=pytest.mark.long)
        for step in ("after intent", "before send", "after send", "before done")
        for kind in ("CreateWebinar", "AddPanelists")
        if (step, kind) not in (("before send", "CreateWebinar"), ("before done", "AddPanelists"))
    ),
)


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize(("step", "kind"), FROZEN_AT)
def test_daemon_frozen_in_an_effect_and_thawed_does_nothing_twice(
    installation: Installation, step: str, kind: str, tell_counts: TellCounts
) -> None:
    installation.set(**QUICK)
    frozen = Faults(
        met=Path(installation.folder / "met"), steps=(step,), kinds=(kind,), signal=signal.SIGSTOP, lock_free=True
    )
    import_programme(installation, EVENTS)

    with installation.daemon(ready=False, faults=frozen) as first:
        wait_until(lambda: count_met(frozen.met), lambda: first.log)
        taken_over_and_thawed(installation, first, lambda: all_seated(installation))

    webinars = installation.zoom.webinars()
    tell_counts(f"frozen {step} of {kind}, taken over, thawed: {len(webinars)} webinars for {EVENTS} events")
    assert len(webinars) == EVENTS
    assert invited(webinars) == [Counter(ADDRESSES)] * EVENTS


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize(
    "call", ["POST /users/*/webinars", pytest.param("POST /webinars/*/panelists", marks=pytest.mark.long)]
)
def test_daemon_frozen_while_zoom_answers_does_nothing_twice(installation: Installation, call: str) -> None:
    installation.set(**QUICK)
    installation.zoom.fault(call, "delay", seconds=0.8)
    import_programme(installation, EVENTS)

    with installation.daemon(ready=False, faults=Faults(met=installation.folder / "met", lock_free=True)) as first:
        wait_until(lambda: call in installation.zoom.calls(), lambda: first.log)
        assert first.process.pid
        os.kill(first.process.pid, signal.SIGSTOP)
        taken_over_and_thawed(installation, first, lambda: all_seated(installation))

    webinars = installation.zoom.webinars()
    assert len(webinars) == EVENTS
    assert invited(webinars) == [Counter(ADDRESSES)] * EVENTS


@pytest.mark.long
@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize("step", ["after intent", "before send", "after send", "before done"])
def test_daemon_frozen_while_it_publishes_and_thawed_publishes_once(
    installation: Installation, site: EventSite, step: str, tell_counts: TellCounts
) -> None:
    # the same address for both, so that they write the same link
    installation.set(**QUICK, BASE_URL="https://events.example.org")
    steps = {"steps": (step,), "kinds": ("PublishLink",), "signal": signal.SIGSTOP}
    frozen = Faults(met=installation.folder / "met", lock_free=True, site=site.url, **steps)
    (event,) = import_programme(installation, 1)
    put_on_site(installation.database_url, event)

    with installation.daemon(ready=False, faults=frozen) as first:
        wait_until(lambda: seated(installation.zoom.webinars()) == [ADDRESSES], lambda: first.log)
        (held,) = installation.zoom.hold()
        wait_until(lambda: count_met(frozen.met), lambda: first.log)
        taken_over_and_thawed(installation, first, lambda: len(site.links(event)) == 1, site=site.url)

    tell_counts(f"frozen {step} of PublishLink, taken over, thawed: {len(site.writes)} links for 1 recording")
    assert site.writes == [Write(method="POST", event=event, key=held["uuid"])]


def taken_over_and_thawed(installation: Installation, first: Daemon, done: Callable[[], bool], site: str = "") -> None:
    """Let another daemon do all the work, then thaw the first one and check what it does."""
    port = free_port()
    installation.set(LISTEN=f"127.0.0.1:{port}")
    another = Faults(met=installation.folder / "none", lock_free=True, site=site)
    with installation.daemon(ready=False, faults=another) as second:
        wait_until(
            lambda: done() and installation.is_done,
            lambda: f"{second.log}\n{installation.zoom.calls()}",
        )
        assert first.process.pid
        os.kill(first.process.pid, signal.SIGCONT)
        wait_until(lambda: "run_fenced" in first.log, lambda: first.log)
        time.sleep(THAWED_S)


def all_seated(installation: Installation) -> bool:
    return seated(installation.zoom.webinars()) == [ADDRESSES] * EVENTS
