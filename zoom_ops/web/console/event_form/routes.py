"""The addresses of the event form: a new event, a copy, an edit."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request, Response

from ....access import Reader, show_copied
from ....errors import ForbiddenError, NotFoundError
from ....events import Event
from ....operations.context import Context
from ....operations.services import Operations
from ....store.events import load_event
from ...dependencies import TheOperations, TheSlug, editor_of, reader_of, services_of
from ..frame import TheWriter, make_router
from .bodies import TheTyped
from .checking import go_on_with
from .fields import Values
from .filling import empty_form, fill_copy, fill_form
from .pictures import take_pictures
from .reading import find_too_long
from .standing import Subject, load_record, load_subject
from .too_long import show_too_long
from .turns import Turn, show_form

router = make_router(editor_of, speaks=True)
_STAYS = "What you typed stands in the form. Saved from here, it becomes a new event."


async def _slot(request: Request, posted: TheTyped) -> AsyncIterator[None]:
    """Hold a slot for the file that travels with a form, as it is read at every button, and for pictures."""
    if not posted.values.get("original") and not posted.pictures:
        yield
        return
    async with services_of(request).reading.take(typed=True):
        yield


ASlot = Annotated[None, Depends(_slot, scope="function")]


@router.get("/events/new")
def show_new(request: Request, operations: TheOperations, copy: str = "") -> Response:
    """Show the form of a new event, empty or like another event."""
    reader = reader_of(request)
    values = fill_copy(_load_copied(operations.context, copy, reader)) if copy else empty_form()
    turn = Turn(request=request, operations=operations, subject=Subject(reader=reader), values=values)
    said = (f"This is filled from {copy}.", "Give the day.") if copy else ()
    return show_form(turn, said=said, focus="start-date" if copy else "name")


@router.get("/events/{slug}/edit")
def show_edit(request: Request, slug: TheSlug, operations: TheOperations) -> Response:
    """Show the form of an event."""
    reader = reader_of(request)
    event, revision = load_record(operations.context, slug, reader)
    subject = Subject(event=event, revision=revision, reader=reader)
    values = fill_form(event) | subject.record_fields()
    turn = Turn(request=request, operations=operations, subject=subject, values=values)
    return show_form(turn, dict(find_too_long(values)))  # of events that were stored before there was a maximum


def _load_copied(context: Context, event_id: str, reader: Reader) -> Event:
    with context.database.read() as connection:
        return show_copied(load_event(connection, event_id), reader)


@router.post("/events/new")
def take_new(request: Request, operations: TheOperations, by: TheWriter, posted: TheTyped, _slot: ASlot) -> Response:
    """Check or save a new event."""
    values, refused = take_pictures(operations.context, posted, by)
    if posted.too_long:
        return show_too_long(request, values, posted.too_long)
    subject = load_subject(operations.context, None, values, reader_of(request))
    turn = Turn(request=request, operations=operations, subject=subject, values=values, refused=refused)
    return go_on_with(turn, by)


@router.post("/events/{slug}/edit")
def take_edit(  # each is a part of the request
    request: Request, slug: TheSlug, operations: TheOperations, by: TheWriter, posted: TheTyped, _slot: ASlot
) -> Response:
    """Check or save an edit of an event."""
    context, reader = operations.context, reader_of(request)
    values, refused = take_pictures(context, posted, by)
    if posted.too_long:
        return show_too_long(request, values, posted.too_long)
    try:
        subject = load_subject(context, slug, values, reader)
        turn = Turn(request=request, operations=operations, subject=subject, values=values, refused=refused)
        return go_on_with(turn, by)
    except (ForbiddenError, NotFoundError):
        lost = _why_lost(context, slug, reader)
        if lost is None:
            raise
        return _show_as_new(request, operations, values, lost)


def _why_lost(context: Context, slug: str, reader: Reader) -> ForbiddenError | NotFoundError | None:
    """Return why an event cannot be changed any more: an operator has published it, or somebody has deleted it."""
    try:
        load_record(context, slug, reader)
    except (ForbiddenError, NotFoundError) as error:
        return error
    return None


def _show_as_new(
    request: Request, operations: Operations, values: Values, lost: ForbiddenError | NotFoundError
) -> Response:
    """Show what was typed into the form of an event that cannot be changed any more, as a new event."""
    subject = load_subject(operations.context, None, values, reader_of(request))
    is_taken = isinstance(lost, ForbiddenError)
    kept = {name: text for name, text in values.items() if name not in ("do", "revision", "base")}
    kept |= {"id": ""} if is_taken else {}
    turn = Turn(request=request, operations=operations, subject=subject, values=kept)
    return show_form(turn, said=(str(lost), _STAYS), status=403 if is_taken else 404)
