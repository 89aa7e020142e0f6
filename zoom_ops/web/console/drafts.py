"""Drafts in the console, for authors and operators: the list, and deletion."""

from fastapi import Request, Response

from ...operations.events import drafts
from ...operations.events.editing import find_revision
from ...operations.events.publishing import delete_event, describe_deletion, get_deletable
from ..dependencies import TheOperations, TheSlug, editor_of, language_of, reader_of
from .confirming import Question, ask_first
from .frame import DRAFTS, TheForm, TheWriter, go_on, home_of, make_router, page_of, show
from .paging import PAGE_SIZE, Pager, read_number

router = make_router(editor_of, speaks=True)
_PATH = DRAFTS.removeprefix("/-")


@router.get(_PATH)
def list_drafts(request: Request, operations: TheOperations, by: TheWriter, q: str = "", page: str = "1") -> Response:
    """List the drafts that contain the words, the next one first."""
    number = max(1, read_number(page, "page"))
    window = {"limit": PAGE_SIZE, "offset": (number - 1) * PAGE_SIZE}
    rows, total = drafts.list_drafts(operations.context, by, reader_of(request), q[:200], **window)
    return show(request, "drafts.html", {"rows": rows, "pager": Pager(number=number, total=total), "q": q[:200]})


@router.api_route("/events/{slug}/delete", methods=["GET", "POST"])
def delete(request: Request, slug: TheSlug, operations: TheOperations, by: TheWriter, form: TheForm) -> Response:
    """Delete an event of which nothing went outside. A GET shows the confirmation and changes nothing."""
    revision = find_revision(operations.context, slug)  # first: what is written meanwhile is not deleted unseen
    event = get_deletable(operations.context, slug, by)
    say = language_of(request).say
    question = Question(
        title=say("Delete “%(event)s”?", event=event.name),
        button=say("Delete the event"),
        back=page_of(request, slug),
        danger=True,
        more="It cannot be brought back. The audit says that you deleted it.",
        revision=revision,
    )
    if confirmation := ask_first(request, form, (describe_deletion(event),), question):
        return confirmation
    delete_event(operations.context, slug, by, (revision,))
    operations.wake()
    return go_on(home_of(request), f"“{event.name}” is deleted.")
