"""Crowds that are no attack: a university behind one address. Everybody is served, and nobody is shut out."""

import json
import re

import pytest

from tests.acceptance.attacks.crowd import Crowd
from tests.acceptance.attacks.siege import STRANGER, besieged
from tests.acceptance.attacks.test_connections import ENTRY, PAGE
from tests.acceptance.conftest import TellCounts
from tests.acceptance.installation import Installation

pytestmark = [pytest.mark.crash, pytest.mark.long]

READERS = 3_000
_RESOURCE = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def test_university_behind_one_address_is_served(installation: Installation, tell_counts: TellCounts) -> None:
    installation.run("events", "import", installation.write("event.json", json.dumps(ENTRY)))
    with besieged(installation) as siege:
        resources = tuple(dict.fromkeys(_RESOURCE.findall(siege.daemon.fetch(PAGE).text)))
        crowd = Crowd(readers=READERS, seconds=40, page=PAGE, resources=resources)
        outcome = siege.endure(crowd, seconds=55, reader=STRANGER)

        tell_counts(f"university, {len(resources)} resources: {outcome}")
        outcome.check()
        (got,) = outcome.attackers
        assert (got["page 200"], got["resource 200"]) == (READERS, READERS * len(resources))
        assert got["again 304"] + got.get("again 200", 0) == READERS  # an import meanwhile may change the page
        kinds = {"page 200", "resource 200", "again 200", "again 304", "stream 200", "stream 503", "slowest"}
        assert set(got) <= kinds
        assert not siege.daemon.lines("networks_shut_out")
