"""What needs a person, with many things of one cause as one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from sqlalchemy import Connection

from ...alerting.problems import Problem
from ...engine.runs import Run
from ...messages import Message
from ...messages import needs as say
from .plans.groups import MANY
from .run_lists.causes import group_by_cause

Kind = Literal["pause", "alert", "run", "host", "review", "address", "drift"]


@dataclass(frozen=True, kw_only=True)
class Need:
    """A problem that needs a person: its subject, what happened, and the next step.

    `parts`: the needs that it stands for, if many have one cause.
    """

    kind: Kind
    about: str  # a name that people know
    message: Message
    step: str  # what to do, as the label of a button
    address: str  # of the console page for this step
    event: str = ""  # the id of the event that it is about, if it is about one
    problem: str = ""  # the problem's id, if it is about an alert
    again: int = 0  # the number of a run that is tried again with a button; 0: none
    parts: tuple["Need", ...] = ()


def group_needs(needs: Iterable[Need], problems: Mapping[str, Problem], causes: Mapping[str, str]) -> Iterator[Need]:
    """Yield needs in their order; many with one cause are one, in the place of the first.

    `problems`: by id; `causes`: of runs, by the address of the run.
    """
    known = tuple(needs)
    groups: dict[str, list[Need]] = {}
    for need in known:
        groups.setdefault(_key_of(need, causes), []).append(need)
    for need in known:
        key = _key_of(need, causes)
        several = groups.get(key, [])
        if not key or len(several) < MANY:
            yield need
        elif need is several[0]:
            problem = problems.get(need.problem)
            yield _together(several, problem) if problem else _runs_together(several, key)


def find_causes(connection: Connection, runs: Iterable[Run]) -> dict[str, str]:
    """Map the addresses of runs in the console to their causes."""
    groups = group_by_cause(connection, runs)
    return {f"/-/runs/{run.id}": group.cause for group in groups for run in group.runs}


def _key_of(need: Need, causes: Mapping[str, str]) -> str:
    return need.problem or causes.get(need.address, "")


def _together(needs: list[Need], problem: Problem) -> Need:
    address = f"/-/alerts#problem-{problem.id}"
    return replace(
        needs[0],
        about=problem.summary,
        message=say.FIRST(why=needs[0].message),
        step="See the problem",
        address=address,
        again=0,
        event="",
        parts=tuple(needs),
    )


def _runs_together(needs: list[Need], cause: str) -> Need:
    return replace(
        needs[0],
        about=f"{len(needs)} runs: {cause}",
        message=say.FIRST(why=needs[0].message),
        step="See the runs",
        address=f"/-/runs?{urlencode({'state': 'trouble', 'cause': cause})}",
        again=0,
        event="",
        parts=tuple(needs),
    )
