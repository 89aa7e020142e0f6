"""Facts of Zoom accounts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from .db.upsert import upsert
from .tables import account_fact


def save_facts(connection: Connection, account: str, facts: Mapping[str, Any], now: datetime) -> None:
    """Save facts of an account, in place of older ones of the same names."""
    for name, value in facts.items():
        upsert(connection, account_fact, {"account": account, "name": name}, {"value": value, "at": now})


def load_facts(connection: Connection, account: str) -> tuple[Row[Any], ...]:
    """Load the facts of an account (name, value, at), by name."""
    query = select(account_fact).where(account_fact.c.account == account).order_by(account_fact.c.name)
    return tuple(connection.execute(query))
