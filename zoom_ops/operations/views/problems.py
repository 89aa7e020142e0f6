"""Problems, mutes and maintenance windows, as operators see them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from ...alerting.deciding import Known
from ...alerting.problems import Mute, Problem, Window, find_mute, find_window, problem_id
from ...alerting.words import SHOWN
from ...clock import iso_text
from ...engine.runs import Run
from ...stages import ALERT_KINDS
from ...store.alerting.state import load_alerts_of
from ...store.alerts import SEVERITIES
from ...store.db.connect import Database
from ...store.event_queries import load_named
from ..alerting.known import load_known, load_lasting
from ..subjects import event_in
from ..waiting import name_events

Document = dict[str, Any]
_NAMED = 3  # events of a problem in a line


def show_problems(database: Database, *, limit: int = 50) -> list[Document]:
    """List the problems that last as JSON values, the worst first: what they are, and whether somebody is told."""
    with database.read() as connection:
        now = database.now(connection)
        known = load_known(connection, now).known
        ordered = sorted(known.problems, key=lambda problem: (-SEVERITIES.index(problem.severity), problem.since))
        return [_problem(connection, problem, known, now) for problem in ordered[:limit]]


def show_windows(database: Database) -> list[Document]:
    """List the maintenance windows that last or are to come as JSON values, the first to begin first."""
    with database.read() as connection:
        now = database.now(connection)
        return [_window(window, now) for window in load_lasting(connection, now).known.windows]


def show_mutes(database: Database) -> list[Document]:
    """List the mutes as JSON values, the oldest first."""
    with database.read() as connection:
        mutes = load_lasting(connection, database.now(connection)).known.mutes
    return [{"problem": mute.problem, "kind": mute.kind, "account": mute.account, **_mute(mute)} for mute in mutes]


def silences(known: Known, rows: Iterable[Any], now: datetime) -> Mapping[int, Document]:
    """Return by the id of an alert which problem it belongs to, its mute and the window that covers it."""
    return {row.id: _silence(problem_id(row.kind, row.account, row.cause), row.account, known, now) for row in rows}


def lasting_windows(known: Known, now: datetime) -> list[Document]:
    """List the maintenance windows that last now."""
    return [_window(window, now) for window in known.windows if window.lasts(now)]


def without_told(runs: Iterable[Run], alerts: Iterable[Row[Any]]) -> tuple[Run, ...]:
    """Leave out the runs of which an alert tells: that of their event's stage, or one about runs."""
    told = {row.subject for row in alerts if row.kind in ALERT_KINDS}
    return tuple(run for run in runs if told.isdisjoint(_names_of(run)))


def find_told(alert: Row[Any], runs: Iterable[Run]) -> Run | None:
    """Find the run of which an alert tells, among runs that failed or are parked; None if it tells of none of them."""
    if alert.kind not in ALERT_KINDS:
        return None
    about = (run for run in runs if alert.subject in _names_of(run) and run.error)
    return next((run for run in about if (run.error or "").rstrip(".…") in alert.sentence), None)


def _names_of(run: Run) -> tuple[str | None, ...]:
    """Return what an alert of a run may be about: its subject, or the event whose record in a home that is."""
    return run.subject.id, run.subject.name, event_in(run.subject)


def _problem(connection: Connection, problem: Problem, known: Known, now: datetime) -> Document:
    alerts = load_alerts_of(connection, problem.kind, problem.account, problem.cause, SHOWN)
    told = [row.at for row in known.told if row.problem == problem.id]
    subjects = [row.subject for row in alerts if row.subject]
    sentence = alerts[0].sentence if alerts else ""
    return {
        "id": problem.id,
        "kind": problem.kind,
        "account": problem.account,
        "cause": problem.cause,
        "severity": problem.severity,
        "summary": problem.summary,
        "count": problem.count,
        "since": iso_text(problem.since),
        "subjects": subjects,
        "about": _say_about(connection, subjects, problem.count, sentence),
        "sentence": sentence,
        "alerts": [row.id for row in alerts],
        "told": iso_text(max(told)) if told else None,
        **{key: value for key, value in _silence(problem.id, problem.account, known, now).items() if key != "problem"},
    }


def _say_about(connection: Connection, subjects: list[str], count: int, sentence: str) -> str:
    """Name the first events of a problem with their start; empty where its sentence names the only one."""
    events = load_named(connection, subjects[:_NAMED])
    first = events.get(subjects[0]) if subjects else None
    if not events or (count == 1 and first and (first.name in sentence or subjects[0] in sentence)):
        return ""
    return name_events(list(events.values()), count)


def _silence(problem: str, account: str | None, known: Known, now: datetime) -> Document:
    mute, window = find_mute(known.mutes, problem, now), find_window(known.windows, account, now)
    return {
        "problem": problem,
        "muted": _mute(mute) if mute else None,
        "window": _window(window, now) if window else None,
    }


def _mute(mute: Mute) -> Document:
    return {"note": mute.note, "who": mute.who, "at": iso_text(mute.at), "until": iso_text(mute.until)}


def _window(window: Window, now: datetime) -> Document:
    return {
        "id": window.id,
        "begins": iso_text(window.begins),
        "ends": iso_text(window.ends),
        "lasts": window.lasts(now),
        "account": window.account,
        "note": window.note,
        "who": window.who,
    }
