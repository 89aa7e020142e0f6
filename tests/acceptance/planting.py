"""A secret that somebody plants: the control without which a search that finds nothing proves nothing."""

import json

from tests.acceptance.installation import Installation
from tests.acceptance.programme import an_entry
from tests.acceptance.readers import ask_as_visitor, database_of
from tests.builders import ACCOUNT
from tests.leaks import Secret, find_leaks
from tests.waiting import wait_until

EVENT = "tides-01"
FINDERS = {f"visitor: /events/{EVENT}", f"visitor: /events/{EVENT}.json", "database"}
"""Who has to find it, at the least."""


def finders_of_planted(installation: Installation, secrets: list[Secret]) -> set[str]:
    """Write a panelist's link into an event; tell by whom it is found."""
    link = next(secret.text for secret in secrets if secret.kind == "panelist link")
    installation.write("planted.json", json.dumps(an_entry(1, venue=link, description=f"Come to {link} & sit down.")))
    installation.run("events", "import", "planted.json")
    with installation.daemon("--only", "web", ready=False) as daemon:
        wait_until(lambda: daemon.fetch("/health").status_code == 200, lambda: daemon.log)
        told = ask_as_visitor(daemon.url, ACCOUNT, EVENT) | database_of(installation, "planted")
    found = {reader for reader, kind, _ in find_leaks(secrets, told) if kind == "panelist link"}
    return {reader.partition(" planted")[0] for reader in found}
