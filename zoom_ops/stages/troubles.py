"""The troubles of an event or a run that operators are told: from its stages and runs to alerts."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from .causes import cause_of_run
from .facts import EventFacts
from .holdups import RunFacts, ServiceFacts, find_holdup
from .life import find_unexplained
from .stage import ALERTS, LINK_CHANGED, Stage

RUN_ALERTS = {"failed": "run_failed", "parked": "run_parked", "active": "run_failing"}
ALERT_KINDS = tuple(dict.fromkeys((*ALERTS.values(), LINK_CHANGED, *RUN_ALERTS.values())))
"""The kinds of the alerts that say these troubles."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A trouble that a person has to know of. `cause`: what many of a kind have in common."""

    kind: str
    sentence: str
    cause: str
    is_critical: bool = False


def troubles_of(facts: EventFacts, stages: Iterable[Stage]) -> tuple[Trouble, ...]:
    """List the troubles of an event: one for each kind of stage that is late or stuck, and those of other runs."""
    known = tuple(stages)
    found: dict[str, Trouble] = {}
    for stage in known:
        if stage.is_trouble and not stage.told:
            kind = stage.alert_kind
            found.setdefault(
                kind, Trouble(kind=kind, sentence=stage.sentence, cause=stage.cause, is_critical=stage.is_critical)
            )
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
        sentences = [sentence for run in several if (sentence := _sentence_of(run, service, account))]
        if sentences:
            cause = "; ".join(cause_of_run(run.job, run.error, *names) for run in several if run.error)
            troubles.append(Trouble(kind=RUN_ALERTS[state], sentence=" ".join(sentences), cause=cause[:300]))
    return tuple(troubles)


def _sentence_of(run: RunFacts, service: ServiceFacts, account: str | None) -> str:
    holdup = find_holdup(run.job, account, run, service)
    return str(holdup.message) if holdup and holdup.kind in ("failed", "parked", "failing") else ""
