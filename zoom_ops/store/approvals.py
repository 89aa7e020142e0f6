"""Keep what operators have decided: what is approved of an event, and which recordings are kept back."""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, delete, exists, select

from .db.upsert import insert_into
from .tables import approval, withheld


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


def withhold(connection: Connection, event_id: str, recording_uuid: str, by: str, now: datetime) -> bool:
    """Note that a recording is kept back; tell whether that is new."""
    row = {"event_id": event_id, "recording_uuid": recording_uuid, "by": by, "at": now}
    made = insert_into(connection, withheld).values(row).on_conflict_do_nothing().returning(withheld.c.event_id)
    return connection.execute(made).first() is not None


def let_go(connection: Connection, event_id: str, recording_uuid: str) -> bool:
    """Note that a recording is kept back no longer; tell whether it was."""
    mine = (withheld.c.event_id == event_id) & (withheld.c.recording_uuid == recording_uuid)
    return connection.execute(delete(withheld).where(mine)).rowcount == 1


def load_withheld(connection: Connection, event_id: str) -> frozenset[str]:
    """Load which recordings of an event are kept back, by uuid."""
    query = select(withheld.c.recording_uuid).where(withheld.c.event_id == event_id)
    return frozenset(connection.execute(query).scalars())
