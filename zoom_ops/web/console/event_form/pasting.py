"""Paste a text or drop a file: what is read fills the form. Several events become a list with one confirmation."""

import re
from hashlib import sha256

from fastapi import Request, Response

from ....errors import BadInputError, ForbiddenError, NotFoundError, ParkedError
from ....operations.context import Context
from ....operations.events.importing import import_events
from ....operations.services import Operations
from ....operations.views.impact import impact_of_saving
from ....readers import Announced, read_events
from ....store.audit import Actor
from ...dependencies import TheOperations, language_of
from ..frame import TheActor, go_on, make_router, show
from .bodies import MOST_BYTES, PASTED, Original, Posted, ThePosted, check_size, find_original
from .fields import Values
from .files import Planned, plan_file
from .filling import fill_form
from .standing import Subject, load_record
from .turns import Turn, show_form
from .wording import label_of, list_changes

_MOST_SHOWN = 200  # events of a file in the list
_MOST_PLANNED = 30

Problems = tuple[tuple[int, str], ...]  # each with its line, or 0

router = make_router(speaks=True)


@router.get("/events/paste")
def show_paste(request: Request) -> Response:
    """Show where a text is pasted or a file is dropped."""
    return _ask(request, {})


@router.post("/events/paste")
def take_paste(request: Request, operations: TheOperations, by: TheActor, posted: ThePosted) -> Response:
    """Read a text or a file. One event fills the form; several are listed, and imported once that is confirmed."""
    context, values = operations.context, posted.values
    original = posted.upload or find_original(values) or _typed(values)
    if original is None:
        return _ask(request, values, problems=((0, "There is nothing to read yet: paste a text, or choose a file."),))
    try:
        announced = read_events(check_size(original).content, original.file)
        planned = plan_file(context, announced, by)
    except (ForbiddenError, NotFoundError, ParkedError) as error:
        return _ask(request, values, problems=((0, str(error)),))
    except BadInputError as error:
        return _ask(request, _with_text(values, original), problems=_list_problems(error, original))
    chosen = values.get("do", "").removeprefix("event-")
    if len(planned) == 1 or (chosen.isdecimal() and int(chosen[:6]) < len(planned)):
        number = 0 if len(planned) == 1 else int(chosen)
        return _fill(request, operations, original, planned[number], number, anew=bool(values.get("anew")))
    return _list(request, operations, original, planned, posted, by)


def _typed(values: Values) -> Original | None:
    text = values.get("text", "")
    return Original(file=PASTED, content=text.encode("utf-8", "replace")) if text.strip() else None


def _ask(request: Request, values: Values, problems: Problems = ()) -> Response:
    page = {"text": values.get("text", ""), "problems": problems, "most_bytes": MOST_BYTES}
    return show(request, "event_form/paste.html", page, status=400 if problems else 200)


def _list_problems(error: BadInputError, original: Original) -> Problems:
    """List all mistakes of a file, each with its place."""
    first = str(error).partition(" (and ")[0]
    lines = (line.removeprefix(f"{original.file}:").strip() for line in (first, *map(str, error.others)))
    placed = (re.fullmatch(r"(?:(\d{1,9}): )?(.+)", line, re.DOTALL) for line in lines if line)
    return tuple((int(found[1] or 0), found[2]) for found in placed if found)


def _with_text(values: Values, original: Original) -> Values:
    """Return the values with the text of a file, so that it can be put right at once."""
    try:
        return values | {"text": original.content.decode("utf-8-sig")}
    except UnicodeDecodeError:
        return values


def _fill(
    request: Request, operations: Operations, original: Original, planned: Planned, number: int, *, anew: bool
) -> Response:
    """Fill the form with what was read, of a new event or of the record that it changes."""
    known_id = None if anew else planned.known_id
    event, revision = load_record(operations.context, known_id) if known_id else (None, 0)
    subject = Subject(event=event, revision=revision, announced=planned.announced, original=original, number=number)
    values = fill_form(planned.preview.event if known_id else planned.announced.event)
    if not known_id and not planned.announced.id_given:
        values |= {"id": ""}
    turn = Turn(request=request, operations=operations, subject=subject, values=values | subject.record_fields())
    return show_form(turn, said=_say(planned, known_id), focus="notes" if subject.notes else "name")


def _say(planned: Planned, known_id: str | None) -> tuple[str, ...]:
    if planned.preview.action == "unclear":
        return planned.question, "As it stands it becomes an event of its own: give it an address."
    if known_id:
        return (f"This is {known_id}, which is known already: saving changes it.",)
    return "Check what was read.", "It is not saved yet."


def _list(
    request: Request,
    operations: Operations,
    original: Original,
    planned: tuple[Planned, ...],
    posted: Posted,
    by: Actor,
) -> Response:
    """List what the import of a file does; carry it out once exactly that was confirmed."""
    plan = _say_plan(operations.context, planned)
    listed = [(each.preview.action, each.preview.id, each.preview.changes) for each in planned]
    digest = sha256(repr((listed, plan)).encode()).hexdigest()[:16]
    unclear = any(each.preview.action == "unclear" for each in planned)
    if posted.values.get("do") == "import" and posted.values.get("seen") == digest and not unclear:
        return _import(operations, tuple(each.announced for each in planned), by)
    values = {
        "plan": plan,
        "label_of": label_of,
        "planned": planned[:_MOST_SHOWN],
        "total": len(planned),
        "counts": {
            action: sum(each.preview.action == action for each in planned)
            for action in ("created", "updated", "unchanged", "unclear")
        },
        "changes": [
            list_changes(each.preview.changes, language_of(request)) if each.preview.action == "updated" else ()
            for each in planned[:_MOST_SHOWN]
        ],
        "fields": original.fields() | {"seen": digest},
        "file": original.file if original.file != PASTED else "",
        "unclear": unclear,
        "again": posted.values.get("do") == "import" and not unclear,
    }
    return show(request, "event_form/file.html", values)


def _say_plan(context: Context, planned: tuple[Planned, ...]) -> tuple[tuple[str, str], ...]:
    """Say what the import does outside, for the first events that change: with the name of an event, or ""."""
    changing = [each.preview.event for each in planned if each.preview.action in ("created", "updated")]
    lines = [(event.name, line) for event in changing[:_MOST_PLANNED] for line in impact_of_saving(context, event)]
    left = len(changing) - _MOST_PLANNED
    more = ("1 more event was" if left == 1 else f"{left} more events were") if left > 0 else ""
    return (*lines, *((("", f"{more} not looked at: what is done for them comes on top."),) if more else ()))


def _import(operations: Operations, announced: tuple[Announced, ...], by: Actor) -> Response:
    context: Context = operations.context
    imported = import_events(context, announced, by)
    operations.wake()
    counts = {action: sum(each.action == action for each in imported) for action in ("created", "updated", "unchanged")}
    held = sum(bool(each.event.needs_review) for each in imported)
    said = ", ".join(f"{count} {action}" for action, count in counts.items() if count)
    waits = f" {held} with doubts: see Review." if held else ""
    return go_on("/-/events", f"Imported: {said}.{waits}")
