"""Of two Zoom accounts one has very much to do, and the other does not wait for it.

Each account has a practice Zoom with the limits of the Pro plan, so each is counted separately, as Zoom counts.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import TellCounts
from tests.acceptance.installation import Installation, account_of, install
from tests.acceptance.nodes import nodes
from tests.acceptance.programme import an_entry
from tests.bench.pace import PLAN, a_programme_side_by_side
from tests.builders import ACCOUNT
from tests.endings import run_sandbox
from tests.integration.service import PracticeZoom
from tests.waiting import wait_until
from zoom_ops.sandbox.limits import PER_SECOND

pytestmark = [pytest.mark.crash, pytest.mark.long, pytest.mark.parametrize("database_kind", ["postgresql"])]
MANY, FEW, HOSTS, DELAY_S = 150, 5, 20, 2
CREATE = "/webinars"


def test_many_events_of_one_account_do_not_delay_few_of_another(
    tmp_path: Path, migrated_database_url: str, tell_counts: TellCounts
) -> None:
    """The delay is measured in calls of the busy account, because a busy machine slows both accounts."""
    with two_accounts(tmp_path, migrated_database_url) as (installation, annex), nodes(installation) as cluster:
        add(installation, a_programme_side_by_side(MANY, HOSTS))
        wait_until(lambda: len(creates(installation.zoom)) > HOSTS, lambda: cluster.log)
        add(installation, [an_entry(number, id=f"annex-{number}", account="annex") for number in range(1, FEW + 1)])
        before = len(creates(installation.zoom))
        wait_until(lambda: len(creates(annex)) == FEW, lambda: cluster.log)
        until = creates(annex)[-1]["at"]
        done = [create for create in creates(installation.zoom) if create["at"] <= until]
        cluster.stop()

    meanwhile = len(done) - before
    tell_counts(f"cluster, fairness: {FEW} creates of one account while {meanwhile} of {MANY} of another were made")
    assert len(done) < MANY, "the other has to be busy all the while"
    assert meanwhile <= DELAY_S * PER_SECOND[PLAN]["LIGHT"]


@contextmanager
def two_accounts(folder: Path, database_url: str) -> Iterator[tuple[Installation, PracticeZoom]]:
    """Make an installation with two accounts; yield it with the second account's practice Zoom."""
    with (
        install(folder / "place", database_url, plan=PLAN, limits=True) as installation,
        run_sandbox(plan=PLAN, limits=True) as sandbox,
    ):
        hosts = [f"host-{number:02}@example.org" for number in range(HOSTS)]
        installation.set_account(HOSTS=json.dumps(hosts), PLAN=PLAN)
        few = json.dumps([f"annex-{number}@example.org" for number in range(FEW)])
        ids = {"ACCOUNT_ID": "annex-account", "CLIENT_ID": "annex-client"}
        installation.set(**account_of("annex", sandbox.url, HOSTS=few, PLAN=PLAN, **ids))
        installation.set(DEFAULT_ACCOUNT=ACCOUNT)
        yield installation, PracticeZoom(sandbox.url)


def add(installation: Installation, entries: list[dict[str, Any]]) -> None:
    """Import these events."""
    installation.run("events", "import", installation.write("programme.json", json.dumps(entries)), "--json")


def creates(zoom: PracticeZoom) -> list[dict[str, Any]]:
    """List the creates that a practice Zoom has carried out."""
    requests = zoom.control("GET", "/requests")
    return [
        request
        for request in requests
        if request["method"] == "POST" and request["path"].endswith(CREATE) and request["status"] == 201
    ]
