"""What holds events up, grouped by its cause: many events with one cause are one line. The plan stays as it is."""

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ....stages import cause_of_run, without_names
from .holding import Held
from .overview import Overview

MANY = 3  # so many events with one cause are one line
Why = Literal["trouble", "late", "waits", "refused", "notice"]
_NAMED = 5  # events in a line
_RUN = re.compile(r"\b([Rr]un|retry) \d+")  # a run's number differs from event to event
_VERBS: Mapping[Why, tuple[str, str]] = {
    "trouble": ("", ""),
    "late": ("is late", "are late"),
    "waits": ("waits", "wait"),
    "refused": ("is refused", "are refused"),
    "notice": ("needs attention", "need attention"),
}


@dataclass(frozen=True, kw_only=True)
class HeldGroup:
    """Events that are held up for one cause."""

    why: Why
    cause: str
    held: Held  # each event with its own sentence
    action: str = ""  # what to do for all of them at once

    @property
    def events(self) -> tuple[str, ...]:
        """The events, each once."""
        return tuple(dict.fromkeys(event for event, _ in self.held))

    @property
    def is_one_line(self) -> bool:
        """Whether the events are told together: there are many, or the same sentence is said of all."""
        return len(self.events) >= MANY or len({sentence for _, sentence in self.held}) == 1

    def named(self, names: Mapping[str, str]) -> str:
        """Return the first events, and how many more there are. `names`: by id; without a name it is the id."""
        more = f" and {len(self.events) - _NAMED} more" if len(self.events) > _NAMED else ""
        first = (f"“{names[event]}”" if event in names else event for event in self.events[:_NAMED])
        return f"{', '.join(first)}{more}"

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for all events, or a line for each."""
        return (self.sum_up({}),) if self.is_one_line else self.long

    @property
    def long(self) -> tuple[str, ...]:
        """A line for each event."""
        return tuple(_line(event, _VERBS[self.why][0], sentence) for event, sentence in self.held)

    def sum_up(self, names: Mapping[str, str]) -> str:
        """Return one line for all events, with their names where they are known, else their ids."""
        singular, plural = _VERBS[self.why]
        first = self.held[0][1]
        if len({sentence for _, sentence in self.held}) == 1:
            return _line(self.named(names), plural if len(self.events) > 1 else singular, first)
        count, cause = f"{len(self.events)} events", self.cause.rstrip(".")
        said = f"{count} {plural} for one cause" if plural else f"{count} have one cause"
        return f"{said}: {cause}. {self.named(names)}. {self.action or f'The first: {first}'}"


def group_held(overview: Overview, names: Mapping[str, str]) -> tuple[HeldGroup, ...]:
    """Group what holds the events of a plan up by its cause, in the order of the plan. `names`: of events, by id."""
    return (
        *_group_runs(overview, names),
        *_group("late", overview.late, overview.late, names),
        *_group("waits", overview.waits, overview.waits, names),
        *_group("refused", overview.refusals, overview.refused, names),
        *_group("notice", overview.notices, overview.notices, names),
    )


def events_in(overview: Overview) -> set[str]:
    """Return the ids of the events that a plan speaks of."""
    return {*(plan.event for plan in overview.plans), *(event for event, _ in overview.late)}


def _group_runs(overview: Overview, names: Mapping[str, str]) -> Iterable[HeldGroup]:
    groups: dict[str, list[tuple[str, str]]] = {}
    ended: dict[str, set[bool]] = {}
    for held in overview.troubles:
        error = held.holdup.error or held.holdup.message
        cause = cause_of_run(held.job, error, held.event, names.get(held.event, ""))
        groups.setdefault(cause, []).append((held.event, str(held.holdup.message)))
        ended.setdefault(cause, set()).add(held.holdup.kind in ("failed", "parked"))
    for cause, several in groups.items():
        retry = f"Mend the cause, then: zoom-ops runs retry --failed --cause {shlex.quote(cause)}"
        yield HeldGroup(why="trouble", cause=cause, held=tuple(several), action=retry if ended[cause] == {True} else "")


def _group(why: Why, shown: Held, reasons: Held, names: Mapping[str, str]) -> Iterable[HeldGroup]:
    """Group sentences by their reasons, which are in the same order."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for (event, sentence), (_, reason) in zip(shown, reasons, strict=True):
        cause = _RUN.sub(r"\1 …", without_names(reason, event, names.get(event, "")))
        groups.setdefault(cause, []).append((event, sentence))
    for cause, several in groups.items():
        yield HeldGroup(why=why, cause=cause, held=tuple(several))


def _line(events: str, verb: str, sentence: str) -> str:
    return f"{events} {verb}: {sentence}" if verb else f"{events}: {sentence}"
