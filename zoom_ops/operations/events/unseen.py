"""What of an event operators decide, and how little of it whoever else writes the event changes. Pure."""

from typing import Any

from ...access import AUTHOR, KEPT_FIELDS, hide_private
from ...events import Consent, Event

_STRICT: tuple[Consent, ...] = ("record", "ask", "do_not_record")  # each allows less than the one before


def keep_of_operators(event: Event, known: Event | None) -> Event:
    """Return an event that an author writes with what operators decide about it.

    Account, profile and consent are those of the record, and of a new event the usual ones. Only a consent that
    allows less is taken from an author. Doubts that an author may not answer stay.
    """
    kept: dict[str, Any] = {name: _decided(known, name) for name in KEPT_FIELDS}
    kept["consent"] = stricter(kept["consent"], event.consent)
    asked = {(note.field, note.text) for note in event.needs_review}
    left = (note for note in known.needs_review if not AUTHOR.may_answer(note.field)) if known else ()
    notes = (*event.needs_review, *(note for note in left if (note.field, note.text) not in asked))
    return event.model_copy(update=kept | {"needs_review": notes})


def stricter(one: Consent, other: Consent) -> Consent:
    """Return the consent that allows less."""
    return max(one, other, key=_STRICT.index)


def say_unheard(event: Event) -> tuple[str, ...]:
    """Say what becomes of what a file says to operators only, for the author whose file it is.

    It tells nothing of the record.
    """
    said = []
    if any(getattr(event, name) != _decided(None, name) for name in ("account", "profile")):
        said.append("The file names an account or a profile: only operators choose these, so it changes neither.")
    if event.consent == "do_not_record":
        said.append("The file says that the event is not recorded. So it will not be.")
    elif event.consent == "ask":
        said.append("The file asks that an operator looks at a recording before it is shown. So it will be.")
    return tuple(said)


def is_same_to_authors(event: Event, known: Event) -> bool:
    """Return whether an author sees no difference between two states of an event; open doubts are none."""
    return _seen(event) == _seen(known)


def _seen(event: Event) -> dict[str, Any]:
    seen = hide_private(event, AUTHOR).to_json()
    return {name: value for name, value in seen.items() if name not in ("needs_review", "visibility")}


def _decided(known: Event | None, name: str) -> Any:
    return getattr(known, name) if known else Event.model_fields[name].get_default()
