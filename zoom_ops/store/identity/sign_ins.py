"""Sign-ins at a provider that were finished or refused: the answer to each is taken once, by one process."""

import hashlib
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Connection, delete, func, select

from ..db.facts import settle_fact
from ..tables import meta

MOST = 10_000  # within the life of an answer: many more than a provider takes people in
_USED = "sign-in answered "  # rows of meta, one for each


def use_answer(connection: Connection, state: str, ends: datetime, now: datetime) -> bool:
    """Use the answer to the sign-in with this state; return whether nobody has used it, and there is room for it.

    It has to be remembered until `ends`, when the sign-in is too old for any answer. Older ones are forgotten.
    """
    ours = meta.c.name.startswith(_USED, autoescape=True)
    connection.execute(delete(meta).where(ours, meta.c.value < now.isoformat()))
    if (connection.scalar(select(func.count()).select_from(meta).where(ours)) or 0) >= MOST:
        return False
    mine = f"{ends.isoformat()} {token_hex(8)}"
    return settle_fact(connection, f"{_USED}{hashlib.sha256(state.encode()).hexdigest()}", mine) == mine
