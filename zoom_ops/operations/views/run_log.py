"""Everything that is known of a run, in order of time, without secrets and e-mail addresses.

Nothing is stored for it: it is read from the run, its attempts, calls and changes, the audit, and what happened to its
event meanwhile.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row

from ...clock import iso_text
from ...engine.history import load_attempts
from ...engine.listing import find_later, get_run, list_runs
from ...engine.runs import Run
from ...logs import scrub
from ...planning import name_action
from ...store.audit import AuditFilter, iter_audit
from ...store.db.connect import Database
from ...store.effects import load_effects
from ...store.event_queries import load_names
from ...store.events import load_changes
from ...store.notifications import NotificationFilter, page_notifications
from ...store.zoom_calls import load_calls
from ..subjects import event_in, name_subject

Kind = Literal["asked for", "attempt", "call", "change", "event", "notification", "follow-up", "end", "now"]

_MOMENT = timedelta(seconds=2)  # what is written in one transaction is not read from the clock at once
_ASKS = {"job_asked_for": "asked for it", "plan_applied": "applied a plan", "run_retried": "retried it"}
_ASKS |= {"runs_retried": "retried it with others", "run_cancelled": "cancelled it"}
_ENDS = {
    "retried": "failed, and is tried again",
    "waiting": "has to wait",
    "parked": "needs an operator",
    "failed": "failed",
}
_OVER = {"done": "The run is done.", "failed": "The run has failed.", "cancelled": "The run is cancelled."}
_CHANGES = {"intent": "under way", "done": "done", "absent": "not done", "refused": "refused by Zoom"}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened in a run, or that holds now."""

    at: datetime
    kind: Kind
    sentence: str


def load_log(database: Database, run_id: int) -> tuple[Run, tuple[dict[str, Any], ...]]:
    """Return a run with all that is known of it as JSON values, in order of time. Raise NotFoundError."""
    run = get_run(database, run_id)
    with database.read() as connection:
        now = database.now(connection)
        entries = sorted(_iter_entries(connection, run, now), key=lambda entry: entry.at)
    if sentence := _say_now(run, now):
        entries.append(Entry(at=entries[-1].at, kind="now", sentence=sentence))
    return run, tuple(entry_json(entry) for entry in entries)


def entry_json(entry: Entry) -> dict[str, Any]:
    """Build the JSON of an entry: secrets and e-mail addresses are hidden, as in the log of the daemon."""
    return dict(scrub(None, "", {"at": iso_text(entry.at), "kind": entry.kind, "sentence": entry.sentence}))


def _iter_entries(connection: Connection, run: Run, now: datetime) -> Iterator[Entry]:
    """Yield the entries: of the same moment, a cause before its effects."""
    end = run.finished or now
    yield Entry(
        at=run.created,
        kind="asked for",
        sentence=f"{run.job} was asked for, for {_name_subject(connection, run)}.",
    )
    yield from _requests(connection, run, end)
    if run.subject.kind == "event":
        yield from _notifications(connection, run, end)
    yield from map(_call, load_calls(connection, run.id))
    for effect in load_effects(connection, run.id):
        yield from _change(effect)
    if event_id := event_in(run.subject):
        meanwhile = (change for change in load_changes(connection, event_id) if run.created <= change.at <= end)
        yield from (Entry(at=change.at, kind="event", sentence=change.sentence) for change in meanwhile)
    yield from map(_attempt, load_attempts(connection, run.id))
    yield from _end(run)
    yield from _follow_ups(connection, run)


def _name_subject(connection: Connection, run: Run) -> str:
    event_id = event_in(run.subject)
    names = load_names(connection, (event_id,)) if event_id else {}
    return name_subject(run.subject, {known: f"“{name}”" for known, name in names.items()})


def _requests(connection: Connection, run: Run, end: datetime) -> Iterator[Entry]:
    """Yield who asked for the run, retried or cancelled it."""
    for line in iter_audit(connection, AuditFilter(since=run.created - _MOMENT, until=end + _MOMENT)):
        if line.what in _ASKS and _is_about(line, run):
            by = f"{line.who} ({line.how})"
            yield Entry(at=max(line.at, run.created), kind="asked for", sentence=f"{by} {_ASKS[line.what]}.")


def _is_about(line: Row[Any], run: Run) -> bool:
    detail = line.detail
    match line.what:
        case "run_cancelled":
            return bool(line.subject == str(run.id))
        case "job_asked_for":
            return bool(detail.get("job") == run.job and line.subject in (run.subject.id, run.job))
        case "plan_applied":
            return bool(run.subject.id in detail.get("events", ()))
        case "run_retried":
            return bool(detail.get("job") == run.job and detail.get("for") == run.subject.id)
        case _:
            return bool(run.id in detail.get("became", ()))


def _notifications(connection: Connection, run: Run, end: datetime) -> Iterator[Entry]:
    filters = NotificationFilter(event_id=run.subject.id, since=run.created - _MOMENT)
    for row in page_notifications(connection, filters):
        if row.received_at <= end:
            sentence = f"Zoom sent {row.kind} (notification {row.id})."
            yield Entry(at=max(row.received_at, run.created), kind="notification", sentence=sentence)


def _call(call: Row[Any]) -> Entry:
    answer = f"{call.status}" if call.status is not None else "no answer"
    tracked = f" ({call.tracking_id})" if call.tracking_id else ""
    return Entry(at=call.at, kind="call", sentence=f"{call.method} {call.path}: {answer}{tracked}")


def _change(effect: Row[Any]) -> Iterator[Entry]:
    yield Entry(at=effect.began, kind="change", sentence=f"{name_action(effect.kind)}: begun.")
    if effect.resolved:
        yield Entry(
            at=effect.resolved, kind="change", sentence=f"{name_action(effect.kind)}: {_CHANGES[effect.state]}."
        )


def _attempt(row: Row[Any]) -> Entry:
    times = f", {row.times} times since {row.first_at:%Y-%m-%d %H:%M} UTC" if row.times > 1 else ""
    return Entry(
        at=row.at, kind="attempt", sentence=f"Attempt {row.number} {_ENDS[row.outcome]}{times}: {row.sentence}"
    )


def _end(run: Run) -> Iterator[Entry]:
    if run.finished:
        what = {"done": run.outcome, "failed": run.error}.get(run.state) or ""
        yield Entry(at=run.finished, kind="end", sentence=f"{_OVER[run.state]} {what}".strip())
    elif run.started:
        yield Entry(at=run.started, kind="attempt", sentence=f"Attempt {run.attempts} is under way.")


def _say_now(run: Run, now: datetime) -> str:
    """Say what a run that has not ended waits for; nothing while an attempt is under way."""
    if run.state == "parked":
        return f"It waits for an operator: zoom-ops runs retry {run.id}"
    if run.state != "active" or run.started or run.next_at is None:
        return ""
    return f"It is due {'since' if run.next_at <= now else 'at'} {run.next_at:%Y-%m-%d %H:%M:%S} UTC."


def _follow_ups(connection: Connection, run: Run) -> Iterator[Entry]:
    """Yield the runs that its end asked for, and the one that has replaced it."""
    if run.finished is None:
        return
    replaced_by = find_later(connection, [run.id]).get(run.id)
    for other in _later_runs(connection, run):
        if run.state == "done" and other.job != run.job and other.created == run.finished:
            yield Entry(at=other.created, kind="follow-up", sentence=f"It asked for {other.job}: run {other.id}.")
        if other.id == replaced_by:
            sentence = f"A later run has taken its place: run {other.id}, {other.state}."
            yield Entry(at=other.created, kind="follow-up", sentence=sentence)


def _later_runs(connection: Connection, run: Run) -> Iterable[Run]:
    return reversed([other for other in list_runs(connection, subject=run.subject, limit=200) if other.id > run.id])
