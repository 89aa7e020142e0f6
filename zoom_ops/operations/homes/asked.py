"""Records that are read because an operator asks for them: left out, wrong, or with an event that was deleted here."""

from sqlalchemy import Connection

from ...errors import NotFoundError
from ...store.audit import Actor, record_audit
from ...store.home_records import load_known, save_records
from ..context import Context
from .reading import ASKED


def ask_for(context: Context, connection: Connection, home: str, record: str, by: Actor) -> None:
    """Let the next pull read a record, whatever left it out. Raise NotFoundError for one that is unknown here."""
    known = load_known(connection, home)
    if record not in known:
        raise NotFoundError("record", record, known)
    if known[record].event_id is None or known[record].state == "wrong":
        now = context.database.now(connection)
        row = {"record": record, "fingerprint": "", "state": ASKED, "reason": None, "read_at": now}
        save_records(connection, home, [row])
        record_audit(connection, by, "record_asked_for", ("home", home), now, record=record)
