"""The runs, for operators."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from ...clock import iso_text
from ...engine.effects import Intent, load_intent
from ...engine.listing import count_runs, find_later, get_run
from ...engine.runs import Run
from ...messages import message_json
from ...planning import action_from_json
from ...store.db.connect import Database
from ...store.zoom_calls import load_calls
from .run_lists.filters import EVERY, RunChoice, choose_runs

Document = dict[str, Any]
Later = Mapping[int, int]  # the number of a later run, by that of the failed run that it has replaced
_WORDS = {
    "done": "done",
    "running": "under way",
    "active": "not begun",
    "waiting": "waiting",
    "retrying": "tried again",
    "parked": "waiting for an operator",
    "failed": "failed",
    "cancelled": "cancelled",
}
_FEW = 3  # errors in a summary


def page_runs(
    database: Database, choice: RunChoice, *, before: int | None, limit: int
) -> tuple[tuple[Run, ...], Later, dict[str, int]]:
    """Return a page of runs, the later runs that have replaced some, and the number of open or failed ones by state."""
    with database.read() as connection:
        runs = choose_runs(connection, choice, before=before, limit=limit)
        return runs, _find_replaced(connection, runs), count_runs(connection)


def show_runs(
    database: Database, choice: RunChoice = EVERY, *, before: int | None = None, limit: int = 50
) -> list[Document]:
    """List runs as JSON values, the newest first: each with the later run that has replaced it, if it failed."""
    with database.read() as connection:
        runs = choose_runs(connection, choice, before=before, limit=limit)
        later = _find_replaced(connection, runs)
    return [run_json(run) | {"replaced_by": later.get(run.id)} for run in runs]


def show_run(database: Database, run_id: int) -> Document:
    """Return a run as JSON, with its calls to Zoom and the open change of its event. Raise NotFoundError."""
    run = get_run(database, run_id)
    with database.read() as connection:
        intent = load_intent(connection, run.subject)
        calls = [
            {"at": iso_text(c.at), "method": c.method, "path": c.path, "status": c.status, "tracking_id": c.tracking_id}
            for c in load_calls(connection, run_id)
        ]
    return run_json(run) | {"open": _open_change_json(intent, run_id) if intent else None, "calls": calls}


def run_json(run: Run) -> Document:
    """Build the JSON of a run."""
    return {
        "id": run.id,
        "job": run.job,
        "subject": run.subject.id,
        "account": run.account or None,
        "state": state_of(run),
        "attempts": run.attempts,
        "outcome": str(run.outcome) if run.outcome else None,
        "error": str(run.error) if run.error else None,
        "message": message_json(message) if (message := run.error or run.outcome) else None,
        "next_at": iso_text(run.next_at),
        "created": iso_text(run.created),
        "finished": iso_text(run.finished),
    }


def state_of(run: Run) -> str:
    """Return the state of a run for people. An active run is shown as running, waiting, retrying or active."""
    if run.state != "active":
        return run.state
    if run.started is not None:
        return "running"
    if run.waiting:
        return "waiting"
    return "retrying" if run.error else "active"


def sum_up(runs: Iterable[Run]) -> str:
    """Count runs by what became of them, with the errors of those that are not done."""
    found: dict[str, list[Run]] = {}
    for run in runs:
        found.setdefault(_WORDS[state_of(run)], []).append(run)
    parts = [
        f"{len(found[words])} {words}{_errors_of(found[words])}"
        for words in dict.fromkeys(_WORDS.values())
        if words in found
    ]
    return f"{', '.join(part.rstrip('.') for part in parts)}." if parts else "Nothing is to be done."


def consequences_of_stopping(run: Run, begun: str | None) -> Iterator[str]:
    """Yield what cancelling a run does outside, and what not. `begun` names a change whose result is unknown."""
    if not run.attempts:
        yield "Nothing happens at Zoom, and nobody is mailed: it has not begun."
        return
    if run.started is not None:
        yield "A call to Zoom that is on its way is not called back; no further change is begun."
    if begun:
        yield f"Zoom was asked for a change ({begun}), and nobody saw the answer: it may be done all the same."
    yield "What was done at Zoom stays: nothing is undone, and nobody is mailed."


def _find_replaced(connection: Connection, runs: Iterable[Run]) -> Later:
    return find_later(connection, [run.id for run in runs if run.state == "failed"])


def _errors_of(runs: list[Run]) -> str:
    """List the errors of runs that are not done, each once and without its full stop."""
    errors = dict.fromkeys(str(run.error).rstrip(".") for run in runs if run.error and run.state != "done")
    more = f"; and {len(errors) - _FEW} more" if len(errors) > _FEW else ""
    return f": {'; '.join(list(errors)[:_FEW])}{more}" if errors else ""


def _open_change_json(intent: Intent, run_id: int) -> dict[str, Any]:
    """Build the JSON of an open change: action, start time, what to look for, and the commands that settle it.

    If the webinar or the panelists exist, the operator adopts them, so that nobody is invited twice.
    """
    action = action_from_json(intent.change.action)
    retry, adoption = f"zoom-ops runs retry {run_id}", action.adoption()
    there = ("you have looked, and it is there", f"zoom-ops events adopt {adoption}")
    commands = (
        ("what was in the way is mended", retry),
        *((there,) if adoption else ()),
        ("you have looked, and it was not done", f"{retry} --not-done"),
    )
    return {
        "action": action.kind,
        "since": iso_text(intent.began),
        "look_for": str(action.look_for()),
        "commands": [{"when": when, "command": command} for when, command in commands],
    }
