"""What a problem is about, loaded for the message that tells of it: its first alerts, and the events that wait."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row

from ...alerting.problems import Problem
from ...alerting.words import SHOWN, Detail, Line
from ...store.alerting.state import load_alerts_of, load_alerts_until
from ...store.event_queries import load_names, load_times
from ..context import Context
from ..waiting import load_waiting

_OUTAGES = ("account_stopped", "paused_for_long")  # no call goes to Zoom for the account


def load_detail(context: Context, connection: Connection, problem: Problem) -> Detail:
    """Load the first alerts of a problem with the events that they are about, and the events that wait for its end."""
    rows = load_alerts_of(connection, problem.kind, problem.account, problem.cause, SHOWN)
    waits = ""
    if problem.account and problem.kind in _OUTAGES and not all(row.subject for row in rows):
        waits = load_waiting(context, connection, problem.account, write=context.alerting.frame.hours.local)
    return Detail(lines=_lines(context, connection, rows), count=problem.count, waits=waits)


def load_past_detail(context: Context, connection: Connection, problem: Problem) -> Detail:
    """Load the events and hosts that the first alerts of a problem were about that is over, without what was to do."""
    rows = [
        row
        for row in load_alerts_until(connection, problem.kind, problem.account, problem.cause, problem.since)
        if row.subject
    ]
    lines = (replace(line, sentence="") for line in _lines(context, connection, rows[:SHOWN]))
    return Detail(lines=tuple(lines), count=len(rows))


def _lines(context: Context, connection: Connection, rows: Iterable[Row[Any]]) -> tuple[Line, ...]:
    rows = tuple(rows)
    subjects = [row.subject for row in rows if row.subject]
    names, times = load_names(connection, subjects), load_times(connection, subjects)
    return tuple(
        Line(
            about=names.get(row.subject, row.subject or ""),
            start=times[row.subject][0] if row.subject in times else None,
            sentence=str(row.sentence),
            link=f"{context.base_url}/-/events/{row.subject}" if row.subject in names else None,
        )
        for row in rows
    )
