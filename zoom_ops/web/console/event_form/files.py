"""What a file would do, event by event, before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ....errors import ParkedError
from ....events import Event
from ....operations.context import Context
from ....operations.events.importing import complete_event, differences, identify
from ....planning import FieldChange
from ....readers import Announced
from ....store.events import find_event


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What the import of one event does."""

    announced: Announced
    event: Event  # as it would be stored
    action: Literal["created", "updated", "unchanged", "unclear"]
    changes: tuple[FieldChange, ...] = ()
    question: str = ""  # which event is meant, where that is unclear

    @property
    def known_id(self) -> str | None:
        """The id of the record that it changes, or None."""
        return self.event.id if self.action in ("updated", "unchanged") else None


def plan_file(context: Context, announced: Sequence[Announced]) -> tuple[Planned, ...]:
    """Return what the import of each event does. Raise NotFoundError for an unknown profile or account."""
    return tuple(_plan(context, each) for each in announced)


def _plan(context: Context, announced: Announced) -> Planned:
    with context.database.read() as connection:
        try:
            named = identify(connection, announced)
        except ParkedError as error:
            question = str(error).removeprefix(f"{announced.file}:{announced.line}: ").partition(" Say --id")[0]
            return Planned(announced=announced, event=announced.event, action="unclear", question=question)
        known = find_event(connection, named.id)
        event = complete_event(context, connection, named, known)
    changes = differences(known, event)
    action: Literal["created", "updated", "unchanged"] = (
        "created" if known is None else "updated" if changes else "unchanged"
    )
    return Planned(announced=announced, event=event, action=action, changes=changes)
