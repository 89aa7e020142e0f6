"""Floods through a proxy that is trusted: all connections are the proxy's, and each request is somebody else's."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.acceptance.attacks import test_bodies as bodies
from tests.acceptance.attacks import test_connections as connections
from tests.acceptance.attacks import test_floods as floods
from tests.acceptance.attacks import test_guessing as guessing
from tests.acceptance.attacks.attacker import Attack
from tests.acceptance.attacks.siege import STRANGER, Siege, besieged, go_before_others
from tests.acceptance.conftest import TellCounts
from tests.acceptance.installation import Installation
from tests.loopback import free_port
from tests.setup.deploy.proxied import run_nginx

pytestmark = [pytest.mark.crash, pytest.mark.long]

HARMLESS = (
    "other searches", "pages with a session", "ways to join", "keys of recordings", "console", "liveness",
    "a page that is kept", "writes", "long heads",
)  # fmt: skip
ATTACKS = {
    **{name: floods.ATTACKS[name] for name in HARMLESS},
    "guesses": guessing.ATTACKS["every login from everywhere"],
    "unfinished bodies": bodies.PLAUSIBLE,
    "streams": connections.ATTACKS["streams from many"],
    "half heads": connections.ATTACKS["half heads from many"],
}
THROUGH_NGINX = ("other searches", "console", "writes", "guesses")  # the others wait in nginx, or are answered there


def forward(attack: Attack) -> Attack:
    """Let an attack come through a proxy, on connections that stay open, each request from anywhere."""
    head = attack.head.replace("Connection: close\n", "") + "X-Forwarded-For: {address}\nX-Forwarded-Proto: https\n"
    return replace(attack, head=head, stays=attack.reads, addresses=("127.0.0.1",))


@contextmanager
def besieged_behind(installation: Installation) -> Iterator[Siege]:
    """Run the daemon as `besieged` does; it trusts a proxy of this machine, through which all come."""
    installation.set(TRUSTED_PROXIES='["127.0.0.1"]')
    installation.run("events", "import", installation.write("event.json", json.dumps(connections.ENTRY)))
    with besieged(installation) as siege:
        siege.forwarded = True
        yield siege


@pytest.mark.parametrize("attack", ATTACKS)
def test_guests_are_served_in_a_flood_through_the_proxy(
    installation: Installation, attack: str, tell_counts: TellCounts
) -> None:
    with besieged_behind(installation) as siege:
        outcome = siege.endure(forward(ATTACKS[attack]), seconds=15, reader=STRANGER)

        tell_counts(f"forwarded, {attack}: {outcome}")
        outcome.check()
        assert outcome.attackers[0]["connections"] > 1_000


@pytest.mark.parametrize("attack", THROUGH_NGINX)
def test_guests_are_served_in_a_flood_through_nginx(
    installation: Installation, attack: str, tell_counts: TellCounts, nginx: Path, tmp_path: Path
) -> None:
    plain = free_port()
    with besieged_behind(installation) as siege, run_nginx(nginx, tmp_path, installation.port, plain=plain):
        siege.port, siege.forwarded = plain, False
        for process in _programs_of(tmp_path):
            go_before_others(process)
        outcome = siege.endure(ATTACKS[attack], seconds=15, reader=STRANGER)

        tell_counts(f"nginx, {attack}: {outcome}")
        outcome.check()
        assert outcome.attackers[0]["connections"] > 1_000


def _programs_of(folder: Path) -> list[int]:
    """List nginx and its worker, which began in a folder."""
    master = int((folder / "pid").read_text("ascii"))
    return [master, *map(int, Path(f"/proc/{master}/task/{master}/children").read_text("ascii").split())]
