"""Undo of the latest edit in the console."""

from fastapi import Request, Response

from ....access import hide_private
from ....errors import NotFoundError, ParkedError, ZoomOpsError
from ....operations.context import Context
from ....operations.events.changes import differences
from ....operations.events.undoing import GONE, find_undo, is_outside, undo_edit
from ....operations.views.impact import impact_of_saving
from ....store.audit import Actor
from ...dependencies import TheOperations, TheSlug, editor_of, language_of, reader_of
from ..confirming import Question, ask_first
from ..frame import TheForm, TheWriter, go_on, make_router, page_of
from .wording import list_changes

router = make_router(editor_of, speaks=True)
_UNSEEN = "What it changed is not shown to authors, such as the address of a person. It is put back."


def _refuse(context: Context, slug: str, by: Actor) -> ZoomOpsError:
    return ParkedError(GONE) if is_outside(context, slug, by) else NotFoundError("edit to undo", slug)


@router.api_route("/events/{slug}/undo", methods=["GET", "POST"])
def undo(request: Request, slug: TheSlug, operations: TheOperations, by: TheWriter, form: TheForm) -> Response:
    """Undo the latest edit of an event. A GET shows the confirmation and changes nothing."""
    context, reader, back = operations.context, reader_of(request), page_of(request, slug)
    found = find_undo(context, slug, by)
    if found is None:
        raise _refuse(context, slug, by)
    say, told = language_of(request).say, impact_of_saving(context, found.before, by)
    seen = differences(hide_private(found.event, reader), hide_private(found.before, reader))
    changes = list_changes(seen, language_of(request))
    if not changes and found.event != found.before:
        told = (_UNSEEN, *told)
    question = Question(
        title=say("Undo the latest edit?"), button=say("Undo it"), back=back, changes=changes, revision=found.revision
    )
    if confirmation := ask_first(request, form, told, question):
        return confirmation
    undo_edit(context, slug, by, revision=found.revision)
    operations.wake()
    return go_on(back, "The latest edit is undone.")
