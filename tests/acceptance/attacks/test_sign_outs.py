"""Forged sign-outs without end: the provider is heard all the same, and so is Zoom."""

import time
from dataclasses import dataclass, field, replace

import pytest
from joserfc.jwk import ECKey

from tests.acceptance.attacks.attacker import Attack
from tests.acceptance.attacks.siege import besieged, each_second
from tests.acceptance.conftest import TellCounts
from tests.acceptance.installation import Installation
from tests.in_process import Caller
from tests.provider.cast import CLIENT_ID, CLIENT_SECRET
from tests.provider.described import serve_description
from tests.provider.logout import make_logout_token

pytestmark = [pytest.mark.crash, pytest.mark.long]

PATH = "/sign-in/provider/logout"
KEY, STRANGERS, UNKNOWN = (ECKey.generate_key("P-256", {"kid": kid}) for kid in ("now", "now", "next"))
CROWD = tuple(f"127.2.{number}.1" for number in range(150))
_PATIENCE_S = 5.0  # of a provider


def forge(key: ECKey) -> Attack:
    """Build the attack of those who sign with a key of their own."""
    text = f"logout_token={make_logout_token(key, {}, {'iss': 'https://id.example.org', 'sub': '7'})}"
    head = (
        f"POST {PATH} HTTP/1.1\nHost: localhost\nConnection: close\nContent-Type: application/x-www-form-urlencoded\n"
        f"Content-Length: {len(text)}\n"
    )
    return Attack(head=head, text=text, connections=300, addresses=("127.0.0.2",))


ATTACKS = {
    "forged, from one network": forge(STRANGERS),
    "forged, from a crowd": replace(forge(STRANGERS), addresses=CROWD),
    "unknown keys, from a crowd": replace(forge(UNKNOWN), addresses=CROWD),
    "forms that never end": Attack(
        head=f"POST {PATH} HTTP/1.1\nHost: evil.example\nContent-Type: application/x-www-form-urlencoded\n"
        "Content-Length: 65000\n",
        body=64_999,
        connections=450,
        addresses=CROWD,
    ),
}


@dataclass
class Provider:
    """Says once a second that somebody signed out."""

    url: str
    issuer: str
    times: list[float] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    def tell(self) -> None:
        """Say it once."""
        token = make_logout_token(KEY, {}, {"iss": self.issuer, "sub": "7", "iat": int(time.time())})
        began = time.monotonic()
        with Caller() as caller:
            self.statuses.add(caller.post(self.url + PATH, {"logout_token": token}, timeout=60).status_code)
        self.times.append(round(time.monotonic() - began, 2))


@pytest.mark.parametrize("attack", ATTACKS)
def test_provider_is_heard_while_others_forge_its_word(
    installation: Installation, attack: str, tell_counts: TellCounts
) -> None:
    with serve_description({}, [KEY]) as (address, asked):
        named = {"DISCOVERY_URL": address, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET}
        installation.environ |= {f"ZOOM_OPS_OIDC__{name}": value for name, value in named.items()}
        with besieged(installation) as siege:
            provider = Provider(siege.daemon.url, address.partition("/.well-known")[0])
            provider.tell()  # its network is known from now on
            with each_second(provider.tell):
                outcome = siege.endure(ATTACKS[attack], seconds=12)

    tell_counts(f"{attack}: {outcome}; provider {provider.statuses} in {sorted(provider.times)[-3:]} s")
    outcome.check()
    assert provider.statuses == {200}
    assert max(provider.times) < _PATIENCE_S
    assert asked.count("/keys") <= 3
    assert "200" not in outcome.attackers[0]
