"""Import of a file of any size: a large one is checked whole, and stored in parts, between which others write."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from ...errors import ParkedError, ZoomOpsError
from ...explain import MOST_MISTAKES
from ...readers import Announced
from ...store.audit import Actor
from ..context import Context
from .fetching import fetch_pictures
from .identity import AS_SAID
from .importing import Imported, Tell, import_events, import_within
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
    is unchanged. With `new` it would be new again, so all is stored at once.
    """
    events = fetch_pictures(context, announced)
    if len(events) <= AT_ONCE or new or as_id:
        return import_events(context, events, by, as_id=as_id, new=new, tell=tell)
    _check(context, events, by, lambda number: tell(number // 2))
    imported: list[Imported] = []
    with _told_how_far(imported, len(events)):
        for part in _parts(context, events):
            told = partial(_tell_half, tell, len(imported) + len(events))
            with context.database.begin() as connection:
                outcomes = import_within(context, connection, part, by, AS_SAID, told, beside=events)
            imported.extend(outcomes)
    return tuple(imported)


def _check(context: Context, events: Sequence[Announced], by: Actor, tell: Tell) -> None:
    """Raise what the import would raise; all questions at once."""
    previews = preview_events(context, events, by, tell=tell)
    questions = [f"{each.file}:{each.line}: {each.question}" for each in previews if each.action == "unclear"]
    if questions:
        error = ParkedError(questions[0])
        for question in questions[1:MOST_MISTAKES]:
            error.add_note(question)
        raise error


def _parts(context: Context, events: Sequence[Announced]) -> Iterator[Sequence[Announced]]:
    """Yield the parts of a file. Between two of them, leave the database to others."""
    for first in range(0, len(events), AT_ONCE):
        began = context.clock.elapsed()
        yield events[first : first + AT_ONCE]
        if first + AT_ONCE < len(events):
            context.clock.sleep(max(_PAUSE_S, _PAUSE * (context.clock.elapsed() - began)))


@contextmanager
def _told_how_far(imported: Sequence[Imported], events: int) -> Iterator[None]:
    """Add to an error how many events are stored."""
    try:
        yield
    except ZoomOpsError as error:
        if imported:
            error.add_note(f"{len(imported):,} of {events:,} events are stored: import the file again for the others.")
        raise


def _tell_half(tell: Tell, before: int, number: int) -> None:
    """Tell how much is done of the second half, as the first one was to check all events."""
    tell((before + number) // 2)
