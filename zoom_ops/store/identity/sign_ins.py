"""What is remembered of sign-ins at a provider for minutes: answers and tokens are taken once, by one process.

Rows of `meta` with a moment at the beginning of their value, after which they are forgotten.
"""

import hashlib
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import Connection, delete, or_

from ..db.facts import find_fact, find_facts, keep_fact, settle_fact
from ..db.locks import exclude_others
from ..tables import meta

AT_PROVIDER = "at the provider"  # where somebody signed out, in the audit
_ANSWERED = "sign-in answered "
_TOKEN = "sign-out token "  # noqa: S105 - of a provider
_SIGNED_OUT = "signed out there "
_ANY_SESSION = "\0"  # no provider names one so
_SKEW = timedelta(minutes=1)  # of two machines


def lock_sign_ins(connection: Connection) -> None:
    """Let no other process finish a sign-in, or take a sign-out of the provider, until the transaction ends."""
    exclude_others(connection, "sign-ins at the provider")


def is_answered(connection: Connection, state: str) -> bool:
    """Return whether the answer to the sign-in with this state was used."""
    return find_fact(connection, _name(_ANSWERED, state)) is not None


def use_answer(connection: Connection, state: str, ends: datetime, now: datetime) -> bool:
    """Use the answer to the sign-in with this state; return whether nobody has used it.

    It has to be remembered until `ends`, when the sign-in is too old for any answer.
    """
    return _use(connection, _name(_ANSWERED, state), ends, now)


def use_logout_token(connection: Connection, issuer: str, token_id: str, ends: datetime, now: datetime) -> bool:
    """Use the logout token with this id of its issuer; return whether nobody has used it. It holds until `ends`."""
    return _use(connection, _name(_TOKEN, issuer, token_id), ends, now)


def note_signed_out(
    connection: Connection, issuer: str, subject: str | None, sid: str | None, ends: datetime, now: datetime
) -> None:
    """Note that a user signed out at the provider `now`, of one session there or of all. Remember it until `ends`."""
    for each in {sid, _ANY_SESSION} if subject and sid else {sid}:
        keep_fact(connection, _of_user(issuer, subject, each), f"{ends.isoformat()} {now.isoformat()}")


def was_signed_out(
    connection: Connection, issuer: str, subject: str, sid: str | None, since: datetime, now: datetime
) -> bool:
    """Return whether the user, or the one session there, was signed out at the provider between two moments.

    Where the session there is not known, it may be any. What seems to be later than `now` was noted before the clock
    was put back.
    """
    whose = [(subject, None), *([(subject, sid), (None, sid)] if sid else [(subject, _ANY_SESSION)])]
    noted = find_facts(connection, [_of_user(issuer, *each) for each in whose])
    return any(since <= datetime.fromisoformat(text.split()[1]) <= now + _SKEW for text in noted.values())


def _use(connection: Connection, name: str, ends: datetime, now: datetime) -> bool:
    """Use something once, and forget what is too old."""
    ours = or_(*(meta.c.name.startswith(kind, autoescape=True) for kind in (_ANSWERED, _TOKEN, _SIGNED_OUT)))
    connection.execute(delete(meta).where(meta.c.value < now.isoformat(), ours))
    mine = f"{ends.isoformat()} {token_hex(8)}"
    return settle_fact(connection, name, mine) == mine


def _of_user(issuer: str, subject: str | None, sid: str | None) -> str:
    return _name(_SIGNED_OUT, issuer, *(f"{len(part)} {part}" if part else "" for part in (subject, sid)))


def _name(kind: str, *words: str) -> str:
    return f"{kind}{hashlib.sha256(chr(0).join(words).encode()).hexdigest()}"
