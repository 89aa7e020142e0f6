"""Connections without end, of one client and of many: guests are served, and the work goes on."""

import json

import pytest

from tests.acceptance.attacks.attacker import Attack
from tests.acceptance.attacks.siege import besieged
from tests.acceptance.conftest import TellCounts
from tests.acceptance.installation import Installation
from tests.acceptance.programme import an_entry

pytestmark = [pytest.mark.crash, pytest.mark.long]

MANY = tuple(f"127.{1 + number // 250}.1.{1 + number % 250}" for number in range(2_000))
ENTRY = an_entry(9)
PAGE = f"/events/{ENTRY['id']}"
STREAM = f"GET {PAGE}/stream HTTP/1.1\nHost: localhost\n"
ASKS = f"GET {PAGE} HTTP/1.1\nHost: localhost\n"
ATTACKS = {
    "half heads": Attack(head="GET / HTTP/1.1\nHost: localhost\n", whole_head=False, connections=8_400),
    "long half heads from many": Attack(
        head=f"GET / HTTP/1.1\nHost: localhost\nA: {'b' * 15_000}\n",
        whole_head=False,
        connections=8_400,
        addresses=MANY,
    ),
    "half heads from many": Attack(
        head="GET / HTTP/1.1\nHost: localhost\n", whole_head=False, connections=8_400, addresses=MANY
    ),
    "streams": Attack(head=STREAM, connections=8_250),
    "streams from many": Attack(head=STREAM, connections=8_250, addresses=MANY),
    "pages that nobody reads": Attack(head=f"{ASKS}\n" * 50 + ASKS, connections=4_000, addresses=MANY, reads=False),
    "searches": Attack(head="GET /?q=tides HTTP/1.1\nHost: localhost\n", connections=1_000),
    "streams with bodies": Attack(
        head=f"{STREAM}Content-Length: 100000000\n", connections=2_000, body=-1, addresses=MANY
    ),
}

SIXTY = Attack(head="GET /?q=tides HTTP/1.1\nHost: localhost\nConnection: close\n", connections=60, addresses=MANY)


def test_sixty_who_search_delay_no_notification(installation: Installation, tell_counts: TellCounts) -> None:
    installation.run("events", "import", installation.write("event.json", json.dumps(ENTRY)))
    with besieged(installation) as siege:
        outcome = siege.endure(SIXTY, seconds=15)

        tell_counts(f"sixty searches: {outcome}")
        outcome.check()
        assert outcome.attackers[0]["200"] > 100
        assert outcome.p99("notification") < 1.0


@pytest.mark.parametrize("attack", ATTACKS)
def test_guests_are_served_and_work_goes_on(installation: Installation, attack: str, tell_counts: TellCounts) -> None:
    installation.run("events", "import", installation.write("event.json", json.dumps(ENTRY)))
    with besieged(installation) as siege:
        outcome = siege.endure(ATTACKS[attack], seconds=20)

        tell_counts(f"{attack}: {outcome}")
        outcome.check()
