"""Answers to requests with an Idempotency-Key: whoever repeats the request gets the same answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, func, insert, select, text

from ..db.encryption import SecretBox
from ..tables import kept_answer

KEPT_FOR = timedelta(days=1)
MOST_KEPT = 1_000  # of one caller
MOST_BYTES = 20_000_000  # of one caller, packed
_COLUMNS = kept_answer.c


@dataclass(frozen=True, kw_only=True)
class KeptAnswer:
    """An answer, with a fingerprint of the request; `body` may hold join links and addresses, so it is sealed."""

    fingerprint: str
    status: int
    headers: dict[str, str]
    body: bytes


def lock_key(connection: Connection, caller: str, key: str) -> bool:
    """Lock a key until the transaction ends; return False if another request has it.

    On SQLite a transaction that writes is alone anyway.
    """
    if connection.dialect.name == "sqlite":
        return True
    number = int.from_bytes(sha256(f"{caller}\0{key}".encode()).digest()[:8], signed=True)
    return bool(connection.scalar(text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": number}))


def find_answer(connection: Connection, box: SecretBox, caller: str, key: str, now: datetime) -> KeptAnswer | None:
    """Find the answer that a caller got to a key within the last day, or None."""
    query = select(kept_answer).where(_COLUMNS.caller == caller, _COLUMNS.key == key, _COLUMNS.at > now - KEPT_FOR)
    row = connection.execute(query).first()
    if row is None:
        return None
    body = box.unseal_packed(row.sealed_body)
    return KeptAnswer(fingerprint=row.fingerprint, status=row.status, headers=row.headers, body=body)


def keep_answer(
    connection: Connection, box: SecretBox, caller: str, key: str, now: datetime, answer: KeptAnswer
) -> None:
    """Keep an answer, in the place of an older one to this key. Of the caller's, only the latest stay."""
    mine = _COLUMNS.caller == caller
    connection.execute(delete(kept_answer).where(mine, _COLUMNS.key == key))
    sealed = box.seal_packed(answer.body)
    sizes = select(_COLUMNS.id, func.length(_COLUMNS.sealed_body)).where(mine).order_by(_COLUMNS.id.desc())
    room = MOST_BYTES - len(sealed)
    for number, (oldest, size) in enumerate(connection.execute(sizes).all(), start=1):
        room -= size
        if room < 0 or number >= MOST_KEPT:
            connection.execute(delete(kept_answer).where(mine, _COLUMNS.id <= oldest))
            break
    values = {"status": answer.status, "headers": answer.headers, "sealed_body": sealed}
    row = {"caller": caller, "key": key, "fingerprint": answer.fingerprint, "at": now, **values}
    connection.execute(insert(kept_answer).values(row))
