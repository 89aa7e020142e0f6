"""Facts of Zoom accounts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from ..db.upsert import upsert
from ..tables import account_fact


def save_facts(connection: Connection, account: str, facts: Mapping[str, Any], now: datetime) -> None:
    """Save facts of an account, in place of older ones of the same names."""
    for name, value in facts.items():
        upsert(connection, account_fact, {"account": account, "name": name}, {"value": value, "at": now})


def load_facts(connection: Connection, account: str) -> dict[str, Any]:
    """Load the facts of an account: value by name."""
    return {row.name: row.value for row in list_facts(connection, account)}


def list_facts(connection: Connection, account: str | None = None) -> tuple[Row[Any], ...]:
    """List the facts (account, name, value, at) of one account or of all."""
    return tuple(connection.execute(_ALL if account is None else _OF_ACCOUNT, {"of": account}))


_ALL = select(account_fact).order_by(account_fact.c.account, account_fact.c.name)
_OF_ACCOUNT = _ALL.where(account_fact.c.account == bindparam("of"))


def rehearsed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a rehearsal's facts mean for planning, named as in the planner's `Observed`."""
    recording = (facts.get("refused") or {}).get("settings.auto_recording") or {}
    return {
        "host_takes_no_seat": str(facts.get("host_as_panelist", "")).startswith("refused"),
        "rehearsed_recording": recording.get("kept"),
    }
