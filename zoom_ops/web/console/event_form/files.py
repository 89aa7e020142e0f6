"""What a file would do, event by event, before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from ....access import Reader, hide_private
from ....events import Event
from ....operations.context import Context
from ....operations.events.previewing import Preview, preview_events
from ....readers import Announced
from ....store.audit import Actor


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What the import of one event does."""

    announced: Announced
    preview: Preview

    @property
    def known_id(self) -> str | None:
        """The id of the record that it changes, or None."""
        return self.preview.id if self.preview.action in ("updated", "unchanged") else None

    def seen_by(self, reader: Reader) -> Event:
        """Return the event as the import makes it, as far as a reader may see it: with the addresses of the file."""
        event = hide_private(self.preview.event, reader)
        if reader.operates or "performers" in self.announced.unsaid:
            return event
        return event.model_copy(update={"performers": self.announced.event.performers})

    @property
    def question(self) -> str:
        """Which event is meant, where that is unclear."""
        return (self.preview.question or "").partition(" Say --id")[0]


def plan_file(context: Context, announced: Sequence[Announced], by: Actor) -> tuple[Planned, ...]:
    """Return what the import of each event does. Raise the errors of an import."""
    previews = preview_events(context, announced, by)
    return tuple(Planned(announced=each, preview=shown) for each, shown in zip(announced, previews, strict=True))
