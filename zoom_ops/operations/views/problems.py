"""Problems, mutes and maintenance windows, as operators see them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from ...alerting.deciding import Known
from ...alerting.problems import Mute, Problem, Window, find_mute, find_window, problem_id
from ...alerting.words import SHOWN
from ...clock import iso_text
from ...engine.runs import Run
from ...messages import as_said, message_json
from ...stages import ALERT_KINDS
from ...store.alerting.state import load_first_alerts, load_times_told
from ...store.alerts import SEVERITIES
from ...store.coming import WaitingEvent, load_named
from ...store.db.connect import Database
from ..alerting.known import load_lasting, load_planned
from ..subjects import event_in
from ..waiting import name_events

Document = dict[str, Any]
_NAMED = 3  # events of a problem in a line


def show_problems(database: Database, *, limit: int = 50) -> list[Document]:
    """List the problems that last as JSON values, the worst first: what they are, and whether somebody is told."""
    with database.read() as connection:
        now = database.now(connection)
        return describe_problems(connection, load_lasting(connection, now).known, now, limit)


def describe_problems(connection: Connection, known: Known, now: datetime, limit: int) -> list[Document]:
    """Build the JSON of the problems that last, the worst first. What they are about is loaded for all together."""
    ordered = sorted(known.problems, key=lambda problem: (-SEVERITIES.index(problem.severity), problem.since))
    alerts, told = load_first_alerts(connection, SHOWN), load_times_told(connection)
    firsts = [(problem, alerts.get((problem.kind, problem.account, problem.cause), ())) for problem in ordered[:limit]]
    events = load_named(connection, [subject for _, rows in firsts for subject in _subjects_of(rows)[:_NAMED]])
    return [
        {
            **_problem(problem, rows, events),
            "told": iso_text(told.get(problem.id)),
            **_silenced(problem.id, problem.account, known, now),
        }
        for problem, rows in firsts
    ]


def show_windows(database: Database) -> list[Document]:
    """List the maintenance windows that last or are to come as JSON values, the first to begin first."""
    with database.read() as connection:
        now = database.now(connection)
        return describe_windows(load_planned(connection, now), now)


def describe_windows(windows: Iterable[Window], now: datetime) -> list[Document]:
    """Build the JSON of maintenance windows."""
    return [_window(window, now) for window in windows]


def describe_mutes(known: Known) -> list[Document]:
    """Build the JSON of the mutes, the oldest first."""
    return [
        {"problem": mute.problem, "kind": mute.kind, "account": mute.account, **_mute(mute)} for mute in known.mutes
    ]


def silences(known: Known, rows: Iterable[Any], now: datetime) -> Mapping[int, Document]:
    """Return by the id of an alert which problem it belongs to, its mute and the window that covers it."""
    keys = {row.id: (row.kind, row.account, row.cause) for row in rows}
    silenced = {
        key: {"problem": problem_id(*key), **_silenced(problem_id(*key), key[1], known, now)}
        for key in set(keys.values())
    }
    return {number: silenced[key] for number, key in keys.items()}


def lasting_windows(known: Known, now: datetime) -> list[Document]:
    """List the maintenance windows that last now."""
    return describe_windows((window for window in known.windows if window.lasts(now)), now)


def without_told(runs: Iterable[Run], alerts: Iterable[Row[Any]]) -> tuple[Run, ...]:
    """Leave out the runs of which an alert tells: that of their event's stage, or one about runs."""
    told = {row.subject for row in alerts if row.kind in ALERT_KINDS}
    return tuple(run for run in runs if told.isdisjoint(_names_of(run)))


def find_told(alert: Row[Any], runs: Iterable[Run]) -> Run | None:
    """Find the run of which an alert tells, among runs that failed or are parked; None if it tells of none of them."""
    if alert.kind not in ALERT_KINDS:
        return None
    about = (run for run in runs if alert.subject in _names_of(run) and run.error)
    return next((run for run in about if str(run.error).rstrip(".…") in str(alert.sentence)), None)


def _names_of(run: Run) -> tuple[str | None, ...]:
    """Return what an alert of a run may be about: its subject, or the event whose record in a home that is."""
    return run.subject.id, run.subject.name, event_in(run.subject)


def _problem(problem: Problem, alerts: Sequence[Row[Any]], events: Mapping[str, WaitingEvent]) -> Document:
    subjects = _subjects_of(alerts)
    message = alerts[0].sentence if alerts else as_said("")
    sentence = str(message)
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
        "about": _say_about(events, subjects, problem.count, sentence),
        "sentence": sentence,
        "message": message_json(message),
        "alerts": [row.id for row in alerts],
    }


def _subjects_of(alerts: Iterable[Row[Any]]) -> list[str]:
    return [row.subject for row in alerts if row.subject]


def _say_about(events: Mapping[str, WaitingEvent], subjects: list[str], count: int, sentence: str) -> str:
    """Name the first events of a problem with their start; empty where its sentence names the only one."""
    named = {subject: events[subject] for subject in subjects[:_NAMED] if subject in events}
    first = named.get(subjects[0]) if subjects else None
    if not named or (count == 1 and first and (first.name in sentence or subjects[0] in sentence)):
        return ""
    return name_events(list(named.values()), count)


def _silenced(problem: str, account: str | None, known: Known, now: datetime) -> Document:
    mute, window = find_mute(known.mutes, problem, now), find_window(known.windows, account, now)
    return {"muted": _mute(mute) if mute else None, "window": _window(window, now) if window else None}


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
