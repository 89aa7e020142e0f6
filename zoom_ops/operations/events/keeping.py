"""What an import leaves as it is of a known event: its own recordings; in doubt, a published name and times. Pure."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from ...events import Attachment, Event, ReviewNote
from ...zones import as_choice

_TIMES = ("start", "end", "timezone", "display_times", "previous_start")


def keep_published(known: Event, event: Event) -> Event:
    """Return an imported event as it is stored in place of a known one.

    Readers rely on the name and the times of a published event. Where the import is in doubt about one of them, it
    stays as it is, and a note says what the import says. Start, end and zone stay together. A doubt that is noted in
    the record already was seen there, and holds nothing.
    """
    doubts = () if known.visibility == "draft" else event.blocking_notes()
    new = {note.field for note in doubts if note not in known.needs_review}
    kept: dict[str, Any] = {}
    if "name" in new and event.name != known.name:
        kept["name"] = known.name
    if new - {"name"} and _times(event) != _times(known):
        kept |= {name: getattr(known, name) for name in _TIMES}
        if event.status == "rescheduled":  # it is not yet: its new time is not published
            kept["status"] = known.status
    if not kept:
        return event
    notes = tuple(note for each in event.needs_review for note in _noted(each, known, event, kept))
    return event.model_copy(update={**kept, "needs_review": tuple(dict.fromkeys(notes))})


def own_entries(event: Event, known: Event, address: str) -> Iterator[Attachment]:
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


def _noted(note: ReviewNote, known: Event, event: Event, kept: dict[str, Any]) -> Iterator[ReviewNote]:
    """Yield a note with what the import says of a field that stays as it is; other notes as they are.

    Its text is another one, so that an approval of what stays is none of what the import says.
    """
    if note.field == "name" and "name" in kept:
        reason = f"the published title stays, and the import says {event.name!r}: {note.reason}"
        yield note.model_copy(
            update={
                "text": f"{note.text} → {event.name}",
                "reason": reason,
                "choices": _different(known.name, event.name, *note.choices),
            }
        )
    elif note.field in ("start", "end", "timezone") and "start" in kept:
        says = f"{_local(event, 'start')} – {_local(event, 'end')} {event.timezone}"
        reason = f"the published time stays, and the import says {says}: {note.reason}"
        changed = note.model_copy(update={"text": f"{note.text} → {says}", "reason": reason, "choices": ()})
        same_zone = event.timezone == known.timezone
        for field in ("start", "end") if same_zone else (note.field,):
            others = note.choices if field == note.field else ()
            choices = _different(_local(known, field), _local(event, field), *others) if same_zone else ()
            yield changed.model_copy(update={"field": field, "choices": choices})
    else:
        yield note


def _times(event: Event) -> tuple[object, ...]:
    return event.start_utc, event.end_utc, event.timezone


def _local(event: Event, field: str) -> str:
    return as_choice(getattr(event, field), ZoneInfo(event.timezone))


def _different(*choices: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(choices)) if len(set(choices)) > 1 else ()
