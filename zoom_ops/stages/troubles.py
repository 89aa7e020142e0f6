"""The troubles of an event or a run that operators are told: from its stages and runs to alerts."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from ..messages import Message, all_of
from .facts import EventFacts
from .holdups import RunFacts, ServiceFacts, find_holdup
from .life import find_unexplained
from .making import cause_of_run
from .stage import ALERTS, LINK_CHANGED, Stage

RUN_ALERTS = {"failed": "run_failed", "parked": "run_parked", "active": "run_failing"}
ALERT_KINDS = tuple(dict.fromkeys((*ALERTS.values(), LINK_CHANGED, *RUN_ALERTS.values())))
"""The kinds of the alerts that say these troubles."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A trouble that a person has to know of. `cause`: what many of a kind have in common."""

    kind: str
    message: Message
    cause: str
    is_critical: bool = False


def troubles_of(facts: EventFacts, stages: Iterable[Stage]) -> tuple[Trouble, ...]:
    """List the troubles of an event: one for each kind of stage that is late or stuck, and those of other runs."""
    known = tuple(stages)
    found: dict[str, Trouble] = {}
    for stage in known:
        if stage.is_trouble and not stage.told and stage.message:
            kind, critical = stage.alert_kind, stage.is_critical
            found.setdefault(kind, Trouble(kind=kind, message=stage.message, cause=stage.cause, is_critical=critical))
    account = facts.observed.account
    return (*found.values(), *troubles_of_runs(find_unexplained(facts, known), facts.service, account, *facts.names))


def troubles_of_runs(
    runs: Iterable[RunFacts], service: ServiceFacts, account: str | None, *names: str
) -> tuple[Trouble, ...]:
    """List the troubles of runs for one subject: one for each state. `names`: those of its event."""
    ordered = sorted(runs, key=lambda run: (run.state, run.job))
    troubles = []
    for state, group in groupby(ordered, key=lambda run: run.state):
        several = tuple(group)
        messages = tuple(message for run in several if (message := _message_of(run, service, account)))
        if messages:
            cause = "; ".join(cause_of_run(run.job, run.error, *names) for run in several if run.error)
            message = all_of(messages)
            troubles.append(Trouble(kind=RUN_ALERTS[state], message=message, cause=cause[:300]))
    return tuple(troubles)


def _message_of(run: RunFacts, service: ServiceFacts, account: str | None) -> Message | None:
    holdup = find_holdup(run.job, account, run, service)
    return holdup.message if holdup and holdup.kind in ("failed", "parked", "failing") else None
