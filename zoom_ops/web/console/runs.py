"""Runs in the console: list, live detail, retry, cancel."""

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response

from ...engine.listing import STATES, find_later, get_open_run, get_run
from ...engine.runs import Run
from ...errors import BadInputError
from ...operations.jobs.requests import cancel_run, retry_run
from ...operations.services import Operations
from ...operations.subjects import event_in, name_subject
from ...operations.views.events import names_of
from ...operations.views.impact import impact_of_retry
from ...operations.views.run_lists.causes import show_causes
from ...operations.views.run_lists.filters import RunQuery, read_query
from ...operations.views.run_lists.retries import plan_retry, retry_in_batches
from ...operations.views.run_log import load_log
from ...operations.views.runs import consequences_of_stopping, page_runs, show_run, state_of
from ...planning import name_action
from ...stages import name_job
from ...store.effects import load_effects
from ..dependencies import TheOperations
from ..edge.bodies import Form
from ..return_path import console_path
from .confirming import Question, ask, ask_first
from .frame import TheActor, TheForm, go_on, make_router, refuse_filter, show
from .options import event_of, quote_event
from .paging import PAGE_SIZE, read_number

_TROUBLE = "trouble"
_CAUSES = 20  # above the list
_NAMED = 3  # subjects of a cause
_SPANS = {"Last hour": "1h", "Last day": "1d", "Last week": "7d", "All": ""}

router = make_router()


def _query(  # each is a field of the form
    state: str = "",
    job: str = "",
    event: str = "",
    since: str = "",
    cause: str = "",
    everything: Annotated[str, Query(alias="all")] = "",
) -> RunQuery:
    """Read the filters of the address. The state `trouble` stands for failed or parked."""
    failed = state == _TROUBLE
    return RunQuery(
        job=job.strip(),
        event=event.strip(),
        since=since.strip(),
        state="" if failed else state,
        cause=cause.strip()[:300],
        failed=failed,
        everything=bool(everything),
    )


@router.get("/runs")
def list_runs(
    request: Request, operations: TheOperations, query: Annotated[RunQuery, Depends(_query)], before: str = ""
) -> Response:
    """List runs, the newest first, filtered by state, job, event, time and cause."""
    latest = read_number(before, "run") if before else None
    database = operations.context.database
    filters = {"query": query, "states": STATES, "jobs": operations.jobs}
    try:
        query = replace(query, event=event_of(operations, query.event))
        choice = read_query(database, query, operations.jobs)
    except BadInputError as error:
        return refuse_filter(request, "runs.html", filters, error)
    runs, later, counts = page_runs(database, choice, before=latest, limit=PAGE_SIZE + 1)
    shown = [(run, state_of(run)) for run in runs[:PAGE_SIZE]]
    causes = show_causes(database, choice, limit=_CAUSES) if query.needs_person else []
    subjects = {event_id for run, _ in shown if (event_id := event_in(run.subject))}
    subjects |= {subject for cause in causes for subject in cause["subjects"][:_NAMED]}
    values = {"runs": shown, "more": len(runs) > PAGE_SIZE, "counts": counts, "later": later, "causes": causes}
    values["names"] = names_of(database, subjects)
    own = f"{_list_address(query)}&before={latest}" if latest else _list_address(query)
    filters |= {"query": query, "address": _address_of(query), "own": own}
    values["spans"] = [
        (name, _list_address(replace(query, since=since)), query.since == since) for name, since in _SPANS.items()
    ]
    values["address_of_cause"] = lambda cause: _list_address(replace(query, cause=cause))
    return show(request, "runs.html", values | filters)


@router.get("/runs/{number}")
def show_one(request: Request, number: str, operations: TheOperations) -> Response:
    """Show a run: its outcome, and its calls to Zoom."""
    return show(request, "run.html", _run(operations, number))


@router.post("/runs/retry")
def retry_failed(request: Request, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Retry all runs that failed or are parked and match the filters of the list; without a state both."""
    state, *narrower = (form.get(name, "") for name in ("state", "job", "event", "since", "cause"))
    query = _query(state or _TROUBLE, *narrower)
    query = replace(query, event=event_of(operations, query.event))
    if not query.needs_person:
        raise BadInputError("Only runs that failed or are parked can be tried again: choose one of these states.")
    where = _list_address(query)
    plan = plan_retry(
        operations.context, operations.jobs, read_query(operations.context.database, query, operations.jobs)
    )
    question = Question(title="Try all of them again?", button=f"Try {len(plan.runs)} again", back=where)
    if confirmation := ask_first(request, form, plan.sentences, question):
        return confirmation
    batches = tuple(retry_in_batches(operations.context, plan, by, query.words))
    operations.wake()
    count, skipped = sum(len(batch.runs) for batch in batches), sum(batch.skipped for batch in batches)
    left = f" {skipped} were skipped: somebody else retried, mended or cancelled them." if skipped else ""
    return go_on(where, f"{count} {'run is' if count == 1 else 'runs are'} tried again: {plan.named}.{left}")


@router.post("/runs/{number}/retry")
def retry(request: Request, number: str, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Retry a run, from its page or from a list, which the form names as `back`.

    `force` in the form also does what the guard refuses. `not_done` says that the open change was looked for at Zoom
    and was not made.
    """
    run_id, force, back = read_number(number, "run"), "force" in form, console_path(form.get("back", ""))
    run = get_run(operations.context.database, run_id)
    named = _say_what(operations, run)
    title = f"Try again{' by force' if force else ''}: {named}?"
    question = Question(title=title, button="Try again", back=back or f"/-/runs/{run_id}", danger=force)
    impact = impact_of_retry(operations.context, run_id, operations.jobs.get(run.job), force=force)
    if confirmation := ask_first(request, form, impact.sentences, question):
        return confirmation
    again = retry_run(operations.context, run_id, by, force=force, not_done="not_done" in form)
    operations.wake()
    return go_on(back or f"/-/runs/{again}", f"Tried again: {named}.")


@router.get("/runs/{number}/cancel")
def ask_to_cancel(request: Request, number: str, operations: TheOperations) -> Response:
    """Show the confirmation of a run's cancellation, with its consequences as they are now."""
    run = get_open_run(operations.context.database, read_number(number, "run"))
    begun = show_run(operations.context.database, run.id)["open"]
    question = Question(
        title=f"Cancel run {run.id}: {_say_what(operations, run)}?",
        button="Cancel the run",
        back=f"/-/runs/{run.id}",
        danger=True,
        more="While there is something to do, the job comes back at its next turn, or when something asks for it. "
        "To give it no turns, pause it under Jobs.",
    )
    consequences = tuple(consequences_of_stopping(run, name_action(begun["action"]) if begun else None))
    return ask(request, Form(), consequences, question)


@router.post("/runs/{number}/cancel")
def cancel(number: str, operations: TheOperations, by: TheActor) -> Response:
    """Cancel a run that is open."""
    run = cancel_run(operations.context, read_number(number, "run"), by)
    return go_on(f"/-/runs/{run.id}", "The run is cancelled. What it has done outside stays.")


def _say_what(operations: Operations, run: Run) -> str:
    """Say which job a run is of, and for what."""
    event_id = event_in(run.subject)
    names = {event_id: quote_event(operations, event_id)} if event_id else {}
    return f"{name_job(run.job)} for {name_subject(run.subject, names)}"


def _address_of(query: RunQuery) -> str:
    """Build the query of the list's address: the filters stay in it from page to page."""
    words = {name: value for name, value in query.words.items() if name != "failed"}
    return urlencode(words | ({"state": _TROUBLE} if query.failed else {}))


def _list_address(query: RunQuery) -> str:
    return f"/-/runs?{_address_of(query)}"


def _run(operations: Operations, number: str) -> dict[str, Any]:
    run_id = read_number(number, "run")
    run, subject = show_run(operations.context.database, run_id), get_run(operations.context.database, run_id).subject
    with operations.context.database.read() as connection:
        steps = load_effects(connection, run_id)
        later = find_later(connection, [run_id]).get(run_id) if run["state"] == "failed" else None
    log = load_log(operations.context.database, run_id)[1]
    event_id = event_in(subject)
    names = names_of(operations.context.database, (event_id,)) if event_id else {}
    name = name_subject(subject, names)
    values = {"run": run, "kind": subject.kind, "event": event_id, "name": name, "names": {subject.id: name}}
    return values | {"steps": steps, "log": log, "later": later}
