"""Keep a line for each call to Zoom, so that a run can show what it did."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from .tables import zoom_call


def record_call(connection: Connection, run_id: int | None, call: Mapping[str, Any]) -> None:
    """Write a call down: account, at, method, path, status, tracking_id."""
    connection.execute(insert(zoom_call).values({**call, "run_id": run_id}))


def load_calls(connection: Connection, run_id: int) -> tuple[Row[Any], ...]:
    """Load the calls that a run made, in order."""
    return tuple(connection.execute(select(zoom_call).where(zoom_call.c.run_id == run_id).order_by(zoom_call.c.id)))
