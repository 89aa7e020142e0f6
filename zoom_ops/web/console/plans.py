"""The plan in the console: what would be done outside, old → new, and Apply."""

from fastapi import Request, Response

from ...errors import ParkedError
from ...operations.services import Desk
from ...operations.views.events import names_of
from ...operations.views.impact import foresee
from ...operations.views.plans import Overview, plan_due, plan_events, request_plan
from ..dependencies import TheDesk, check_slug
from .frame import TheActor, TheForm, go_on, make_router, show

router = make_router()


@router.get("/plan")
def show_plan(request: Request, desk: TheDesk, event: str = "", force: str = "") -> Response:
    """Show what would be done, for an event or for all that are due."""
    overview = _plan(desk, event, force=bool(force))
    foreseen = foresee(desk.context, overview.actions)
    names = names_of(desk.context, (plan.event for plan in overview.plans))
    values = {"overview": overview, "told": foreseen.told, "mailed": foreseen.mailed, "names": names}
    return show(request, "plan.html", values | {"event": event, "force": bool(force)})


@router.post("/plan")
def apply(desk: TheDesk, by: TheActor, form: TheForm) -> Response:
    """Have the plan carried out, if it is still the one that was shown."""
    event, force = form.get("event", ""), bool(form.get("force"))
    overview = _plan(desk, event, force=force)
    if overview.digest != form.get("digest"):
        raise ParkedError("The plan is another one now than the one you saw: look at it again, then apply it.")
    runs = request_plan(desk.context, desk.jobs.values(), overview, by, force=force)
    desk.wake()
    where = f"/-/runs/{runs[0]}" if len(runs) == 1 else "/-/runs"
    return go_on(where, f"{len(overview.actions)} actions were asked for.")


def _plan(desk: Desk, event: str, *, force: bool) -> Overview:
    if event:
        return plan_events(desk.context, (check_slug(event),), force=force)
    return plan_due(desk.context, desk.jobs.values(), force=force)
