"""A home whose file names another system than the one from which its records came: an operator says what is meant."""

from sqlalchemy import Connection

from ...errors import ParkedError
from ...store.audit import Actor, record_audit
from ...store.homes.records import find_pull, save_pull
from ..context import Context


def ensure_same_system(context: Context, connection: Connection, home: str) -> None:
    """Raise ParkedError if the records of a home came from another system than its file names now.

    The same ids are other records there: events would be overwritten, and links written into foreign records.
    """
    settings, known = context.home_settings.get(home), find_pull(connection, home).system
    if settings and known not in ("", settings.system):
        raise ParkedError(
            f"The records of {home} came from {known}, and its file names {settings.system} now. If that is the same "
            f"system at a new address: zoom-ops homes pull {home} --moved. If it is another system, give its file "
            "another name."
        )


def take_move(context: Context, connection: Connection, home: str, by: Actor) -> None:
    """Take the system that a home's file names now as the one from which its records came."""
    settings = context.home_settings[home]
    now, before = context.database.now(connection), find_pull(connection, home).system
    if before != settings.system:
        save_pull(connection, home, system=settings.system, cursor="")
        record_audit(connection, by, "home_moved", ("home", home), now, before=before, system=settings.system)
