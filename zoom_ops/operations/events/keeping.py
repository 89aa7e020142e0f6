"""What an import in doubt leaves as it is: the name, the status and the times of a published event, and answers. Pure.

An approval holds the field and the text of a note. One of "text → what the import says" holds for just that value.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from ...events import BLOCKING_FIELDS, Attachment, Event, ReviewNote
from ...zones import as_choice

_NAME = ("name", "status")  # a word in a title may be a status
_TIMES = ("start", "end", "timezone", "display_times", "previous_start")
IsApproved = Callable[[ReviewNote], bool]


def keep_decided(known: Event, event: Event, is_approved: IsApproved, seen: Sequence[ReviewNote] = ()) -> Event:
    """Return an imported event as it is stored in place of a known one, with the notes that are open.

    Readers rely on a published event. Where the import is in doubt about its name or its times, they stay as they are,
    and a note says what the import says. A word in a doubtful name may be the status, which stays with it; start, end
    and zone stay together. Of a draft stays what somebody has answered already. `seen`: notes that hold nothing.
    """
    doubts = [note for note in event.blocking_notes() if note not in seen and _holds(note, known, event, is_approved)]
    kept = _kept(known, event, {note.field for note in doubts})
    answered = {_first_of(n) for n in event.blocking_notes() if any(map(is_approved, _noted(n, known, event)))}
    left: list[ReviewNote] = []
    for note in event.needs_review:
        if _first_of(note) in kept and not (is_approved(note) and _first_of(note) in answered):
            left += (each for each in _noted(note, known, event) if not is_approved(each))
        elif not _is_settled(note, known, event, is_approved):
            left.append(note)
    return event.model_copy(update={**kept, "needs_review": tuple(dict.fromkeys(left) if kept else left)})


def answers_between(before: Event, after: Event) -> tuple[tuple[str, str], ...]:
    """List the (field, text) that are approved when an event in doubt is saved as another state of it.

    An answer by another value holds for what the event said before, so that the same import does not revert it. A text
    with another doubt of the same field that is open is not approved yet.
    """
    left = {(note.field, note.text) for note in after.needs_review}
    settled = [note for note in before.needs_review if (note.field, note.text) not in left]
    changed = _kept(after, before, {note.field for note in settled if note.field in BLOCKING_FIELDS})
    others = [each for note in settled if _first_of(note) in changed for each in _noted(note, after, before)]
    return tuple(sorted({(note.field, note.text) for note in (*settled, *others)}))


def keep_own_entries(event: Event, known: Event, address: str) -> Iterator[Attachment]:
    """Yield the file's attachments without the links that we publish ourselves: the record's own entry stays.

    Such links come back in a file that `events show --json` wrote. The own entry takes over the file's visibility.
    """
    own = next((e for e in known.attachments if e.kind == "recording" and e.state in ("expected", "published")), None)
    for entry in event.attachments:
        if entry.state != "published" or (entry.url or "").partition("?")[0] != address:
            yield entry
        elif own:
            yield own.model_copy(update={"visibility": entry.visibility})
            own = None


def _kept(known: Event, event: Event, in_doubt: set[str]) -> dict[str, Any]:
    """Return the fields of the known event that stay."""
    kept: dict[str, Any] = {}
    if in_doubt - {"name"} and _times(event) != _times(known):
        kept |= {name: getattr(known, name) for name in _TIMES}
        if event.status == "rescheduled":  # it is not yet: its new time is not published
            kept["status"] = known.status
    if "name" in in_doubt and (event.name, event.status) != (known.name, known.status):
        kept |= {name: getattr(known, name) for name in _NAME}
    return kept


def _holds(note: ReviewNote, known: Event, event: Event, is_approved: IsApproved) -> bool:
    """Return whether a doubt leaves what it is about as it is."""
    is_right, is_answered = is_approved(note), any(map(is_approved, _noted(note, known, event)))
    if note.field == "name" and event.name == known.name and is_right:  # so a new status is none of its words
        return is_answered
    return is_right or is_answered or known.visibility != "draft"


def _is_settled(note: ReviewNote, known: Event, event: Event, is_approved: IsApproved) -> bool:
    """Return whether a note is approved, or what its import says was chosen."""
    return is_approved(note) or (note.field in BLOCKING_FIELDS and all(map(is_approved, _noted(note, known, event))))


def _first_of(note: ReviewNote) -> str:
    """Return the first of the fields that stay together where one of them is in doubt; empty for other fields."""
    return "" if note.field not in BLOCKING_FIELDS else "name" if note.field == "name" else "start"


def _noted(note: ReviewNote, known: Event, event: Event) -> Iterator[ReviewNote]:
    """Yield a note with what the import says of the fields that stay as they are.

    Its text is another one, so that an approval of what stays is none of what the import says.
    """
    if note.field == "name":
        status = "" if event.status == "scheduled" else f", {event.status}"
        says = f"{event.name!r}{status}"
        yield note.model_copy(
            update={
                "text": f"{note.text} → {event.name}{status}".strip(),
                "reason": f"the stored title stays, and the import says {says}: {note.reason}",
                "choices": _different(known.name, event.name, *note.choices),
            }
        )
        return
    says = f"{_local(event, 'start')} – {_local(event, 'end')} {event.timezone}"
    reason = f"the stored time stays, and the import says {says}: {note.reason}"
    changed = note.model_copy(update={"text": f"{note.text} → {says}".strip(), "reason": reason, "choices": ()})
    same_zone = event.timezone == known.timezone
    for field in ("start", "end") if same_zone else (note.field,):
        others = note.choices if field == note.field else ()
        choices = _different(_local(known, field), _local(event, field), *others) if same_zone else ()
        yield changed.model_copy(update={"field": field, "choices": choices})


def _times(event: Event) -> tuple[object, ...]:
    return event.start_utc, event.end_utc, event.timezone


def _local(event: Event, field: str) -> str:
    return as_choice(getattr(event, field), ZoneInfo(event.timezone))


def _different(*choices: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(choices)) if len(set(choices)) > 1 else ()
