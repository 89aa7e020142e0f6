"""Second factors of users, with recovery codes. Secrets are encrypted; of a code only a keyed digest is stored."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, select, update

from ..db.upsert import insert_into
from ..db.values import find_value
from ..tables import recovery_code, second_factor, site_user


@dataclass(frozen=True, kw_only=True)
class SecondFactor:
    """The authenticator app of a user."""

    user_id: int
    sealed_secret: bytes = field(repr=False)
    step: int  # the latest time step whose code was used
    added_at: datetime


def has_factor() -> ColumnElement[bool]:
    """Build the column that tells whether a user has a second factor, for queries of users."""
    return exists().where(second_factor.c.user_id == site_user.c.id).correlate(site_user).label("second_factor")


def find_factor(connection: Connection, user_id: int) -> SecondFactor | None:
    """Find the second factor of a user, or None."""
    return find_value(connection, SecondFactor, select(second_factor).where(second_factor.c.user_id == user_id))


def load_owners(connection: Connection, user_ids: Collection[int] | None = None) -> dict[int, datetime]:
    """Load since when users have a second factor, by id: of some users or of all, without those who have none."""
    query = select(second_factor.c.user_id, second_factor.c.added_at)
    query = query if user_ids is None else query.where(second_factor.c.user_id.in_(user_ids))
    return {row.user_id: row.added_at for row in connection.execute(query)}


def insert_factor(connection: Connection, user_id: int, sealed_secret: bytes, step: int, now: datetime) -> bool:
    """Write the second factor of a user, whose code of `step` was used. Return False where there is one already."""
    row = {"user_id": user_id, "sealed_secret": sealed_secret, "step": step, "added_at": now}
    added = insert_into(connection, second_factor).values(row).on_conflict_do_nothing(index_elements=["user_id"])
    return bool(connection.execute(added).rowcount)


def use_step(connection: Connection, user_id: int, step: int) -> bool:
    """Use the code of a time step. Return False where it, or a later one, was used: also by another process."""
    later = second_factor.c.user_id == user_id, second_factor.c.step < step
    return bool(connection.execute(update(second_factor).where(*later).values(step=step)).rowcount)


def delete_factor(connection: Connection, user_id: int) -> bool:
    """Delete the second factor of a user with its recovery codes. Return whether there was one."""
    connection.execute(delete(recovery_code).where(recovery_code.c.user_id == user_id))
    return bool(connection.execute(delete(second_factor).where(second_factor.c.user_id == user_id)).rowcount)


def replace_codes(connection: Connection, user_id: int, digests: Iterable[str]) -> None:
    """Write the digests of new recovery codes in place of all earlier ones."""
    connection.execute(delete(recovery_code).where(recovery_code.c.user_id == user_id))
    connection.execute(insert(recovery_code), [{"digest": digest, "user_id": user_id} for digest in digests])


def use_code(connection: Connection, user_id: int, digests: Collection[str]) -> bool:
    """Use up the recovery code with one of these digests, one by each key. Return False where it is none, or used."""
    mine = recovery_code.c.user_id == user_id, recovery_code.c.digest.in_(digests)
    return bool(connection.execute(delete(recovery_code).where(*mine)).rowcount)


def has_codes(connection: Connection, user_id: int, digests: Collection[str]) -> bool:
    """Return whether a user has each of these recovery codes, given by digests, and used none."""
    mine = recovery_code.c.user_id == user_id, recovery_code.c.digest.in_(digests)
    return connection.scalar(select(func.count()).select_from(recovery_code).where(*mine)) == len(digests)


def count_codes(connection: Connection, user_id: int) -> int:
    """Count the recovery codes that a user has left."""
    query = select(func.count()).select_from(recovery_code).where(recovery_code.c.user_id == user_id)
    return connection.scalar(query) or 0
