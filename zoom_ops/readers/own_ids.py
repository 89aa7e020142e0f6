"""An id of its own for each event of a file."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, repeat
from zoneinfo import ZoneInfo

from ..events import make_slug
from .read import Announced

_NUMBERED = "%Y-%m-%d %H%M {}"


def with_own_ids(announced: Iterable[Announced]) -> tuple[Announced, ...]:
    """Add day, time and place in the file to the ids of events with one series and name, as no two may share an id."""
    found = list(announced)
    for form in chain(("%Y-%m-%d", "%Y-%m-%d %H%M"), repeat(_NUMBERED)):
        counts = Counter(each.event.id for each in found)
        if len(counts) == len(found):
            break
        for place, each in enumerate(found):  # one by one: all events twice would take much memory
            if counts[each.event.id] > 1:
                found[place] = _dated(each, form.format(place + 1))
    return tuple(found)


def _dated(announced: Announced, form: str) -> Announced:
    event = announced.event
    day = event.start.astimezone(ZoneInfo(event.timezone)).strftime(form)
    return replace(announced, event=event.model_copy(update={"id": make_slug(event.series, event.name, day)}))
