"""Sign-ins at a provider that were finished: each answer that proves somebody is taken once, by one process."""

import hashlib
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Connection, delete

from ..db.facts import find_fact, settle_fact
from ..tables import meta

_USED = "sign-in answered "  # rows of meta, one for each


def is_answered(connection: Connection, state: str) -> bool:
    """Return whether the answer to the sign-in with this state was used."""
    return find_fact(connection, _name(state)) is not None


def use_answer(connection: Connection, state: str, ends: datetime, now: datetime) -> bool:
    """Use the answer to the sign-in with this state; return whether nobody has used it.

    It has to be remembered until `ends`, when the sign-in is too old for any answer. Older ones are forgotten.
    """
    ours = meta.c.name.startswith(_USED, autoescape=True)
    connection.execute(delete(meta).where(ours, meta.c.value < now.isoformat()))
    mine = f"{ends.isoformat()} {token_hex(8)}"
    return settle_fact(connection, _name(state), mine) == mine


def _name(state: str) -> str:
    return f"{_USED}{hashlib.sha256(state.encode()).hexdigest()}"
