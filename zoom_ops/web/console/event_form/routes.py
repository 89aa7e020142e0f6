"""The addresses of the event form: a new event, a copy, an edit."""

from fastapi import Request, Response

from ...dependencies import TheOperations, TheSlug
from ..frame import TheActor, make_router
from .bodies import ThePosted
from .checking import go_on_with
from .filling import empty_form, fill_copy, fill_form
from .standing import Subject, load_record, load_subject
from .turns import Turn, show_form

router = make_router(speaks=True)


@router.get("/events/new")
def show_new(request: Request, operations: TheOperations, copy: str = "") -> Response:
    """Show the form of a new event, empty or like another event."""
    values = fill_copy(load_record(operations.context, copy)[0]) if copy else empty_form()
    turn = Turn(request=request, operations=operations, subject=Subject(), values=values)
    said = (f"This is filled from {copy}.", "Give the day.") if copy else ()
    return show_form(turn, said=said, focus="start-date" if copy else "name")


@router.get("/events/{slug}/edit")
def show_edit(request: Request, slug: TheSlug, operations: TheOperations) -> Response:
    """Show the form of an event."""
    event, revision = load_record(operations.context, slug)
    subject = Subject(event=event, revision=revision)
    values = fill_form(event) | subject.record_fields()
    return show_form(Turn(request=request, operations=operations, subject=subject, values=values))


@router.post("/events/new")
def take_new(request: Request, operations: TheOperations, by: TheActor, posted: ThePosted) -> Response:
    """Check or save a new event."""
    subject = load_subject(operations.context, None, posted.values)
    return go_on_with(Turn(request=request, operations=operations, subject=subject, values=posted.values), by)


@router.post("/events/{slug}/edit")
def take_edit(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor, posted: ThePosted) -> Response:
    """Check or save an edit of an event."""
    subject = load_subject(operations.context, slug, posted.values)
    return go_on_with(Turn(request=request, operations=operations, subject=subject, values=posted.values), by)
