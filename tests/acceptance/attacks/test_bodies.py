"""Bodies that never end, of whoever: the notifications of Zoom are taken all the same, in time and in little memory."""

from dataclasses import replace

import pytest

from tests.acceptance.attacks.attacker import Attack
from tests.acceptance.attacks.siege import HOOK, besieged
from tests.acceptance.conftest import TellCounts
from tests.acceptance.installation import Installation

pytestmark = pytest.mark.crash

MEGABYTE = 1_048_576
_PLAUSIBLE = "x-zm-signature: v0=" + "a" * 64 + "\nx-zm-request-timestamp: {now}\n"


def post(path: str, *fields: str, length: int = MEGABYTE) -> str:
    """Write the head of a request with a body."""
    return "".join(f"{line}\n" for line in (f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {length}", *fields))


UNFINISHED = Attack(head=post(HOOK), connections=450, body=MEGABYTE - 1)
ATTACKS = {
    "unsigned": (UNFINISHED,),
    "plausible": (replace(UNFINISHED, head=post(HOOK) + _PLAUSIBLE),),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_notifications_are_taken_while_bodies_never_end(
    installation: Installation, attack: str, tell_counts: TellCounts
) -> None:
    with besieged(installation) as siege:
        outcome = siege.endure(*ATTACKS[attack], seconds=12)

        tell_counts(f"{attack}: {outcome}")
        outcome.check()
