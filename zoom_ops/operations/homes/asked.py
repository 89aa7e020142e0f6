"""Records that are read because an operator asks for them: left out, wrong, or with an event that was deleted here."""

from sqlalchemy import Connection

from ...errors import NotFoundError
from ...store.audit import Actor, record_audit
from ...store.homes.records import find_record, load_known, save_records
from ..context import Context
from .reading import ASKED

_WHY = {"left_out": "It was left out until now:", "deleted": "Its event was deleted here."}


def foresee_taking(context: Context, home: str, record: str) -> tuple[str, ...]:
    """Say what follows where a record is taken. Raise NotFoundError for one that is unknown here."""
    with context.database.read() as connection:
        found = find_record(connection, home, record)
        if found is None:
            raise NotFoundError("record", record, load_known(connection, home))
    if found.event_id is not None and found.state != "wrong":
        return (f"Record {record} is the event {found.event_id} already: nothing is done.",)
    if found.state == "wrong":
        return (f"Record {record} of {home} is read again. Where it can be read now, its event is what it says.",)
    why = f" {_WHY[found.state]} {found.reason or ''}".rstrip() if found.state in _WHY else ""
    return (
        f"Record {record} of {home} is read, and becomes an event here whatever left it out.{why}",
        "The event gets the account and the profile of the first rule that fits. If it is still to come and nothing "
        "about it is in doubt, its webinar is made, and its speakers are invited.",
    )


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
