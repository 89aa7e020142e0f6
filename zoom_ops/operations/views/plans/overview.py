"""The plan as every surface shows it: what would be changed outside, and what holds the rest up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ....clock import iso_text
from ....messages import ENGLISH, message_json
from ....planning import Action, Plan, digest_of
from ....stages import Holdup
from ..impact import Impact
from .choices.choice import ALL, PlanQuery
from .holding import Held, HeldRun

_NAMED = 5  # events in a sentence
_NAMES = "zoom-ops "  # a sentence with this names a command


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The planned actions of many events, the blockers of the others, and what holds up the work on them."""

    plans: tuple[Plan, ...]
    impact: Impact = field(default_factory=Impact)
    service: tuple[Holdup, ...] = ()  # of the whole service, of an account, of a job; the worst first
    runs: tuple[HeldRun, ...] = ()
    raised: Held = ()  # what makes events late or stuck
    unplanned: tuple[str, ...] = ()  # the events that cannot be planned now: an error says why
    left_out: int = 0  # events that were not looked at, because as many as were asked for have something to show
    query: PlanQuery = ALL  # the part of the plan that this is

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """All actions, event by event."""
        return tuple(action for plan in self.plans for action in plan.actions)

    @cached_property
    def waiting(self) -> Held:
        """The blockers that wait for a change outside."""
        return tuple((plan.event, str(message)) for plan in self.plans for message in plan.waits)

    @cached_property
    def refused(self) -> Held:
        """The refusals that an operator has to decide about."""
        return tuple((plan.event, str(message)) for plan in self.plans for message in plan.refused)

    @cached_property
    def notices(self) -> Held:
        """What an operator must know, though nothing waits for it."""
        return tuple((plan.event, notice.sentence) for plan in self.plans for notice in plan.notices)

    @cached_property
    def troubles(self) -> tuple[HeldRun, ...]:
        """The runs that hold an event up for a reason that no blocker of its plan says."""
        said = {plan.event: " ".join(map(str, (*plan.waits, *plan.refused))) for plan in self.plans}
        return tuple(held for held in self.runs if str(held.holdup.error or "").rstrip("…") not in said[held.event])

    @cached_property
    def late(self) -> Held:
        """The events that are late or stuck for a reason that nothing else of the plan says."""
        runs = ((held.event, str(held.holdup.message)) for held in self.runs)
        said: dict[str, list[str]] = {}
        for event, sentence in (*self.waiting, *self.refused, *self.notices, *runs):
            said.setdefault(event, []).append(sentence)
        return tuple(
            (event, late) for event, late in self.raised if not any(words in late for words in said.get(event, ()))
        )

    @cached_property
    def refusals(self) -> Held:
        """The refusals, each with the command that carries on where its sentence names none."""
        parked = {held.event: held.holdup for held in self.runs if held.holdup.kind == "parked"}
        return tuple(
            (
                event,
                f"{sentence} {ENGLISH.remedy(parked[event].message)}"
                if event in parked and _NAMES not in sentence
                else sentence,
            )
            for event, sentence in self.refused
        )

    @cached_property
    def stopped(self) -> tuple[Action, ...]:
        """The actions that are not carried out now, because their account is stopped or paused."""
        accounts = {holdup.account for holdup in self.outages}
        return tuple(action for action in self.actions if action.account in accounts and action.about != "link")

    @cached_property
    def outages(self) -> tuple[Holdup, ...]:
        """The stops and pauses of whole accounts."""
        return tuple(holdup for holdup in self.service if holdup.is_outage and holdup.account)

    @cached_property
    def is_stopped(self) -> bool:
        """Whether there is something to do, and nothing of it is carried out before an account works again."""
        return bool(self.outages) and bool(self.actions or self.unplanned) and len(self.stopped) == len(self.actions)

    @cached_property
    def waits(self) -> Held:
        """The blockers that wait for a change outside, without those that an outage of the account says already."""
        reasons = tuple(ENGLISH.what(holdup.message) for holdup in self.outages)
        return tuple((event, sentence) for event, sentence in self.waiting if not sentence.startswith(reasons))

    def warn_of(self, holdup: Holdup) -> str:
        """Say what holds up the work of the service, and whether anything of this plan goes on."""
        head = "Nothing will be carried out now: " if self.is_stopped and holdup in self.outages else ""
        tail = f" {_count_events(self.unplanned)}" if self.unplanned and holdup in self.outages[-1:] else ""
        return f"{head}{holdup.message}{tail}"

    @cached_property
    def is_idle(self) -> bool:
        """Whether nothing is to be done, and nothing holds up an event."""
        held = self.waiting or self.refused or self.notices or self.troubles or self.late
        return not (self.actions or held)

    @cached_property
    def left(self) -> str:
        """Count the events for which nothing can be carried out now, by what keeps it; empty where there is none.

        An event that is late without that has nothing to be carried out.
        """
        acted_on = {action.event for action in self.actions}
        groups = (
            ("waits", "wait", {event for event, _ in self.waiting}),
            ("is refused", "are refused", {event for event, _ in self.refused}),
            ("has a run in trouble", "have a run in trouble", {held.event for held in self.troubles}),
        )
        return ", ".join(
            f"{number} {'event ' if number == 1 else 'events '}{one if number == 1 else many}"
            for one, many, events in groups
            if (number := len(events - acted_on))
        )

    @cached_property
    def digest(self) -> str:
        """The digest of all actions, which identifies the plan."""
        return digest_of(self.actions)


def overview_json(overview: Overview) -> dict[str, Any]:
    """Build the JSON of a plan."""
    return {
        "digest": overview.digest,
        "service": [holdup_json(holdup) for holdup in overview.service],
        "actions": [
            {
                "event": action.event,
                "action": action.kind,
                "account": action.account,
                "does": sentence,
                "changes": [change.model_dump(mode="json") for change in action.changes()],
                "reason": str(action.reason or ""),
            }
            for action, sentence in overview.impact.effects
        ],
        "mails": overview.impact.mailed or None,
        "runs": [
            {"event": held.event, "job": held.job, "run": held.run, **holdup_json(held.holdup)}
            for held in overview.runs
        ],
        "waiting": [{"event": event, "reason": reason} for event, reason in overview.waiting],
        "refused": [{"event": event, "reason": reason} for event, reason in overview.refused],
        "notices": [{"event": event, "reason": reason} for event, reason in overview.notices],
        "late": [{"event": event, "reason": reason} for event, reason in overview.late],
        "left_out": overview.left_out,
    }


def holdup_json(holdup: Holdup) -> dict[str, Any]:
    """Build the JSON of what holds work up."""
    return {
        "kind": holdup.kind,
        "account": holdup.account,
        "reason": ENGLISH.what(holdup.message),
        "action": ENGLISH.remedy(holdup.message) or None,
        "message": message_json(holdup.message),
        "since": iso_text(holdup.since),
        "until": iso_text(holdup.until),
    }


def _count_events(event_ids: Sequence[str]) -> str:
    named = ", ".join(event_ids[:_NAMED]) + (", …" if len(event_ids) > _NAMED else "")
    return f"{len(event_ids)} {'event waits' if len(event_ids) == 1 else 'events wait'} for that: {named}"
