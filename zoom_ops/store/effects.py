"""Changes outside that a run has made."""

from typing import Any

from sqlalchemy import Connection, Row, select

from .tables import effect

_AT_MOST = 200


def load_effects(connection: Connection, run_id: int) -> tuple[Row[Any], ...]:
    """Load the changes that a run began, the earliest first: rows with kind, state, began, resolved."""
    query = select(*effect.c["kind", "state", "began", "resolved"]).where(effect.c.run_id == run_id)
    return tuple(connection.execute(query.order_by(effect.c.id).limit(_AT_MOST)))
