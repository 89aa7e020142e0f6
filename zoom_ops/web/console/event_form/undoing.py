"""Undo of the latest edit in the console."""

from fastapi import Request, Response

from ....access import hide_private
from ....errors import NotFoundError
from ....operations.events.changes import word_changes
from ....operations.events.importing import differences
from ....operations.events.undoing import find_undo, undo_edit
from ....operations.views.impact import impact_of_saving
from ...dependencies import TheOperations, TheSlug, editor_of, reader_of
from ..confirming import Question, ask_first
from ..frame import TheForm, TheWriter, go_on, make_router, page_of
from .standing import load_record

router = make_router(editor_of)
_UNSEEN = "What it changed is not shown to authors, such as the address of a person. It is put back."


@router.api_route("/events/{slug}/undo", methods=["GET", "POST"])
def undo(request: Request, slug: TheSlug, operations: TheOperations, by: TheWriter, form: TheForm) -> Response:
    """Undo the latest edit of an event. A GET shows the confirmation and changes nothing."""
    context, reader, back = operations.context, reader_of(request), page_of(request, slug)
    event, _ = load_record(context, slug, reader)
    found = find_undo(context, slug, by)
    if found is None:
        raise NotFoundError("edit to undo", slug)
    before, revision = found
    changes = word_changes(differences(event, hide_private(before, reader)))
    told = tuple(f"{change.field.replace('_', ' ')}: {change.old or 'nothing'} → {change.new}" for change in changes)
    if not told and event != before:
        told = (_UNSEEN,)
    question = Question(title="Undo the latest edit?", button="Undo it", back=back)
    if confirmation := ask_first(request, form, (*told, *impact_of_saving(context, before, by)), question):
        return confirmation
    undo_edit(context, slug, by, revision=revision)
    operations.wake()
    return go_on(back, "The latest edit is undone.")
