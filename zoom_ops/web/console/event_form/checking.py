"""A form that was sent: change its rows, check it, show what it does, and save it once that was confirmed."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlencode

from fastapi import Response

from ....access import hide_private
from ....events import Event, ReviewNote, make_slug
from ....operations.events.addresses import Origins
from ....operations.events.changes import differences
from ....operations.events.editing import ChangedMeanwhileError
from ....operations.events.importing import Imported
from ....operations.events.saving import IdTakenError, create_event, save_edit
from ....operations.views.impact import impact_of_saving
from ....planning import FieldChange
from ....store.audit import Actor
from ....store.events import find_event
from ...dependencies import language_of
from ..frame import go_on, page_of, show
from .conflicts import list_clashes, take_theirs, unpack_base
from .doubts import open_notes, take_choices, take_typed
from .fields import SINGLE, offered
from .moving_end import move_end, sign_moments
from .preview import write_preview
from .reading import SENTENCES, Read, propose_id, read_form
from .rows import change_rows
from .standing import announce, complete, load_record
from .turns import Turn, show_form
from .warnings import say_unseated, say_why_draft, warn_of_addresses
from .wording import label_of, list_changes, list_moments

_SEEN = "seen"  # the field with the digest of what the preview has shown
_OURS = ("new", "paste")  # pages of the console
_SAID = {"created": "The event is created.", "updated": "The event is changed.", "unchanged": "Nothing was changed."}
_SAID_TO_AUTHORS = {
    "created": "The event is a draft now. An operator publishes it.",
    "updated": "The draft is changed. It stays one until an operator publishes it.",
    "unchanged": "Nothing was changed.",
}


def go_on_with(turn: Turn, by: Actor) -> Response:
    """Do what the button of the form says."""
    do, subject = turn.values.get("do", "check"), turn.subject
    if turn.refused:
        return show_form(turn, turn.refused, status=400)
    turn = replace(turn, values=take_typed(subject.notes, move_end(turn.values)))
    if changed := change_rows(turn.values, do):
        values, focus = changed
        return show_form(replace(turn, values=values), focus=focus)
    values = take_choices(subject.notes, turn.values)
    turn = replace(turn, values=values | sign_moments(values))
    read = read_form(turn.values, _open_notes(turn), subject.kept, offered(SINGLE, subject.reader))
    if do in ("theirs", "mine"):
        return _rebase(turn, do)
    if clash := _find_clash(turn, read):
        return clash
    return show_form(turn, read=read) if do == "change" else _check(turn, read, do, by)


def _open_notes(turn: Turn) -> tuple[ReviewNote, ...]:
    return (*open_notes(turn.subject.notes, turn.values), *turn.subject.kept_notes)


def _check(turn: Turn, read: Read, do: str, by: Actor) -> Response:
    """Show the mistakes or the preview of a form; save it if exactly this preview was confirmed."""
    if read.event is None:
        return show_form(turn, read.errors, read=read, status=400)
    if taken := _find_taken(turn):
        return show_form(turn, taken, read=read, status=400)
    origins = turn.subject.origins(turn.values, read.rows["performers"])
    event, errors = complete(turn.context, read.event, by, origins)
    if errors:
        return show_form(turn, errors, read=read, status=400)
    event = _seen(turn, event, read.event)
    plan = impact_of_saving(turn.context, event, by)
    changes = differences(turn.subject.event, event)
    digest = sha256(repr((plan, changes)).encode()).hexdigest()[:16]
    seen = turn.values.get(_SEEN, "") if do == "save" else ""
    if seen == digest:
        return _save(turn, read.event, read, by, origins)
    return _preview(turn, event, plan, changes, digest, again=bool(seen))


def _seen(turn: Turn, event: Event, typed: Event) -> Event:
    """Return an event as it would be saved, as whoever typed it may see it: with no addresses but those they typed."""
    if turn.subject.reader.operates:
        return event
    return hide_private(event, turn.subject.reader).model_copy(update={"performers": typed.performers})


def _preview(
    turn: Turn, event: Event, plan: tuple[str, ...], changes: tuple[FieldChange, ...], digest: str, *, again: bool
) -> Response:
    language, operates = language_of(turn.request), turn.subject.reader.operates
    fields = {key: text for key, text in turn.values.items() if key not in ("do", _SEEN)}
    values = {
        "subject": turn.subject,
        "event": event,
        "plan": plan,
        "changes": list_changes(changes, language),
        "notes": event.needs_review,
        "label_of": label_of,
        "again": again,
        "why_draft": say_why_draft(event, turn.values, language) if operates else (),
        "unseated": say_unseated(event, language) if operates else "",
        "addresses": warn_of_addresses(turn.context.database, event, language) if operates else (),
        "moments": list_moments(turn.values, language),
        "fields": {**fields, _SEEN: digest},
        "public_page": write_preview(turn.request, turn.context, event),
    }
    return show(turn.request, "event_form/preview.html", values)


def _save(turn: Turn, event: Event, read: Read, by: Actor, origins: Origins) -> Response:
    subject = turn.subject
    announced = announce(subject, event)
    try:
        if subject.event:
            imported = save_edit(turn.context, announced, by, subject.asked, revision=subject.revision, origins=origins)
        else:
            imported = create_event(turn.context, announced, by, subject.asked)
    except IdTakenError:
        return show_form(turn, _find_taken(turn), read=read, status=400)
    except ChangedMeanwhileError:
        known, revision = load_record(turn.context, event.id, subject.reader)
        again = replace(turn, subject=replace(subject, event=known, revision=revision))
        return _find_clash(again, read) or show_form(again, read=read, status=409)
    turn.operations.wake()
    said = (_SAID if by.publishes else _SAID_TO_AUTHORS)[imported.action]
    return _lead_on(turn, imported, said)


def _lead_on(turn: Turn, imported: Imported, said: str) -> Response:
    """Lead to the event, or back to the list of its file: the browser posts there what came with the form."""
    subject = turn.subject
    if not subject.listed:
        return go_on(page_of(turn.request, imported.id), said)
    saved = urlencode({"saved": f"{subject.number}:{imported.id}"})
    return go_on(f"/-/events/paste?{saved}", f"{imported.event.name}: {said}", with_form=True)


def _find_clash(turn: Turn, read: Read) -> Response | None:
    """Return the form with what somebody else changed meanwhile; None if nobody did."""
    subject, values = turn.subject, turn.values
    if subject.event is None or values.get("revision") == str(subject.revision):
        return None
    typed = read.event.to_json() if read.event else None
    base, language = unpack_base(values.get("base", "")), language_of(turn.request)
    clashes = list_clashes(base, subject.event, values, typed, language)
    if not clashes:  # it was written anew with the same content
        return None
    return show_form(turn, read.errors, read=read, status=409, clashes=clashes)


def _rebase(turn: Turn, do: str) -> Response:
    """Put a form on top of the record as somebody else left it."""
    subject, values = turn.subject, turn.values
    over = do == "theirs"
    if subject.event:
        base, of_file = unpack_base(values.get("base", "")), subject.people_of_file is not None
        values = take_theirs(values, base, subject.event, also_over_mine=over, numbered_by_file=of_file)
    said = (
        "What they changed stands in the form now; what else you typed is kept."
        if over
        else "What you typed is kept, also over theirs; what only they changed stands in the form now."
    )
    return show_form(replace(turn, values=values | subject.record_fields()), said=(said,))


def _find_taken(turn: Turn) -> Mapping[str, str]:
    if turn.subject.event:
        return {}
    event_id = propose_id(turn.values)
    if event_id in _OURS or event_id != make_slug(event_id):
        refused = f"“{event_id[:100]}” cannot be the address of an event."
        return {"id": f"{refused} {SENTENCES['id']}"}
    with turn.context.database.read() as connection:
        known = find_event(connection, event_id)
    if known is None:
        return {}
    return {"id": f"{event_id} is the address of “{known.name}” already: give this event another, or edit that one."}
