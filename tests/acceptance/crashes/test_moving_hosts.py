"""The daemon is killed before and after every step of a move to another host: one webinar is left, on that host."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.acceptance.crashes.test_crash_matrix import CHAINS, EVENT, FIRST, addresses, killed, wait, write
from tests.acceptance.daemon import count_met
from tests.acceptance.event_site import EventSite
from tests.acceptance.installation import Installation
from tests.acceptance.programme import address_of, invited, seated
from tests.builders import HOST, OTHER_HOST

pytestmark = pytest.mark.crash
SHORT = ("not found", "sending")
EACH = [pytest.param(chain, marks=() if chain in SHORT else pytest.mark.long) for chain in CHAINS]
CREATE, DELETE = "POST /users/*/webinars", "DELETE /webinars/*"


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("chain", EACH)
def test_move_killed_at_every_step_leaves_one_webinar(installation: Installation, site: EventSite, chain: str) -> None:
    zoom = installation.zoom
    installation.set_account(HOSTS=json.dumps([HOST, OTHER_HOST]))
    write(installation, FIRST)
    installation.run("run", "create_webinars", "--event", EVENT)
    old = zoom.webinar()
    target = OTHER_HOST if old["host"] == HOST else HOST
    before = Counter(zoom.carried_out())
    if chain == "refused":
        for call in (CREATE, DELETE):
            zoom.fault(call, "429", kind="qps", times=2)
    steps = tuple(CHAINS[chain].split(", "))

    with killed(installation, site, steps) as faults:
        installation.run("events", "move", EVENT, "--host", target, "--yes")
        wait(installation, lambda: [webinar["host"] for webinar in zoom.webinars()] == [target])
        wait(installation, lambda: seated(zoom.webinars()) == [addresses(FIRST)] and installation.is_done)

    met = count_met(Path(faults.met))
    assert {kind: met[kind] for kind in ("CreateWebinar", "DeleteOldWebinar")} == {
        "CreateWebinar": len(steps),
        "DeleteOldWebinar": len(steps),
    }
    done = Counter(zoom.carried_out()) - before
    assert (done[CREATE], done[DELETE], zoom.webinar()["id"] != old["id"]) == (1, 1, True)
    assert invited(zoom.webinars()) == [Counter({address_of(name): 1 for name in FIRST})]
