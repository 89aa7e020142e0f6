"""Decisions of operators: approved review notes and withheld recordings."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, select

from .db.upsert import insert_into
from .db.values import slices
from .tables import approval, withheld


def hash_of(text: str) -> str:
    """Compute the hash by which an approved text is recognised."""
    return hashlib.sha256(text.encode()).hexdigest()


def approve(connection: Connection, event_id: str, field: str, text: str, by: str, now: datetime) -> None:
    """Note that an operator has approved a field of an event with the given text."""
    row = {"event_id": event_id, "field": field, "text_hash": hash_of(text), "approved_by": by, "at": now}
    connection.execute(insert_into(connection, approval).values(row).on_conflict_do_nothing())


def disapprove(connection: Connection, event_id: str, field: str, text: str) -> None:
    """Take back that a field of an event was approved with the given text."""
    query = delete(approval).filter_by(event_id=event_id, field=field, text_hash=hash_of(text))
    connection.execute(query)


def approved_texts(connection: Connection, event_ids: Iterable[str]) -> frozenset[tuple[str, str, str]]:
    """Load the approvals of some events: (id of the event, field, hash of the text)."""
    query = select(*approval.c["event_id", "field", "text_hash"])
    found = (connection.execute(query.where(approval.c.event_id.in_(some))) for some in slices(event_ids))
    return frozenset((row.event_id, row.field, row.text_hash) for rows in found for row in rows)


def is_approved(connection: Connection, event_id: str, field: str) -> bool:
    """Return whether a field of an event was approved with any text."""
    query = select(exists().where(approval.c.event_id == event_id, approval.c.field == field))
    return bool(connection.scalar(query))


def load_approved(connection: Connection, event_id: str) -> frozenset[str]:
    """Load the fields of an event that were approved with any text."""
    return frozenset(connection.scalars(select(approval.c.field).where(approval.c.event_id == event_id)))


def withhold(connection: Connection, event_id: str, recording_uuid: str, by: str, now: datetime) -> bool:
    """Note that an operator withholds a recording; return whether that is new."""
    row = {"event_id": event_id, "recording_uuid": recording_uuid, "by": by, "at": now}
    query = insert_into(connection, withheld).values(row).on_conflict_do_nothing().returning(withheld.c.event_id)
    return connection.execute(query).first() is not None


def let_go(connection: Connection, event_id: str, recording_uuid: str) -> bool:
    """Note that a recording is no longer withheld; return whether it was."""
    query = delete(withheld).filter_by(event_id=event_id, recording_uuid=recording_uuid)
    return connection.execute(query).rowcount == 1


def load_withheld(connection: Connection, event_id: str) -> frozenset[str]:
    """Load the uuids of the withheld recordings of an event."""
    return frozenset(connection.scalars(_WITHHELD, {"of": event_id}))


_WITHHELD = select(withheld.c.recording_uuid).where(withheld.c.event_id == bindparam("of"))
