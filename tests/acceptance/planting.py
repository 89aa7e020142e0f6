"""A planted secret: the control without which an empty search result proves nothing."""

import json

from tests.acceptance.installation import Installation
from tests.acceptance.programme import an_entry
from tests.acceptance.readers import ask_as_visitor, database_of
from tests.builders import ACCOUNT
from tests.leaks import Secret, find_leaks
from tests.waiting import wait_until

EVENT = "tides-01"
FINDERS = {f"visitor: /events/{EVENT}", f"visitor: /events/{EVENT}.json", "database"}
"""The readers that must at least find it."""


def finders_of_planted(installation: Installation, secrets: list[Secret]) -> set[str]:
    """Write a panelist's link into an event and return the readers that find it."""
    link = next(secret.text for secret in secrets if secret.kind == "panelist link")
    installation.write("planted.json", json.dumps(an_entry(1, venue=link, description=f"Come to {link} & sit down.")))
    installation.run("events", "import", "planted.json")
    with installation.daemon("--only", "web", ready=False) as daemon:
        wait_until(lambda: daemon.fetch("/health").status_code == 200, lambda: daemon.log)
        texts = ask_as_visitor(daemon.url, ACCOUNT, EVENT) | database_of(installation, "planted")
    readers = {reader for reader, kind, _ in find_leaks(secrets, texts) if kind == "panelist link"}
    return {reader.partition(" planted")[0] for reader in readers}
