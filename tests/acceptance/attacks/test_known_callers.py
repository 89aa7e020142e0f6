"""Callers that have a token or a key, and do not rest: large imports, and calls of a home. Zoom is heard."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
import requests

from tests.acceptance.attacks.attacker import Attack
from tests.acceptance.attacks.siege import PAGES, READERS_PATIENCE_S, RSS_LIMIT, ZOOMS_PATIENCE_S, Siege, besieged
from tests.acceptance.conftest import TellCounts
from tests.acceptance.installation import Installation
from tests.acceptance.programme import an_entry
from tests.root import ROOT
from zoom_ops.web.request_files import MOST_EVENTS

pytestmark = [pytest.mark.crash, pytest.mark.long]

KEY = "whsec_dGlkZXdhdGVyLWhvb2stc2VjcmV0LW9mLXRlc3Rz"
LONG = "The tide takes what the harbour gives. " * 70  # 500 events have 1.9 million characters


def test_notifications_are_taken_while_tokens_import_large_files(
    installation: Installation, tell_counts: TellCounts
) -> None:
    tokens = [
        installation.run("tokens", "add", f"script-{n}", "--scope", "events:write").out.split()[-1] for n in range(4)
    ]
    with besieged(installation) as siege:
        with importing(siege, tokens) as statuses:
            outcome = siege.endure(seconds=20)

        tell_counts(f"imports: {outcome}; {statuses}")
        # Its webinar waits behind those of the imported events, which are work as any other.
        assert outcome.kills == 0
        assert set(outcome.guest["notification"]["statuses"]) == {"204"}, outcome
        assert outcome.p99("notification") < ZOOMS_PATIENCE_S, outcome
        assert all(outcome.p99(page) < READERS_PATIENCE_S for page in PAGES), outcome
        assert outcome.rss < RSS_LIMIT, outcome
        assert set(statuses) <= {0, 201, 503}
        assert 201 in statuses


@pytest.mark.parametrize("key", [KEY, "another"], ids=["the key", "a wrong key"])
def test_notifications_are_taken_while_a_home_calls_without_end(
    installation: Installation, key: str, tell_counts: TellCounts
) -> None:
    installation.write("config/profiles/default.toml", (ROOT / "config/profiles/default.toml").read_bytes())
    installation.write("hook", KEY)
    installation.write("password", "tidewater")
    installation.write(
        "config/homes/site.toml",
        'kind = "wordpress"\nurl = "http://127.0.0.1:1"\nlogin = "zoom"\neverything = true\n'
        'application_password_file = "password"\nhook_secret_file = "hook"\n',
    )
    head = f"POST /hooks/homes/site HTTP/1.1\nHost: localhost\nAuthorization: Bearer {key}\nContent-Length: 2\n"
    with besieged(installation) as siege:
        outcome = siege.endure(Attack(head=head, text="{}", connections=200), seconds=12)

        tell_counts(f"calls of a home with {key}: {outcome}")
        outcome.check()


@contextmanager
def importing(siege: Siege, tokens: list[str]) -> Iterator[list[int]]:
    """Import the largest files, one after the other with each token. Yield the statuses, which grow."""
    ended, statuses, numbers = threading.Event(), list[int](), count()

    def send(token: str) -> None:
        while not ended.is_set():
            number = next(numbers)
            names = (f"Import {number}, part {part}" for part in range(MOST_EVENTS))
            entries = [
                an_entry(1, id=f"import-{number}-{part}", name=name, description=LONG)
                for part, name in enumerate(names)
            ]
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"import-{number}"}
            url = f"{siege.daemon.url}/api/v1/imports"
            try:
                statuses.append(requests.post(url, json=entries, headers=headers, timeout=120).status_code)
            except requests.ConnectionError:  # it gave way
                statuses.append(0)

    senders = [threading.Thread(target=send, args=(token,)) for token in tokens]
    for sender in senders:
        sender.start()
    try:
        yield statuses
    finally:
        ended.set()
        for sender in senders:
            sender.join()
