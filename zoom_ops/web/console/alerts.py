"""Alerts in the console: problems, mutes, maintenance windows, targets, each alert."""

from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from ...operations.alerting.admin import (
    Times,
    add_window,
    check_account,
    mute_problem,
    stop_window,
    try_targets,
    unmute_problem,
)
from ...operations.services import Operations
from ...operations.views.alerts import dismiss_alert, load_page
from ...operations.views.targets import show_targets
from ..dependencies import TheOperations, check_slug
from ..edge.bodies import Form
from .frame import TheActor, TheForm, go_on, make_router, show
from .paging import PAGE_SIZE, read_number

router = make_router()
_PROBLEMS = 50


@router.get("/alerts")
def list_all(
    request: Request, operations: TheOperations, kind: str = "", q: str = "", over: str = "", before: str = ""
) -> Response:
    """Show problems, windows and targets; and the alerts, filtered by kind and words; `over` includes what is over."""
    latest = read_number(before, "alert") if before else None
    filters: dict[str, Any] = {"kinds": (kind,) if kind else (), "words": q[:200], "cleared": bool(over)}
    parameters = {name: value for name, value in (("kind", kind), ("q", q[:200]), ("over", over and "1")) if value}
    filtered = bool(parameters or before)
    at_most = {"problems": 0 if filtered else _PROBLEMS + 1, "limit": PAGE_SIZE + 1}
    page = load_page(operations.context.database, **at_most, **filters, before=latest)
    open_ids = {problem["id"] for problem in page.problems}
    values = {
        "alerts": page.alerts[:PAGE_SIZE],
        "more": len(page.alerts) > PAGE_SIZE,
        "kinds": page.kinds,
        "filtered": filtered,
        "names": page.names,
        "problems": page.problems[:_PROBLEMS],
        "cut": _PROBLEMS if len(page.problems) > _PROBLEMS else 0,
        "mutes": [mute for mute in page.mutes if mute["problem"] not in open_ids],
        "windows": page.windows,
        "targets": show_targets(operations.context),
        "accounts": list(operations.context.gateways),
        "zone": operations.context.alerting.frame.hours.zone.key,
    }
    return show(request, "alerts.html", values | {"parameters": parameters, "query": urlencode(parameters)})


@router.post("/alerts/{number}/dismiss")
def dismiss(number: str, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Dismiss an alert."""
    event = form.get("event", "")
    back = f"/-/events/{check_slug(event)}" if event else "/-/alerts"
    dismiss_alert(operations.context.database, read_number(number, "alert"), by)
    return go_on(back, "The alert is dismissed. It comes back only if its cause is seen again.")


@router.post("/alerts/problems/{problem}/mute")
def mute(problem: str, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Mute a problem with a note."""
    muted = mute_problem(
        operations.context.database, problem, by, _read_times(operations, form), note=form.get("note", "")
    )
    return go_on(f"/-/alerts#problem-{muted['problem']}", f"{muted['summary']}: nobody is told of it any more.")


@router.post("/alerts/problems/{problem}/unmute")
def unmute(problem: str, operations: TheOperations, by: TheActor) -> Response:
    """End the mute of a problem."""
    ended = unmute_problem(operations.context.database, problem, by)
    return go_on(f"/-/alerts#problem-{ended['problem']}", "People are told of this problem again.")


@router.post("/alerts/windows")
def add(operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Add a maintenance window."""
    context = operations.context
    account = check_account(form.get("account", "").strip() or None, context.gateways)
    add_window(context.database, by, _read_times(operations, form), note=form.get("note", ""), account=account)
    return go_on("/-/alerts#maintenance", "The window is added: nobody is told of problems while it lasts.")


@router.post("/alerts/windows/{number}/end")
def end(number: str, operations: TheOperations, by: TheActor) -> Response:
    """End a maintenance window."""
    stop_window(operations.context.database, read_number(number, "window"), by)
    return go_on("/-/alerts#maintenance", "The window has ended: people are told of what still lasts.")


@router.post("/alerts/test")
def send_test(operations: TheOperations, by: TheActor) -> Response:
    """Send a test message to each target."""
    rows = try_targets(operations.context, by)
    said = " ".join(f"{row['target']}: {row['answer']}" for row in rows)
    return go_on("/-/alerts#targets", said or "Nobody is told of problems: ZOOM_OPS_ALERT_TO is not set.")


def _read_times(operations: Operations, form: Form) -> Times:
    """Read the times of a form; an empty field is not given."""
    begins, until, lasts = (form.get(name, "").strip()[:40] or None for name in ("begins", "until", "lasts"))
    return Times(begins=begins, until=until, lasts=lasts, zone=operations.context.alerting.frame.hours.zone)
