"""Keep what operators have approved: doubts of an import, and recordings."""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, exists, select

from .tables import approval
from .upsert import insert_into


def hash_of(text: str) -> str:
    """Compute by what an approved text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


def approve(connection: Connection, event_id: str, field: str, text: str, by: str, now: datetime) -> None:
    """Note that an operator has approved a field of an event as it stood in a text."""
    row = {"event_id": event_id, "field": field, "text_hash": hash_of(text), "approved_by": by, "at": now}
    connection.execute(insert_into(connection, approval).values(row).on_conflict_do_nothing())


def approved_texts(connection: Connection, event_id: str) -> frozenset[tuple[str, str]]:
    """Load what has been approved of an event: (field, hash of the text)."""
    query = select(approval.c.field, approval.c.text_hash).where(approval.c.event_id == event_id)
    return frozenset((row.field, row.text_hash) for row in connection.execute(query))


def is_approved(connection: Connection, event_id: str, field: str) -> bool:
    """Tell whether a field of an event was approved, whatever the text."""
    query = select(exists().where(approval.c.event_id == event_id, approval.c.field == field))
    return bool(connection.execute(query).scalar_one())
