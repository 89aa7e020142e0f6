"""Endpoints of event records: list, read, add, replace, change, move, cancel."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ....access import shown_json
from ....errors import BadInputError
from ....identity import Scope
from ....operations.events import editing
from ....operations.events.editing import find_revision
from ....operations.events.fetching import fetch_pictures
from ....operations.events.importing import Imported, import_events, imported_json
from ....operations.events.orders import cancelling
from ....operations.events.orders.rescheduling import MoveRequest, describe_move, order_move, plan_request
from ....operations.events.serialize import describe_event_to
from ....operations.stages.facts import load_stages
from ....operations.views.events import timeline
from ....operations.views.impact import impact_of_cancelling, impact_of_move
from ....operations.views.stages import stages_json
from ....readers import Announced, read_events
from ....store.event_queries import ProgrammeFilter
from ...public.programme_page import find_wrong, read_filter
from ..callers import Caller, needs
from ..contents import FILE, JSON, MERGE_PATCH, RequestBody, body_as, described, object_in, raw_body, schema_of, takes
from ..description import BODY, answers
from ..models.events import EventCancelled, EventMove, EventPage, EventWritten, StagePage, TimelinePage
from ..models.records import Event
from ..once import Keyed, answer_once
from ..parameters import EventId, EventName, ThePage, answer_page, answer_rows
from ..problems import Problem, what_is_asked, which_is_meant, wrong_parameters
from .seen import seen_by
from .tags import IfMatch, IfNoneMatch, answer_tagged, make_tag, revisions_in

_WHOLE = described(schema_of("EventIn"), JSON)
_PATCH = described(schema_of("EventPatch"), MERGE_PATCH, JSON)

router = APIRouter(tags=["events"])
Reading = Annotated[Caller, needs(Scope.EVENTS_READ, Scope.EVENTS_READ_ALL, Scope.EVENTS_WRITE, Scope.EVENTS_DRAFT)]
ReadingAll = Annotated[Caller, needs(Scope.EVENTS_READ_ALL)]
Writing = Annotated[Caller, needs(Scope.EVENTS_WRITE)]
Drafting = Annotated[Caller, needs(Scope.EVENTS_WRITE, Scope.EVENTS_DRAFT)]  # an author writes drafts
WholeBody = Annotated[bytes, raw_body(JSON)]
PatchBody = Annotated[bytes, raw_body(MERGE_PATCH, JSON)]


class MoveBody(RequestBody):
    """Another host, or another time."""

    host: str = Field(default="", max_length=320, description="The address of another host.")
    to: str = Field(default="", max_length=40, description="Another time, such as 2026-12-01 15:00.")
    zone: str = Field(default="", max_length=100, description="The time zone of `to`; else the event's.")
    length: str = Field(default="", max_length=20, description="How long it takes, such as 90m; else as long as now.")
    dry_run: bool = Field(default=False, description="Only say what it does.")


def _filters(
    q: Annotated[
        str, Query(max_length=1_000, description="Words that stand in it; the first 200 characters count.")
    ] = "",
    series: Annotated[str, Query(max_length=100, description="The address of its series: /series/…")] = "",
    language: Annotated[str, Query(max_length=35, description="Its language, such as fr.")] = "",
    year: Annotated[str, Query(max_length=4, description="The year in which it begins.")] = "",
    has: Annotated[str, Query(max_length=9, description="`recording`: with one that the caller may see.")] = "",
) -> ProgrammeFilter:
    if wrong := find_wrong(series=series, language=language, year=year, has=has):
        sentence = "No event can be chosen by that: series, language, year or has=recording."
        raise wrong_parameters(sentence, *wrong)
    return read_filter(q, series, language, year, has)


@router.get("/events", responses=answers(200, gives=EventPage))
def list_events(
    caller: Reading,
    window: ThePage,
    filters: Annotated[ProgrammeFilter, Depends(_filters)],
    when: Annotated[Literal["upcoming", "past"], Query(description="Those to come, or those over.")] = "upcoming",
) -> Response:
    """List upcoming events, the next one first, or past events, the latest first. The parameters filter them."""
    loaded = caller.services.programme.list_events(
        caller.reader, past=when == "past", limit=window.per_page, offset=window.offset, wanted=filters
    )
    more = loaded.offset + len(loaded.events) < loaded.total
    return answer_page(window, "events", [shown_json(shown) for shown in loaded.events], following=more)


@router.get("/events/{event_id}", responses=answers(200, 304, 404, gives=Event))
def get_event(event_id: EventId, caller: Reading, known: IfNoneMatch = None) -> Response:
    """Return an event as the caller may see it, with the ETag that a change needs."""
    revision = find_revision(caller.context, event_id)  # read first: the event shown is at least as new
    return answer_tagged(describe_event_to(caller.context, event_id, caller.reader), revision, known)


@router.get("/events/{event_id}/stages", responses=answers(200, 404, gives=StagePage))
def list_stages(event_id: EventId, caller: ReadingAll, window: ThePage) -> Response:
    """List the stages of an event's life: each with its state, its deadline, and if it is late, why and what to do."""
    return answer_rows(window, "stages", stages_json(load_stages(caller.context, event_id)))


@router.get("/events/{event_id}/timeline", responses=answers(200, 404, gives=TimelinePage))
def list_timeline(event_id: EventId, caller: ReadingAll, window: ThePage) -> Response:
    """List what happened to an event, in order."""
    return answer_rows(window, "timeline", timeline(caller.context.database, event_id))


@router.post(
    "/events",
    status_code=201,
    responses=answers(200, 201, 409, *BODY, gives=EventWritten),
    openapi_extra=_WHOLE,
)
def create_event(
    caller: Drafting,
    body: WholeBody,
    known_as: Annotated[
        EventName | None, Query(alias="id", description="The event that it is, whatever it says.")
    ] = None,
    new: Annotated[bool, Query(description="It is another event of the same name.")] = False,
    *,
    keyed: Keyed,
) -> Response:
    """Add an event, or update an existing one, which is found by `id`, else by series and name, as in an import.

    201 for a new event. 409 if it is not clear which event is meant.
    """
    announced = fetch_pictures(caller.context, (_one_event(body),))

    def act() -> Response:
        with which_is_meant():
            (imported,) = import_events(caller.context, announced, caller.by, as_id=known_as, new=new)
        return _answer(caller, imported)

    return answer_once(caller, keyed, act)


@router.put(
    "/events/{event_id}",
    responses=answers(200, 404, 412, *BODY, 428, gives=EventWritten),
    openapi_extra=_WHOLE,
)
def replace_event(event_id: EventId, caller: Drafting, body: WholeBody, match: IfMatch = None) -> Response:
    """Replace an event; `If-Match` must hold the ETag that you read, or * for any state.

    Omitted fields behave as in an import: status, consent, account, profile, language and addresses stay; others go.
    Of authors, account and profile stay in any case, and a consent is taken only where it allows less.
    """
    if match is None:
        raise Problem(428, "Say in If-Match which state of the event you have read: its ETag, or * for any.")
    find_revision(caller.context, event_id)
    known, announced = revisions_in(match), _one_event(body)
    with what_is_asked():
        return _answer(caller, editing.replace_event(caller.context, event_id, announced, caller.by, known))


@router.patch("/events/{event_id}", responses=answers(200, 404, 412, *BODY, gives=EventWritten), openapi_extra=_PATCH)
def patch_event(event_id: EventId, caller: Drafting, body: PatchBody, match: IfMatch = None) -> Response:
    """Change fields of an event by a JSON merge patch: null removes a field, a list is replaced as a whole."""
    find_revision(caller.context, event_id)
    known = revisions_in(match) if match is not None else None
    with what_is_asked():
        return _answer(caller, editing.patch_event(caller.context, event_id, object_in(body), caller.by, known))


@router.post("/events/{event_id}/cancel", responses=answers(200, 404, 409, gives=EventCancelled))
def cancel_event(event_id: EventId, caller: Writing) -> Response:
    """Cancel an event: its webinar is deleted at Zoom, its page says so. Its record stays.

    `effects` says what is done at Zoom, and whom Zoom mails. 409 for an event that was held: it keeps its webinar.
    """
    effects = impact_of_cancelling(caller.context, cancelling.get_cancellable(caller.context, event_id))
    cancelled = cancelling.cancel_event(caller.context, event_id, caller.by)
    caller.operations.wake()
    return JSONResponse({"id": cancelled.id, "status": cancelled.status, "effects": effects})


@router.post(
    "/events/{event_id}/move",
    responses=answers(200, 404, 409, 412, *BODY, gives=EventMove),
    openapi_extra=takes(MoveBody),
)
def move_event(event_id: EventId, caller: Writing, body: Annotated[MoveBody, body_as(MoveBody)]) -> Response:
    """Move an event to another host, or to another time. `effects` says what is done at Zoom, and whom Zoom mails.

    With `dry_run`, only say so. 409 if the event or the host cannot take it.
    """
    asked = MoveRequest(host=body.host, to=body.to, zone=body.zone, length=body.length)
    planned = plan_request(caller.context, event_id, asked)
    effects = impact_of_move(caller.context, planned)
    if not body.dry_run:
        order_move(caller.context, event_id, planned, caller.by)
        caller.operations.wake()
    return JSONResponse({"id": event_id, "ordered": not body.dry_run, **describe_move(planned), "effects": effects})


def _one_event(body: bytes) -> Announced:
    events = read_events(body, FILE)
    if len(events) != 1:
        raise BadInputError(f"expected one event, and there are {len(events)}")
    return events[0]


def _answer(caller: Caller, imported: Imported) -> Response:
    """Answer with the outcome of a change, and with the event as it is now."""
    caller.operations.wake()
    revision = find_revision(caller.context, imported.id)
    document = describe_event_to(caller.context, imported.id, caller.reader)
    headers = {"ETag": make_tag(document, revision), "Cache-Control": "no-store"}
    if imported.action == "created":
        headers["Location"] = f"{caller.services.base_url}/api/v1/events/{imported.id}"
    status = 201 if imported.action == "created" else 200
    return JSONResponse(seen_by(caller.reader, imported_json(imported)) | {"event": document}, status, headers)
