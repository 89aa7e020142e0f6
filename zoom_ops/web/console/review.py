"""The review queue in the console: doubts of imports, recordings to approve, withheld recordings."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from ...errors import BadInputError, NotFoundError
from ...operations.events.decisions import get_recording_link, list_to_review, release_recording, withhold_recording
from ...operations.reconcile.link_decisions import foresee_restoring, leave_links, list_drifted, restore_links
from ...operations.views.impact import impact_of_release, impact_of_withholding
from ..dependencies import TheOperations, check_slug
from ..public.attachments import leads_to_the_web
from ..security_headers import SECRET
from .confirming import Question, ask_first
from .event_form.wording import label_of
from .frame import TheActor, TheForm, go_on, make_router, show
from .options import quote_event

router = make_router()


@router.get("/review")
def show_queue(request: Request, operations: TheOperations) -> Response:
    """Show the review queue."""
    queue, drifted = list_to_review(operations.context), list_drifted(operations.context)
    queued = {entry.event.id for entry in queue.entries}
    values = {
        "queue": queue,
        "changed_links": {each.event: each.links for each in drifted},
        "drifted": [each for each in drifted if each.event not in queued],
        "label_of": label_of,
    }
    return show(request, "review.html", values)


@router.get("/review/watch")
def watch(request: Request, operations: TheOperations, event: str = "", recording: str = "") -> Response:
    """Redirect to a recording, published or not. If it has a passcode, show the passcode first."""
    link = get_recording_link(operations.context, check_slug(event), recording)
    if not leads_to_the_web(link.url):
        raise NotFoundError("recording", recording[:100])
    if link.passcode is None:
        return RedirectResponse(link.url, 303, SECRET)
    return show(request, "watch.html", {"event": event, "link": link})


@router.post("/review/withhold")
def withhold(request: Request, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Withhold a recording, and withdraw it if it is published."""
    event, recording = check_slug(form.get("event", "")), form.get("recording", "")
    back = "/-/review" if form.get("back") == "/-/review" else f"/-/events/{event}#recordings"
    question = Question(
        title=f"Withdraw the recording of {quote_event(operations, event)}?",
        button="Withdraw it",
        back=back,
        danger=True,
    )
    if confirmation := ask_first(request, form, impact_of_withholding(operations.context, event, recording), question):
        return confirmation
    withhold_recording(operations.context, event, recording, by)
    operations.wake()
    return go_on(back, "The recording is kept back; its link is being taken from the page.")


@router.post("/review/release")
def release(request: Request, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Release a withheld recording."""
    event, recording = check_slug(form.get("event", "")), form.get("recording", "")
    back = f"/-/events/{event}#recordings"
    question = Question(
        title=f"Let the recording of {quote_event(operations, event)} go?", button="Let it go", back=back
    )
    if confirmation := ask_first(request, form, impact_of_release(operations.context, event, recording), question):
        return confirmation
    release_recording(operations.context, event, recording, by)
    operations.wake()
    return go_on(back, "The recording is no longer kept back.")


@router.post("/review/links/restore")
def restore(request: Request, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Write our links in other systems again where somebody changed them."""
    event = check_slug(form.get("event", ""))
    named, back = quote_event(operations, event), f"/-/events/{event}#links"
    question = Question(title=f"Write our links of {named} again?", button="Write ours again", back=back)
    try:
        consequences = foresee_restoring(operations.context, event)
        if confirmation := ask_first(request, form, consequences, question):
            return confirmation
        restore_links(operations.context, event, by)
    except BadInputError:
        return _nothing_to_decide(event, named)
    operations.wake()
    return go_on(back, "Our links are being written again.")


@router.post("/review/links/leave")
def leave(operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Leave our links in other systems as somebody changed them."""
    event = check_slug(form.get("event", ""))
    try:
        leave_links(operations.context, event, by)
    except BadInputError:
        return _nothing_to_decide(event, quote_event(operations, event))
    operations.wake()
    return go_on(f"/-/events/{event}#homes", "The links stay as somebody changed them.")


def _nothing_to_decide(event: str, named: str) -> Response:
    """Lead back to the page of an event about whose links somebody else has just decided."""
    sentence = f"Nothing was done: no link of {named} waits for a decision any more. The event’s homes show each link."
    return go_on(f"/-/events/{event}#homes", sentence)
