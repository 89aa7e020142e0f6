"""Five kinds of attack at once, of 19,000 connections: guests and Zoom are served, and the work goes on."""

import json
from dataclasses import replace

import pytest

from tests.acceptance.attacks import test_bodies as bodies
from tests.acceptance.attacks import test_connections as connections
from tests.acceptance.attacks import test_guessing as guessing
from tests.acceptance.attacks.siege import besieged
from tests.acceptance.conftest import TellCounts
from tests.acceptance.installation import Installation

pytestmark = [pytest.mark.crash, pytest.mark.long]

FIVE = (
    replace(bodies.PLAUSIBLE, addresses=connections.MANY[:150]),
    connections.ATTACKS["half heads from many"],
    connections.ATTACKS["streams from many"],
    connections.ATTACKS["searches"],
    guessing.ATTACKS["every login from everywhere"],
)


def test_guests_are_served_while_five_kinds_of_attack_come_together(
    installation: Installation, tell_counts: TellCounts
) -> None:
    entry = connections.ENTRY
    installation.run("events", "import", installation.write("event.json", json.dumps(entry)))
    with besieged(installation) as siege:
        outcome = siege.endure(*FIVE, seconds=20)

        tell_counts(f"five at once: {outcome}")
        outcome.check()
