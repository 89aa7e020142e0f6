"""Bodies that never end, of whoever: the notifications of Zoom are taken all the same, in time and in little memory."""

from dataclasses import replace

import pytest

from tests.acceptance.attacks.attacker import Attack
from tests.acceptance.attacks.siege import HOOK, besieged
from tests.acceptance.conftest import TellCounts
from tests.acceptance.installation import Installation
from tests.waiting import wait_until

pytestmark = [pytest.mark.crash, pytest.mark.long]

MEGABYTE = 1_048_576
_FORM = "application/x-www-form-urlencoded"
_PLAUSIBLE = "x-zm-signature: v0=" + "a" * 64 + "\nx-zm-request-timestamp: {now}\n"


def post(path: str, *fields: str, length: int = MEGABYTE) -> str:
    """Write the head of a request with a body."""
    return "".join(
        f"{line}\n" for line in (f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {length}", *fields)
    )


UNFINISHED = Attack(head=post(HOOK), connections=450, body=MEGABYTE - 1)
PLAUSIBLE = replace(UNFINISHED, head=post(HOOK) + _PLAUSIBLE)
CHUNKED = f"POST {HOOK} HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n{_PLAUSIBLE}"
ATTACKS = {
    "unsigned": (UNFINISHED,),
    "plausible": (PLAUSIBLE,),
    "plausible, from a crowd": (replace(PLAUSIBLE, addresses=tuple(f"127.1.{n}.1" for n in range(150))),),
    "plausible, 2,000 connections": (replace(PLAUSIBLE, connections=2_000),),
    "plausible and whole": (replace(PLAUSIBLE, body=MEGABYTE),),
    "plausible, small and whole": (replace(PLAUSIBLE, head=post(HOOK, length=9) + _PLAUSIBLE, body=9, connections=50),),
    "plausible, a byte now and then": (replace(PLAUSIBLE, piece=1, pause_s=0.5),),
    "chunked, without a length": (replace(PLAUSIBLE, head=CHUNKED, body=-1, chunked=True),),
    "compressed": (replace(PLAUSIBLE, head=post(HOOK, "Content-Encoding: gzip") + _PLAUSIBLE),),
    "longer than announced": (replace(PLAUSIBLE, head=post(HOOK, length=10) + _PLAUSIBLE),),
    "sign-in": (replace(UNFINISHED, head=post("/sign-in", f"Content-Type: {_FORM}", length=65_000), body=64_999),),
    "API without a token": (replace(UNFINISHED, head=post("/api/v1/events", "Content-Type: application/json")),),
    "page": (replace(UNFINISHED, head=post("/").replace("POST", "GET")),),
    "too large": (replace(UNFINISHED, head=post("/sign-in", f"Content-Type: {_FORM}"), body=-1, connections=50),),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_notifications_are_taken_while_bodies_never_end(
    installation: Installation, attack: str, tell_counts: TellCounts
) -> None:
    with besieged(installation) as siege:
        before = siege.files()
        outcome = siege.endure(*ATTACKS[attack], seconds=12)

        tell_counts(f"{attack}: {outcome}")
        outcome.check()
        wait_until(lambda: siege.files() < before + 20, "the end of their connections")


def test_notifications_are_taken_while_a_token_sends_bodies_that_never_end(
    installation: Installation, tell_counts: TellCounts
) -> None:
    token = installation.run("tokens", "add", "script", "--scope", "events:write").out.split()[-1]
    head = post("/api/v1/events", "Content-Type: application/json", f"Authorization: Bearer {token}")
    with besieged(installation) as siege:
        outcome = siege.endure(replace(UNFINISHED, head=head), seconds=12)

        tell_counts(f"token: {outcome}")
        outcome.check()
        assert not {"401", "403"} & set(outcome.attackers[0])
