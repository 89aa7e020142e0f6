"""The audit, as operators read it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from ..store.audit import Deed, iter_audit, page_audit
from .context import Context


def list_deeds(context: Context, *, who: str, subject: str, before: int | None, limit: int) -> tuple[Row[Any], ...]:
    """List a page of what was done, the newest first."""
    with context.database.read() as connection:
        return page_audit(connection, who=who, subject=subject, before=before, limit=limit)


def iter_deeds(context: Context) -> Iterator[Deed]:
    """Give everything that was done, oldest first."""
    with context.database.read() as connection:
        yield from iter_audit(connection)
