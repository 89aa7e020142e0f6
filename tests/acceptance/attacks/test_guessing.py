"""A thousand guesses at once, without end: an operator who signed in before gets in, and Zoom is heard."""

import time
from dataclasses import dataclass, field, replace

import pytest

from tests.acceptance.attacks.attacker import Attack
from tests.acceptance.attacks.siege import besieged, each_second
from tests.acceptance.conftest import TellCounts
from tests.acceptance.installation import Installation
from tests.in_process import Caller

pytestmark = [pytest.mark.crash, pytest.mark.long]

PASSWORD = "a long way to the harbour"
_PATIENCE_S = 10.0  # of an operator


def guess(login: str) -> Attack:
    """Build the attack of a thousand browsers that sign in from one network."""
    text = f"login={login}&password=not the right one {{number}}"
    head = (
        "POST /sign-in HTTP/1.1\nHost: localhost\nConnection: close\nContent-Type: application/x-www-form-urlencoded\n"
        f"Content-Length: {len(text)}\n"
    )
    return Attack(head=head, text=text, connections=1_000, addresses=("127.0.0.2",))


EVERYWHERE = tuple(f"127.{first}.{second}.1" for first in range(1, 9) for second in range(100))
TOKENS = Attack(
    head="GET /api/v1/events HTTP/1.1\nHost: localhost\nConnection: close\nAuthorization: Bearer zops_{now}\n",
    connections=300,
    addresses=("127.0.0.2",),
)
ATTACKS = {
    "one login from one network": guess("amara"),
    "one login from everywhere": replace(guess("amara"), addresses=EVERYWHERE),
    "every login from everywhere": replace(guess("nobody{number}"), addresses=EVERYWHERE),
    "tokens": TOKENS,
}


@dataclass
class Operator:
    """Signs in anew each second from a network of their own, in a new browser."""

    url: str
    times: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def sign_in(self) -> None:
        """Sign in once, with a browser that is not known."""
        began = time.monotonic()
        with Caller() as browser:
            form = {"login": "amara", "password": PASSWORD}
            reply = browser.post(f"{self.url}/sign-in", data=form, allow_redirects=False, timeout=60)
        self.statuses.append(reply.status_code)
        self.times.append(round(time.monotonic() - began, 2))


@pytest.mark.parametrize("attack", ATTACKS)
def test_operator_gets_in_while_others_guess(installation: Installation, attack: str, tell_counts: TellCounts) -> None:
    installation.run("users", "add", "amara", "--role", "operator", "--password-stdin", typed=f"{PASSWORD}\n")
    with besieged(installation) as siege:
        operator = Operator(siege.daemon.url)
        operator.sign_in()
        at_rest = siege.rss()
        with each_second(operator.sign_in):
            outcome = siege.endure(ATTACKS[attack], seconds=15)

        operators = f"at rest {at_rest / 1e6:.0f} MB; the operator signed in within {sorted(operator.times)} s"
        tell_counts(f"{attack}: {outcome}; {operators}")
        assert set(operator.statuses) == {303}
        assert max(operator.times) < _PATIENCE_S
        outcome.check()
