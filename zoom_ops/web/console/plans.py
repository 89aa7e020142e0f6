"""The plan in the console: the changes outside, old → new, with Apply."""

from fastapi import Request, Response

from ...operations.services import Operations
from ...operations.views.events import names_of
from ...operations.views.plan_groups import events_in, group_held
from ...operations.views.plans import Overview, check_digest, plan_events, request_plan
from ..dependencies import TheOperations, check_slug
from .frame import TheActor, TheForm, go_on, make_router, show

_TITLES = {
    "trouble": "Failed, parked or tried again",
    "late": "Late or stuck",
    "notice": "Needs attention",
    "waits": "Waits",
    "refused": "Refused until somebody decides",
}

router = make_router()


@router.get("/plan")
def show_plan(request: Request, operations: TheOperations, event: str = "", force: str = "") -> Response:
    """Show the plan of an event, or of all events."""
    overview = _plan(operations, event, force=bool(force))
    names = names_of(operations.context.database, events_in(overview))
    values = {"overview": overview, "names": names, "groups": group_held(overview, names), "titles": _TITLES}
    return show(request, "plan.html", values | {"event": event, "force": bool(force)})


@router.post("/plan")
def apply(operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Request the runs of a plan. Raise ParkedError if the plan is no longer the one that was shown."""
    event, force = form.get("event", ""), bool(form.get("force"))
    overview = _plan(operations, event, force=force)
    check_digest(overview, form.get("digest", ""))
    runs = request_plan(operations.context, operations.jobs.values(), overview, by, force=force)
    operations.wake()
    where = f"/-/runs/{runs[0]}" if len(runs) == 1 else "/-/runs"
    return go_on(where, _answer(overview))


def _answer(overview: Overview) -> str:
    """Say how many actions of a plan that was applied are carried out now, and how many wait for their account."""
    stopped = len(overview.stopped)
    count = len(overview.actions) - stopped
    now = f"{count} {'action is' if count == 1 else 'actions are'} carried out now"
    if not stopped:
        return f"{now}."
    waits = f"{stopped} {'action waits' if stopped == 1 else 'actions wait'} until the account works again"
    return f"{now}; {waits}." if count else f"Nothing is carried out now: {waits}."


def _plan(operations: Operations, event: str, *, force: bool) -> Overview:
    return plan_events(operations.context, (check_slug(event),) if event else (), force=force)
