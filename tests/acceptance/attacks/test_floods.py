"""Floods of requests from everywhere that each look harmless: a reader whom nobody knows is served, and so is Zoom."""

import json
from dataclasses import replace

import pytest

from tests.acceptance.attacks.attacker import Attack
from tests.acceptance.attacks.siege import STRANGER, besieged
from tests.acceptance.attacks.test_connections import ENTRY, MANY, PAGE
from tests.acceptance.conftest import TellCounts
from tests.acceptance.installation import Installation

pytestmark = [pytest.mark.crash, pytest.mark.long]

LONG = f"A: {'b' * 14_500}\n"


def ask(path: str, *fields: str, method: str = "GET") -> Attack:
    """Build the attack of 1,500 clients that ask again and again, each on a new connection."""
    lines = (f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *fields)
    return Attack(head="".join(f"{line}\n" for line in lines), connections=1_500, addresses=MANY)


ATTACKS = {
    "other searches": ask("/?q=a{number}"),
    "pages with a session": ask(PAGE, "Cookie: zoom_ops_session={number}"),
    "ways to join": ask(f"{PAGE}/join"),
    "keys of recordings": ask(f"{PAGE}/recording?key={{number}}"),
    "console": ask("/-/events"),
    "liveness": ask("/health"),
    "a page that is kept": ask("/"),
    "writes": ask("/-/events", "Content-Length: 0", method="POST"),
    "long heads": ask("/?q={number}", LONG.rstrip()),
    "long heads, and the connection stays": Attack(
        head=f"GET {PAGE} HTTP/1.1\nHost: localhost\n{LONG}", connections=4_500, addresses=MANY, reads=False
    ),
    "heads of many fields": ask("/", *["A:"] * 3_900),
    "extensions of chunks": replace(
        ask("/", "Transfer-Encoding: chunked", method="POST"), text="1;" + " " * 15_500 + "\nx\r\n", connections=100
    ),
    "resets": Attack(
        head=f"GET {PAGE} HTTP/1.1\nHost: localhost\n", connections=600, addresses=MANY, reads=False, resets=True
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_guests_are_served_in_a_flood_from_everywhere(
    installation: Installation, attack: str, tell_counts: TellCounts
) -> None:
    installation.run("events", "import", installation.write("event.json", json.dumps(ENTRY)))
    with besieged(installation) as siege:
        outcome = siege.endure(ATTACKS[attack], seconds=15, reader=STRANGER)

        tell_counts(f"{attack}: {outcome}")
        outcome.check()
