"""What an operator orders for a webinar in the console: new invitations, another host."""

from fastapi import Request, Response

from ...operations.events.moving import move_host, plan_move
from ...operations.events.resending import plan_resend, resend_invitations
from ...operations.views.impact import impact_of_plan
from ..dependencies import TheOperations, TheSlug
from .confirming import Question, ask_first
from .frame import TheActor, TheForm, go_on, make_router

router = make_router()


@router.post("/events/{slug}/resend")
def resend(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Send the panelists of an event new invitations."""
    planned = plan_resend(operations.context, slug)
    question = Question(title="Send new invitations?", button="Send them", back=f"/-/events/{slug}#people")
    if confirmation := ask_first(request, form, [planned.sentence], question):
        return confirmation
    resend_invitations(operations.context, slug, by)
    operations.wake()
    return go_on(f"/-/events/{slug}#people", "New invitations are ordered.")


@router.post("/events/{slug}/move-host")
def move(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Give an event another host."""
    host = form.get("host", "")[:320]
    planned = plan_move(operations.context, slug, host)
    effects = [*impact_of_plan(operations.context, planned.actions).sentences, *planned.notes]
    question = Question(title=f"Move it to {planned.host}?", button="Move it", back=f"/-/events/{slug}#webinar")
    if confirmation := ask_first(request, form, effects, question):
        return confirmation
    move_host(operations.context, slug, host, by)
    operations.wake()
    return go_on(f"/-/events/{slug}#webinar", f"The move to {planned.host} is ordered.")
