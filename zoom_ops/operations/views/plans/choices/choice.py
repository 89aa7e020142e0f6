"""Which part of the plan a person means, decided by values alone: every surface asks these functions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, get_args

from .....events import Event
from .....planning import About, Action, Plan, about_of

SUBJECTS: tuple[str, ...] = get_args(About)
KINDS = tuple(action.__name__ for action in get_args(Action))
"""The kinds of changes: those of one subject, or single ones."""


class Together(NamedTuple):
    """The kinds of actions that a run of a job does for an event, and those that the jobs after it do, too."""

    own: frozenset[str]
    all: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class PlanQuery:
    """What a person writes to say which part of the plan they mean; empty: all of it."""

    events: tuple[str, ...] = ()  # only these
    without: tuple[str, ...] = ()  # all but these
    kind: str = ""  # what is changed, or a kind of action
    account: str = ""
    host: str = ""
    profile: str = ""
    series: str = ""  # words of its name
    days: int | None = None  # only events that are not over and begin within so many days

    @property
    def narrows(self) -> bool:
        """Whether it means a part of the plan only."""
        return self != PlanQuery()

    @property
    def words(self) -> dict[str, str]:
        """What was written for all events together, by name: for addresses, commands and the audit."""
        days = "" if self.days is None else str(self.days)
        named = {"kind": self.kind, "account": self.account, "host": self.host, "profile": self.profile}
        return {name: value for name, value in (named | {"series": self.series, "days": days}).items() if value}

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All that was written, as the fields of an address: an event may be named several times."""
        events = (*(("event", each) for each in self.events), *(("without", each) for each in self.without))
        return (*events, *self.words.items())


ALL = PlanQuery()


def admits(query: PlanQuery, event: Event, account: str | None, now: datetime) -> bool:
    """Return whether an event is meant, as far as its record says."""
    return (
        (not query.events or event.id in query.events)
        and event.id not in query.without
        and (not query.account or query.account == account)
        and (not query.profile or query.profile == event.profile)
        and query.series.casefold() in (event.series or "").casefold()
        and (query.days is None or event.start_utc - timedelta(days=query.days) <= now < event.end_utc)
    )


def may_hold(query: PlanQuery, hosts: Collection[str | None] | None, *, recorded: bool) -> bool:
    """Return whether the plan of an event may hold what is meant: to ask that costs little, and to plan costs much.

    `hosts`: those that its webinar is on, moves to or has left; None: it has no webinar, and no panelists either.
    `recorded`: it has recordings; without one there is nothing to publish or to withdraw.
    """
    about = _about(query)
    return (
        (recorded or about != {"recording"})
        and (hosts is not None or about != {"panelists"})
        and (hosts is None or query.host in ("", *hosts))
    )


def choose(query: PlanQuery, plan: Plan, host: str = "", together: Iterable[Together] = ()) -> Plan:
    """Reduce the plan of an event that is meant to the changes that are meant, and what holds such changes back.

    `host`: of the event's webinar, if it has one. A change brings along what is `together` with it, because one run
    does both: what is chosen is exactly what is carried out. Nothing is added that the plan does not hold, so what the
    guard refuses stays refused.
    """
    if query.host and query.host not in (host, *_hosts_of(plan.actions)):
        return Plan(event=plan.event)
    if not query.kind:
        return plan
    meant = frozenset(action.kind for action in plan.actions if query.kind in (action.about, action.kind))
    done = _close(meant, tuple(together))
    about = _about(query)
    kept = {
        "actions": tuple(action for action in plan.actions if action.kind in done),
        "blockers": tuple(blocker for blocker in plan.blockers if blocker.about in about),
    }
    return plan.model_copy(update=kept)


def follows(query: PlanQuery, action: Action) -> bool:
    """Return whether an action is chosen only because another one brings it along."""
    return bool(query.kind) and query.kind not in (action.about, action.kind)


def _about(query: PlanQuery) -> frozenset[str]:
    """Return what the changes that are meant are about."""
    return frozenset((query.kind,)) if query.kind in SUBJECTS else about_of(tuple(filter(None, (query.kind,))))


def _close(kinds: frozenset[str], together: tuple[Together, ...]) -> frozenset[str]:
    """Add what the runs that do some kinds of actions do besides, until nothing is added."""
    grown = kinds.union(*(each.all for each in together if each.own & kinds))
    return kinds if grown == kinds else _close(grown, together)


def _hosts_of(actions: Iterable[Action]) -> Iterable[str]:
    """Yield the hosts that some actions name; a move names the old and the new one."""
    for action in actions:
        for named in (action, getattr(action, "replaces", None)):
            if host := getattr(named, "host", ""):
                yield host
