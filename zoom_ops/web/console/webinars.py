"""What an operator orders for a webinar in the console: new invitations."""

from fastapi import Request, Response

from ...operations.events.resending import plan_resend, resend_invitations
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
    return go_on(f"/-/events/{slug}#people", "New invitations are on their way.")
