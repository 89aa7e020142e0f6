"""Import of a file of any size: a large one is checked whole, and stored in parts, between which others write."""

from collections.abc import Iterable, Sequence
from functools import partial

from ...errors import ParkedError
from ...explain import MOST_MISTAKES
from ...readers import Announced
from ...store.audit import Actor
from ..context import Context
from .fetching import fetch_pictures
from .importing import Imported, Tell, import_events, import_within, meant_by
from .previewing import preview_events

AT_ONCE = 100  # events of a part: a tenth of a second, for which all others wait on SQLite; a second on a busy machine
_PAUSE_S = 0.12  # between two parts, at least: whoever waits for SQLite looks again each tenth of a second
_PAUSE = 0.5  # of the time that the part took


def import_file(
    context: Context,
    announced: Iterable[Announced],
    by: Actor,
    *,
    as_id: str | None = None,
    new: bool = False,
    tell: Tell = lambda _: None,
) -> tuple[Imported, ...]:
    """Import the events of a file, as `import_events` does, and raise the same errors. No mistake leaves a part stored.

    What others do meanwhile, or the end of the process, may: then the same file is imported again, and its first part
    is unchanged.
    """
    events = fetch_pictures(context, announced)
    if len(events) <= AT_ONCE:
        return import_events(context, events, by, as_id=as_id, new=new, tell=tell)
    meant = meant_by(events, as_id=as_id, new=new)
    _check(context, events, by, new, lambda number: tell(number // 2))
    imported: list[Imported] = []
    for first in range(0, len(events), AT_ONCE):
        part, told = events[first : first + AT_ONCE], partial(_tell_half, tell, first + len(events))
        began = context.clock.elapsed()
        with context.database.begin() as connection:
            imported.extend(import_within(context, connection, part, by, meant, told, beside=events))
        context.clock.sleep(max(_PAUSE_S, _PAUSE * (context.clock.elapsed() - began)))
    return tuple(imported)


def _check(context: Context, events: Sequence[Announced], by: Actor, new: bool, tell: Tell) -> None:
    """Raise what the import would raise; all questions at once."""
    previews = preview_events(context, events, by, new=new, tell=tell)
    questions = [f"{each.file}:{each.line}: {each.question}" for each in previews if each.action == "unclear"]
    if questions:
        error = ParkedError(questions[0])
        for question in questions[1:MOST_MISTAKES]:
            error.add_note(question)
        raise error


def _tell_half(tell: Tell, before: int, number: int) -> None:
    """Tell how much is done of the second half, as the first one was to check all events."""
    tell((before + number) // 2)
