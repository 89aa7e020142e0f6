"""Who may let people and scripts in: whoever has the machine, and in the console an admin, but never for themself."""

from collections.abc import Sequence

from sqlalchemy import Connection

from ..errors import ForbiddenError
from ..store.audit import Actor
from ..store.identity.users import lock_admins

_NO_LONGER = "Only an admin may do this, and you are not an admin any more."
_ONESELF = "Nobody changes, signs out or removes their own user here. Ask another admin, or use the command line."


def check_admin(connection: Connection, by: Actor, login: str | None = None) -> None:
    """Raise ForbiddenError unless `by` may decide about the user `login`, or about somebody new.

    The admins stay locked until the transaction ends. So two admins who demote each other at once wait for one
    another, and the second is none by then: an admin remains, because the one who acts cannot act on themself.
    """
    if by.how == "command line":
        return
    admins = lock_admins(connection) if by.how != "token" else ()  # a token may have the name of an admin
    if reason := why_not(by.name, admins, login):
        raise ForbiddenError(reason)


def why_not(name: str, admins: Sequence[str], login: str | None) -> str | None:
    """Say why a user of the console may not decide about a login; None if they may."""
    if name not in admins:
        return _NO_LONGER
    return _ONESELF if name == login else None
