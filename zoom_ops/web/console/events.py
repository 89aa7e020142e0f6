"""Events in the console: list, detail, decisions."""

from fastapi import Request, Response

from ...errors import BadInputError
from ...operations.context import Context
from ...operations.events.decisions import adopt_webinar, approve_event
from ...operations.events.orders.cancelling import cancel_event, get_cancellable
from ...operations.events.orders.rescheduling import MoveRequest, order_move, plan_request
from ...operations.events.publishing import publish_event, unlist_event
from ...operations.events.undoing import find_undo
from ...operations.homes.admin import show_event_homes
from ...operations.homes.renewing import has_keys
from ...operations.jobs.requests import request_job
from ...operations.reconcile.known import Shared
from ...operations.views.event_detail import EventDetail, load_event_detail
from ...operations.views.events import filter_events
from ...operations.views.impact import (
    impact_of_adoption,
    impact_of_approval,
    impact_of_cancelling,
    impact_of_job,
    impact_of_move,
    impact_of_publishing,
)
from ...store.event_queries import EventFilter
from ..dependencies import TheOperations, TheSlug
from ..i18n.language import ENGLISH
from .confirming import Question, ask_first
from .event_form.wording import label_of
from .frame import TheActor, TheForm, go_on, make_router, show
from .options import quote_event
from .paging import PAGE_SIZE, Pager, read_number

_MOST_HOSTS = 200
_RIGHT = "It is right"
_APPROVALS = {  # what is approved of recordings: the question, and the button that answers it
    "recording": ("Publish the recording of {event}?", "Publish it"),
    "practice": ("Is the recording of {event} the event, and no rehearsal?", "It is the event: publish it"),
    "early_start": ("May the recording of {event} be seen, with what was said before the start?", "Publish it"),
}

router = make_router()


@router.get("/events")
def list_events(
    request: Request, operations: TheOperations, q: str = "", when: str = "coming", page: str = "1"
) -> Response:
    """List the upcoming or the past events, or the drafts, that contain the words."""
    number = max(1, read_number(page, "page"))
    chosen: dict[str, bool] = {"drafts": True} if when == "drafts" else {"over": when == "over"}
    filters = EventFilter(words=q[:200], **chosen)
    rows, total = filter_events(operations.context.database, filters, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    values = {"rows": rows, "pager": Pager(number=number, total=total), "q": q[:200], "when": when}
    return show(request, "events.html", values)


@router.get("/events/{slug}")
def show_event(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor) -> Response:
    """Show everything about an event."""
    shared = Shared()
    detail = load_event_detail(operations.context, slug, shared)
    jobs = [job for job in operations.jobs.values() if job.about == "event"]
    undoable = find_undo(operations.context, slug, by) is not None
    values = {
        "detail": detail,
        "overview": detail.overview,
        "jobs": jobs,
        "undoable": undoable,
        "label_of": label_of,
        "names": {slug: detail.shown.event.name},
        "hosts": _other_hosts(operations.context, detail),
        "homes": show_event_homes(operations.context, slug, shared),
        "keyed": has_keys(operations.context, slug),
    }
    return show(request, "event.html", values)


def _other_hosts(context: Context, detail: EventDetail) -> tuple[str, ...]:
    """List the hosts to which the webinar may move, as the settings name them."""
    gateway = context.gateways.get(detail.bound.account) if detail.bound else None
    hosts = gateway.account.hosts if gateway else ()
    return tuple(host for host in hosts if detail.bound and host != detail.bound.host)[:_MOST_HOSTS]


@router.api_route("/events/{slug}/cancel", methods=["GET", "POST"])
def cancel(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Cancel an event. A GET shows the confirmation and changes nothing."""
    event = get_cancellable(operations.context, slug)
    question = Question(
        title=f"Cancel “{event.name}”?", button="Cancel the event", back=f"/-/events/{slug}", danger=True,
        more="The event page says that it is cancelled, and so do the calendars that subscribed to it.",
    )  # fmt: skip
    if confirmation := ask_first(request, form, impact_of_cancelling(operations.context, event), question):
        return confirmation
    cancel_event(operations.context, slug, by)
    operations.wake()
    return go_on(f"/-/events/{slug}", "The event is cancelled.")


@router.api_route("/events/{slug}/publish", methods=["GET", "POST"])
def publish(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Publish a draft, or put an unlisted event on the lists. A GET shows the confirmation and changes nothing."""
    unlisted = bool(form.get("unlisted"))
    named = f"Publish {quote_event(operations, slug)}{' without a place on the lists' if unlisted else ''}?"
    question = Question(title=named, button="Publish it", back=f"/-/events/{slug}")
    impact = impact_of_publishing(operations.context, slug, unlisted=unlisted)
    if confirmation := ask_first(request, form, impact, question):
        return confirmation
    published = publish_event(operations.context, slug, by, unlisted=unlisted)
    operations.wake()
    return go_on(f"/-/events/{slug}", published.sentence)


@router.post("/events/{slug}/unlist")
def unlist(slug: TheSlug, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Take an event off every list, or make it a draft again."""
    published = unlist_event(operations.context, slug, by, draft=bool(form.get("draft")))
    operations.wake()
    return go_on(f"/-/events/{slug}", published.sentence)


@router.post("/events/{slug}/move")
def move(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Move an event to another host, or to another time."""
    asked = MoveRequest(**{name: form.get(name, "").strip() for name in ("host", "to", "zone", "length")})
    named = f"Move {quote_event(operations, slug)}?"
    question = Question(title=named, button="Move it", back=f"/-/events/{slug}#webinar")
    planned = plan_request(operations.context, slug, asked)
    if confirmation := ask_first(request, form, impact_of_move(operations.context, planned), question):
        return confirmation
    order_move(operations.context, slug, planned, by)
    operations.wake()
    return go_on(f"/-/events/{slug}#webinar", "The event moves; Zoom is being told.")


@router.post("/events/{slug}/approve")
def approve(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Approve a doubtful field of an event, or all of them."""
    field = form.get("field", "")
    fields = (field,) if field else ()
    back = "/-/review" if form.get("back") == "/-/review" else f"/-/events/{slug}"
    named = quote_event(operations, slug)
    question = Question(title=_ask_for_approval(field, named), button=_APPROVALS.get(field, ("", _RIGHT))[1], back=back)
    if confirmation := ask_first(request, form, impact_of_approval(operations.context, slug, fields), question):
        return confirmation
    approved, became = approve_event(operations.context, slug, by, fields)
    operations.wake()
    said = f"{named}, approved: {', '.join(label_of(each, ENGLISH) for each in approved)}. {became}".strip()
    return go_on(back, said if approved else f"Nothing of {named} was left to approve.")


def _ask_for_approval(field: str, named: str) -> str:
    if field in _APPROVALS:
        return _APPROVALS[field][0].format(event=named)
    what = label_of(field, ENGLISH) if field else "everything that is in doubt"
    return f"Is it right as it stands: {what} of {named}?"


@router.post("/events/{slug}/adopt")
def adopt(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Bind an event to an existing webinar at Zoom."""
    digits = "".join(form.get("webinar", "").split())
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        raise BadInputError("A webinar's number has digits only, such as 812 3456 7890.")
    named = quote_event(operations, slug)
    question = Question(
        title=f"Adopt webinar {digits} for {named}?", button="Adopt it", back=f"/-/events/{slug}#webinar"
    )
    if confirmation := ask_first(request, form, impact_of_adoption(operations.context, slug, int(digits)), question):
        return confirmation
    adopt_webinar(operations.context, slug, int(digits), by)
    operations.wake()
    return go_on(f"/-/events/{slug}#webinar", f"Webinar {digits} belongs to {named} now.")


@router.post("/events/{slug}/run")
def run_job(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Request a run of a job for one event."""
    job = operations.get_job(form.get("job", ""))
    asked = f"Run {job.name} for {quote_event(operations, slug)} now?"
    question = Question(title=asked, button="Run it now", back=f"/-/events/{slug}")
    if confirmation := ask_first(request, form, impact_of_job(operations.context, job, slug).sentences, question):
        return confirmation
    (run_id,) = request_job(operations.context, job, slug, by)
    operations.wake()
    return go_on(f"/-/runs/{run_id}", f"{job.name} was asked for.")
