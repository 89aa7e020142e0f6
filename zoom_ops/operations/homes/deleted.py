"""Records whose event was deleted here: they are not taken again, unless an operator asks for one."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from ...errors import NotFoundError
from ...store.audit import Actor, record_audit
from ...store.home_records import KnownRecord, load_known, save_records
from ..context import Context
from .reading import ASKED


def note_deleted(connection: Connection, home: str, known: Iterable[KnownRecord], now: datetime) -> None:
    """Note which records are not taken any more, as their events were deleted here."""
    reason = "Its event was deleted here. To take it again: zoom-ops homes pull"
    deleted = [each.record for each in known if each.was_deleted and each.state != "deleted"]
    rows = [
        {"record": record, "state": "deleted", "reason": f"{reason} {home} --take {record}", "read_at": now}
        for record in deleted
    ]
    save_records(connection, home, rows)


def ask_for(context: Context, connection: Connection, home: str, record: str, by: Actor) -> None:
    """Let the next pull take a record, whatever left it out. Raise NotFoundError for one that is unknown here."""
    known = load_known(connection, home)
    if record not in known:
        raise NotFoundError("record", record, known)
    if known[record].event_id is None:
        now = context.database.now(connection)
        row = {"record": record, "fingerprint": "", "state": ASKED, "reason": None, "read_at": now}
        save_records(connection, home, [row])
        record_audit(connection, by, "record_asked_for", ("home", home), now, record=record)
