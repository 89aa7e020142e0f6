"""Undo of the latest edit in the console."""

from fastapi import Request, Response

from ....errors import NotFoundError
from ....operations.events.importing import differences
from ....operations.events.undoing import find_undo, undo_edit
from ....operations.views.impact import impact_of_saving
from ...dependencies import TheOperations, TheSlug, language_of
from ..confirming import Question, ask_first
from ..frame import TheActor, TheForm, go_on, make_router
from .standing import load_record
from .wording import list_changes

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
    say = language_of(request).say
    question = Question(
        title=say("Undo the latest edit?"),
        button=say("Undo it"),
        back=f"/-/events/{slug}",
        changes=list_changes(differences(event, before), language_of(request)),
    )
    if confirmation := ask_first(request, form, impact_of_saving(context, before), question):
        return confirmation
    undo_edit(context, slug, by, revision=revision)
    operations.wake()
    return go_on(f"/-/events/{slug}", "The latest edit is undone.")
