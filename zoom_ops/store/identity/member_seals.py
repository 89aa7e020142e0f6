"""Seals of links for members: what their keys are made of beside the secret key. A new seal ends the keys before it."""

import hashlib
from collections.abc import Collection

from sqlalchemy import Connection

from ..backups.restoration import find_restoration
from ..db.facts import find_fact, find_facts, keep_fact


def load_seals(connection: Connection, homes: Collection[str], event_id: str) -> dict[str, tuple[str, ...]]:
    """Load the seals of an event's links in some homes, by home.

    A restored backup has the seals of its time, among them some that were replaced since: so when it was restored is
    a seal, too.
    """
    names = {home: _name("home", home) for home in homes}
    of_event = _name("event", event_id)
    facts = find_facts(connection, (*names.values(), of_event))
    restoration = find_restoration(connection)
    common = facts.get(of_event, ""), restoration.at.isoformat() if restoration else ""
    return {home: (facts.get(name, home), *common) for home, name in names.items()}


def renew_home(connection: Connection, home: str, seal: str) -> None:
    """Give all links for members in a home a new seal, which must be random."""
    keep_fact(connection, _name("home", home), seal)


def renew_event(connection: Connection, event_id: str, seal: str) -> None:
    """Give the links for members of an event a new seal in all homes, which must be random."""
    keep_fact(connection, _name("event", event_id), seal)


def rename_home(connection: Connection, old: str, new: str) -> None:
    """Let a home keep its seal under another name. The next home of the old name has another one."""
    keep_fact(connection, _name("home", new), find_fact(connection, _name("home", old)) or old)
    keep_fact(connection, _name("home", old), f"{old} after {new}")


def _name(kind: str, name: str) -> str:
    """Name the fact: a name may be as long as the name of a fact may be."""
    return f"member_seal/{kind}/{hashlib.sha256(name.encode()).hexdigest()[:40]}"
