"""How full the accounts' storage for cloud recordings is, as Zoom last notified."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ...webinars import CloudStorage
from ..db.upsert import upsert
from ..tables import cloud_storage

_STORAGE = select(cloud_storage).where(cloud_storage.c.account == bindparam("of"))


def find_storage(connection: Connection, account: str) -> CloudStorage | None:
    """Find what Zoom last said of an account's storage, or None."""
    row = connection.execute(_STORAGE, {"of": account}).first()
    return CloudStorage(used_percentage=row.used_percentage, used=row.used, told_at=row.told_at) if row else None


def save_storage(connection: Connection, account: str, storage: CloudStorage, now: datetime) -> None:
    """Save what Zoom says of an account's storage."""
    before = find_storage(connection, account)
    values: dict[str, Any] = {
        "used_percentage": storage.used_percentage,
        "used": storage.used,
        "told_at": storage.told_at,
    }
    if before is None or before.is_full != storage.is_full:
        values["changed_at"] = now
    upsert(connection, cloud_storage, {"account": account}, values)
