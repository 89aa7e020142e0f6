"""What a file would do, event by event, before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from ....access import Reader, hide_private
from ....drafts import why_not_theirs
from ....events import Event, Performer
from ....operations.context import Context
from ....operations.events.previewing import Preview, digest_of, preview_each, preview_events, preview_json
from ....operations.views.impact import impact_of_saving
from ....readers import Announced
from ....store.audit import Actor

_MOST_PLANNED = 30


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What the import of one event does."""

    announced: Announced
    preview: Preview
    closed: str = ""  # why the form does not open it

    @property
    def known_id(self) -> str | None:
        """The id of the record that it changes, or None."""
        return self.preview.id if self.preview.action in ("updated", "unchanged") else None

    def seen_by(self, reader: Reader) -> Event:
        """Return the event as the import makes it, as far as a reader may see it: with the addresses of the file."""
        event = hide_private(self.preview.event, reader)
        if reader.operates or "performers" in self.announced.unsaid:
            return event
        return event.model_copy(update={"performers": self._people_of_file(event)})

    def _people_of_file(self, event: Event) -> tuple[Performer, ...]:
        """Return the people as the file says them, with the portraits that the record has for them."""
        people = self.announced.event.performers
        if len(people) != len(event.performers):
            return people
        pairs = zip(people, event.performers, strict=True)
        return tuple(person.model_copy(update={"image": kept.image}) for person, kept in pairs)

    @property
    def is_refused(self) -> bool:
        """Whether it is left out of the import."""
        return self.preview.action == "refused"

    @property
    def question(self) -> str:
        """Which event is meant, where that is unclear, or why the event is refused."""
        return (self.preview.question or "").partition(" Say --id")[0]


def plan_file(context: Context, announced: Sequence[Announced], by: Actor) -> tuple[Planned, ...]:
    """Return what the import of each event does. Those that are refused are left out of it. Raise its other errors."""
    previews = preview_each(context, announced, by)
    allowed = [each for each, shown in zip(announced, previews, strict=True) if shown.action != "refused"]
    if len(allowed) < len(announced):  # which event is meant may depend on what else is imported
        again = iter(preview_events(context, allowed, by))
        previews = tuple(shown if shown.action == "refused" else next(again) for shown in previews)
    return tuple(
        Planned(announced=each, preview=shown, closed=_why_closed(shown, by))
        for each, shown in zip(announced, previews, strict=True)
    )


def _why_closed(shown: Preview, by: Actor) -> str:
    """Say why the form does not open an event: it is published, also where the file says the same. Empty if it does."""
    if shown.action == "refused":
        return shown.question or ""
    return why_not_theirs(shown.event, publishes=by.publishes) if shown.action == "unchanged" else ""


@dataclass(frozen=True, kw_only=True)
class FilePlan:
    """What the import of a file does: what it stores, as a digest, and what it does outside."""

    stored: str
    outside: tuple[tuple[str, str], ...]  # the name of the event, or "", and what is done

    @property
    def seen(self) -> str:
        """The digest of all that is confirmed."""
        return f"{self.stored}-{sha256(repr(self.outside).encode()).hexdigest()[:16]}"


def say_plan(context: Context, planned: Sequence[Planned], by: Actor) -> FilePlan:
    """Say what an import stores and does outside, the latter for the first events that change."""
    changing = [each.preview.event for each in planned if each.preview.action in ("created", "updated")]
    looked_at = changing[:_MOST_PLANNED]
    lines = [(event.name, line) for event in looked_at for line in impact_of_saving(context, event, by)]
    left = len(changing) - len(looked_at) if by.publishes else 0
    outside = (*lines, *(("", sentence) for sentence in _say_left(left)))
    imported = (preview_json(each.preview) for each in planned if not each.is_refused)
    return FilePlan(stored=digest_of(context.box, imported), outside=outside)


def _say_left(count: int) -> tuple[str, ...]:
    if count < 2:
        return ("1 more event was not looked at: what is done for it comes on top.",) if count else ()
    return (f"{count} more events were not looked at: what is done for them comes on top.",)
