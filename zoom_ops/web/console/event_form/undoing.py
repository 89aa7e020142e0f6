"""Undo of the latest edit in the console."""

from fastapi import Request, Response

from ....errors import NotFoundError
from ....operations.events.changes import word_changes
from ....operations.events.importing import differences
from ....operations.events.undoing import find_undo, undo_edit
from ....operations.views.impact import impact_of_saving
from ...dependencies import TheOperations, TheSlug
from ..confirming import Question, ask_first
from ..frame import TheActor, TheForm, go_on, make_router
from .standing import load_record

router = make_router(speaks=True)


@router.api_route("/events/{slug}/undo", methods=["GET", "POST"])
def undo(request: Request, slug: TheSlug, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Undo the latest edit of an event. A GET shows the confirmation and changes nothing."""
    context = operations.context
    event, _ = load_record(context, slug)
    found = find_undo(context, slug)
    if found is None:
        raise NotFoundError("edit to undo", slug)
    before, revision = found
    changes = word_changes(differences(event, before))
    told = tuple(f"{change.field.replace('_', ' ')}: {change.old or 'nothing'} → {change.new}" for change in changes)
    question = Question(title="Undo the latest edit?", button="Undo it", back=f"/-/events/{slug}")
    if confirmation := ask_first(request, form, (*told, *impact_of_saving(context, before)), question):
        return confirmation
    undo_edit(context, slug, by, revision=revision)
    operations.wake()
    return go_on(f"/-/events/{slug}", "The latest edit is undone.")
