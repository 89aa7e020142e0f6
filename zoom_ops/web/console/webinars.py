"""Webinars in the console: new invitations, and the link to join."""

from fastapi import Request, Response

from ...errors import NotFoundError
from ...operations.events.entrance import show_way_in
from ...operations.events.orders.resending import plan_resend, resend_invitations
from ..dependencies import TheOperations, TheSlug
from ..public.attachments import leads_to_the_web
from ..security_headers import SECRET
from .confirming import Question, ask_first
from .frame import TheActor, TheForm, go_on, make_router, show
from .options import quote_event

router = make_router()


@router.post("/events/{slug}/resend")
def resend(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Send the panelists of an event new invitations."""
    planned = plan_resend(operations.context, slug)
    question = Question(
        title=f"Send panelists of {quote_event(operations, slug)} new invitations?",
        button="Send them",
        back=f"/-/events/{slug}#people",
    )
    if confirmation := ask_first(request, form, [planned.sentence], question):
        return confirmation
    resend_invitations(operations.context, slug, by)
    operations.wake()
    return go_on(f"/-/events/{slug}#people", "New invitations are on their way.")


@router.post("/events/{slug}/join-link")
def hand_out_link(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor) -> Response:
    """Show the link to join an event's webinar, once: no page holds it before an operator asks, and no cache after."""
    way_in = show_way_in(operations.context, slug, by)
    if not leads_to_the_web(way_in.link):
        raise NotFoundError("link to join", slug)
    response = show(request, "join_link.html", {"event": slug, "way_in": way_in})
    response.headers.update(SECRET)
    return response
