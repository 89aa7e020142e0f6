"""What decides what operators are told, loaded from the database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ...alerting.deciding import Known
from ...alerting.problems import Mute, Problem, Returns, Span, Told, Window, count_returns, problem_id
from ...alerting.words import summarize
from ...store.alerting.state import (
    find_end,
    load_alerts,
    load_ended,
    load_groups,
    load_mutes,
    load_spans,
    load_told,
    load_windows,
)
from ...store.alerts import SEVERITIES
from ...store.event_queries import load_names

_LATELY = timedelta(days=1)  # problems that came back within this time are counted
_MOST_SPANS = 5_000
_MUTE_OUTLASTS = timedelta(days=1)  # the end of its problem, which may come back


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What decides what is told, and the mutes that have ended with their problems."""

    known: Known
    outlived: tuple[str, ...] = ()


def load_known(connection: Connection, now: datetime) -> Stored:
    """Load what decides what is told now."""
    stored = load_lasting(connection, now)
    problems = stored.known.problems
    lasting = {problem.id for problem in problems}
    told = tuple(_read_told(connection, row, lasting) for row in load_told(connection))
    returns = _count_returns(connection, problems, told, now)
    return replace(stored, known=replace(stored.known, told=told, returns=returns))


def load_lasting(connection: Connection, now: datetime) -> Stored:
    """Load the problems that last, the mutes and the maintenance windows: without what was told, and what came back."""
    problems = load_problems(connection)
    lasting = {problem.id for problem in problems}
    mutes = tuple(Mute(**row._mapping) for row in load_mutes(connection, now))
    outlived = tuple(mute.problem for mute in mutes if mute.problem not in lasting and _is_over(connection, mute, now))
    known = Known(
        problems=problems,
        mutes=tuple(mute for mute in mutes if mute.problem not in outlived),
        windows=load_planned(connection, now),
    )
    return Stored(known=known, outlived=outlived)


def load_planned(connection: Connection, now: datetime) -> tuple[Window, ...]:
    """Load the maintenance windows that last or are to come, the first to begin first."""
    return tuple(Window(**row._mapping) for row in load_windows(connection, now))


def load_problems(connection: Connection) -> tuple[Problem, ...]:
    """Load the problems that last, the oldest first."""
    groups = load_groups(connection)
    summaries = _summarize(connection, groups)
    return tuple(
        Problem(
            kind=group.kind,
            account=group.account,
            cause=group.cause,
            severity=SEVERITIES[group.rank],
            count=group.alerts,
            since=group.since,
            summary=summary,
        )
        for group, summary in zip(groups, summaries, strict=True)
    )


def list_ended(connection: Connection, since: datetime, lasting: Collection[str]) -> tuple[str, ...]:
    """List the summaries of the problems that ended since a moment."""
    groups = [row for row in load_ended(connection, since) if _id_of(row) not in lasting]
    return _summarize(connection, groups)


def _count_returns(
    connection: Connection, problems: Iterable[Problem], told: Iterable[Told], now: datetime
) -> dict[str, Returns]:
    """Count how often the problems that last or were told came back lately."""
    spans: dict[str, list[Span]] = {problem.id: [(problem.since, now)] for problem in problems}
    for before in told:
        spans.setdefault(before.problem, [])
    if not spans:
        return {}
    for row in load_spans(connection, now - _LATELY, _MOST_SPANS):
        if (found := spans.get(_id_of(row))) is not None:
            found.append((row.raised_at, row.cleared_at))
    return {problem: count_returns(several) for problem, several in spans.items() if len(several) > 1}


def _summarize(connection: Connection, groups: Iterable[Row[Any]]) -> tuple[str, ...]:
    rows = list(groups)
    alerts = load_alerts(connection, [row.first for row in rows])
    names = load_names(connection, [alert.subject for alert in alerts.values() if alert.subject])
    summaries = []
    for row in rows:
        alert = alerts[row.first]
        about = names.get(alert.subject, alert.subject or "")
        things = "events" if alert.subject in names else "hosts" if "@" in about else "alerts"
        summaries.append(summarize(row.kind, row.cause, (row.alerts, things), about, str(alert.sentence)))
    return tuple(summaries)


def _read_told(connection: Connection, row: Row[Any], lasting: Collection[str]) -> Told:
    ended = None if row.problem in lasting else find_end(connection, row.kind, row.account, row.cause)
    return Told(**row._mapping, ended=ended)


def _is_over(connection: Connection, mute: Mute, now: datetime) -> bool:
    if mute.until is not None:
        return False
    end = find_end(connection, mute.kind, mute.account, mute.cause)
    return max(mute.at, end or mute.at) + _MUTE_OUTLASTS <= now


def _id_of(row: Row[Any]) -> str:
    return problem_id(row.kind, row.account, row.cause)
