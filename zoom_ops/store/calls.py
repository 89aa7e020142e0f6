"""Keep a line for each call to Zoom, so that a run can show what it did."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from .tables import zoom_call


def record_call(
    connection: Connection,
    *,
    run_id: int | None,
    account: str,
    at: datetime,
    method: str,
    path: str,
    status: int | None,
    tracking_id: str | None,
) -> None:
    """Write a call down."""
    connection.execute(
        insert(zoom_call).values(
            run_id=run_id, account=account, at=at, method=method, path=path, status=status, tracking_id=tracking_id
        )
    )


def load_calls(connection: Connection, run_id: int) -> tuple[Row[Any], ...]:
    """Load the calls that a run made, in order."""
    return tuple(connection.execute(select(zoom_call).where(zoom_call.c.run_id == run_id).order_by(zoom_call.c.id)))
