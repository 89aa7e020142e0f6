"""Paste a text or drop a file: what is read fills the form. Several events become a list with one confirmation."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from fastapi import Request, Response

from ....errors import BadInputError, ForbiddenError, NotFoundError, ParkedError
from ....events import ReviewNote
from ....operations.events.changes import hide_changes
from ....operations.events.editing import ChangedMeanwhileError
from ....operations.events.previewing import Preview, columns_of, import_previewed
from ....operations.events.unseen import say_unheard
from ....operations.services import Operations
from ....store.audit import Actor
from ...dependencies import TheOperations, editor_of, language_of, reader_of
from ...reading_slots import TheSlot
from ..frame import TheWriter, go_on, home_of, make_router, show
from .bodies import MOST_BYTES, PASTED, Original, ThePosted, find_original, read_saved
from .fields import Values, number_below
from .files import FilePlan, Planned, plan_file, say_plan
from .filling import fill_form
from .pictures import fill_addresses
from .standing import Subject, load_record, read_original
from .turns import Turn, show_form
from .wording import label_of, list_changes, name_column

_MOST_SHOWN = 200  # events of a file in the list

Problems = tuple[tuple[int, str], ...]  # each with its line, or 0

router = make_router(editor_of, speaks=True)


@router.get("/events/paste")
def show_paste(request: Request) -> Response:
    """Show where a text is pasted or a file is dropped."""
    return _ask(request, {})


@router.post("/events/paste")
def take_paste(
    request: Request, operations: TheOperations, by: TheWriter, posted: ThePosted, _slot: TheSlot
) -> Response:
    """Read a text or a file. One event fills the form; several are listed, and imported once that is confirmed."""
    context, values, reader = operations.context, posted.values, reader_of(request)
    original = posted.upload or _find_file(request, values) or _typed(values)
    if original is None:
        return _ask(request, values, problems=((0, "There is nothing to read yet: paste a text, or choose a file."),))
    try:
        planned = plan_file(context, read_original(context, original, reader), by)
    except (ForbiddenError, NotFoundError, ParkedError) as error:
        return _ask(request, _with_text(values, original), problems=((0, str(error)),))
    except BadInputError as error:
        return _ask(request, _with_text(values, original), problems=_list_problems(error, original))
    chosen = number_below(len(planned), values.get("do", "").removeprefix("event-"))
    number = 0 if len(planned) == 1 else chosen
    if number is not None and not planned[number].closed:
        return _fill(request, operations, original, planned[number], number)
    if len(planned) == 1:
        return _ask(request, _with_text(values, original), problems=((0, planned[0].closed),))
    plan, confirmed = say_plan(context, planned, by), values.get("seen") if values.get("do") == "import" else None
    if confirmed == plan.seen:
        with suppress(ChangedMeanwhileError, ParkedError):  # something else was written since it was planned
            return _import(operations, planned, plan, by, home_of(request))
        planned = plan_file(context, read_original(context, original, reader), by)
        plan = say_plan(context, planned, by)
    return _list(request, original, planned, plan, again=confirmed is not None)


def _find_file(request: Request, values: Values) -> Original | None:
    """Find the file that came with a form, also with that of one of its events, which was just saved."""
    original = find_original(values)
    just_saved = read_saved(request.query_params.get("saved", ""))
    return original and replace(original, saved={**original.saved, **just_saved})


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


def _fill(request: Request, operations: Operations, original: Original, planned: Planned, number: int) -> Response:
    """Fill the form with what was read, of a new event or of the record that it changes."""
    known_id, reader = planned.known_id, reader_of(request)
    event, revision = load_record(operations.context, known_id, reader) if known_id else (None, 0)
    subject = Subject(
        event=event, revision=revision, announced=planned.announced, original=original, number=number, reader=reader
    )
    values = fill_form(planned.seen_by(reader) if known_id else planned.announced.event)
    if not known_id and not planned.announced.id_given:
        values |= {"id": ""}
    values |= fill_addresses(operations.context, planned.announced)
    turn = Turn(request=request, operations=operations, subject=subject, values=values | subject.record_fields())
    return show_form(
        turn, said=(*_say(planned, known_id), *subject.unheard), focus="notes" if subject.notes else "name"
    )


def _say(planned: Planned, known_id: str | None) -> tuple[str, ...]:
    if planned.preview.action == "unclear":
        return planned.question, "As it stands it becomes an event of its own: give it an address."
    if known_id:
        return (f"This is {known_id}, which is known already: saving changes it.",)
    return "Check what was read.", "It is not saved yet."


def _list(
    request: Request, original: Original, planned: tuple[Planned, ...], plan: FilePlan, *, again: bool
) -> Response:
    """List what the import of a file does. `again`: something else was confirmed."""
    reader = reader_of(request)
    unclear = any(each.preview.action == "unclear" for each in planned)
    columns, language = columns_of(each.preview for each in planned), language_of(request)
    notes = [each.seen_by(reader).needs_review for each in planned]
    values = {
        "plan": plan.outside,
        "label_of": label_of,
        "planned": planned[:_MOST_SHOWN],
        "notes": notes[:_MOST_SHOWN],
        "total": len(planned),
        "of_table": _about_table(notes),
        "left": sum(each.preview.action in ("created", "updated") for each in planned),
        "columns": [(column, field and name_column(field, language)) for column, field in columns],
        "counts": _count(each.preview for each in planned),
        "changes": [
            list_changes(hide_changes(each.preview.changes, reader), language)
            if each.preview.action == "updated"
            else ()
            for each in planned[:_MOST_SHOWN]
        ],
        "unheard": [() if reader.operates else say_unheard(each.announced.event) for each in planned[:_MOST_SHOWN]],
        "fields": original.fields() | {"seen": plan.seen},
        "file": original.file if original.file != PASTED else "",
        "unclear": unclear,
        "again": again and not unclear,
    }
    return show(request, "event_form/file.html", values)


def _about_table(notes: Iterable[Sequence[ReviewNote]]) -> tuple[str, ...]:
    """List the doubts about the table as a whole, each once."""
    return tuple(dict.fromkeys(note.reason for each in notes for note in each if note.field == "table"))


def _import(operations: Operations, planned: tuple[Planned, ...], plan: FilePlan, by: Actor, home: str) -> Response:
    """Import a file. Raise ChangedMeanwhileError, and store nothing, if that does not do what was planned."""
    announced = [each.announced for each in planned if not each.is_refused]
    done = import_previewed(operations.context, announced, by, expected={plan.stored})
    operations.wake()
    held = sum(bool(each.notes) for each in done)
    said = ", ".join(f"{count} {action}" for action, count in _count(done).items() if count)
    where = "see Review" if by.publishes else "answer them in the form"
    waits = f" {held} with doubts: {where}." if held else ""
    return go_on(home, f"Imported: {said}.{waits}")


def _count(previews: Iterable[Preview]) -> dict[str, int]:
    actions = [each.action for each in previews]
    return {action: actions.count(action) for action in ("created", "updated", "unchanged", "unclear", "refused")}
