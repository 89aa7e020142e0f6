"""Changes outside that a run has made."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from .tables import effect

_AT_MOST = 200


def load_effects(connection: Connection, run_id: int) -> tuple[Row[Any], ...]:
    """Load the changes that a run began, the earliest first: rows with kind, state, began, resolved."""
    query = select(*effect.c["kind", "state", "began", "resolved"]).where(effect.c.run_id == run_id)
    return tuple(connection.execute(query.order_by(effect.c.id).limit(_AT_MOST)))


def load_ended(
    connection: Connection,
    kind: str,
    *,
    since: datetime | None = None,
    subjects: Collection[str] | None = None,
    limit: int,
) -> tuple[Row[Any], ...]:
    """Load the latest changes of a kind that were made, the newest first: subject, action, resolved.

    They are those since a moment, and those about some subjects, if given.
    """
    query = select(*effect.c["subject", "action", "resolved"])
    query = query.where(effect.c.kind == kind, effect.c.state == "done")
    if since:
        query = query.where(effect.c.resolved >= since)
    if subjects is not None:
        query = query.where(effect.c.subject.in_(subjects))
    return tuple(connection.execute(query.order_by(effect.c.resolved.desc(), effect.c.id.desc()).limit(limit)))
