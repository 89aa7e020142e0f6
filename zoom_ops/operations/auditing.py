"""The audit, as it is shown and exported."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..store.audit import iter_audit
from ..store.connect import Database

COLUMNS = ("at", "who", "how", "address", "what", "subject_kind", "subject", "detail")


def iter_deeds(
    database: Database, *, since: datetime | None = None, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """List who did what as JSON values, oldest first: since a moment, and the latest `limit` of them."""
    with database.read() as connection:
        for deed in iter_audit(connection, since=since, limit=limit):
            yield {**asdict(deed), "at": deed.at.isoformat(timespec="seconds")}
