"""Runs in trouble, grouped by what they have in common."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ....clock import iso_text
from ....engine.runs import Run
from ....store.db.connect import Database
from .filters import RunChoice, causes_of, choose_runs, of_trouble

_NAMED = 3  # subjects in a line
_MOST = 10_000


@dataclass(frozen=True, kw_only=True)
class CauseGroup:
    """Runs that failed, or are parked, for one cause; the newest first."""

    cause: str
    runs: tuple[Run, ...]

    @property
    def since(self) -> datetime:
        """When the first of them was asked for."""
        return min(run.created for run in self.runs)

    @property
    def subjects(self) -> tuple[str, ...]:
        """What they are about: ids of events, addresses of hosts."""
        return tuple(dict.fromkeys(run.subject.id for run in self.runs))

    @property
    def sentence(self) -> str:
        """The cause with count, first time and subjects."""
        return self.tell({})

    def tell(self, names: Mapping[str, str]) -> str:
        """Say the sentence with the names of the events, by their ids."""
        count = f"{len(self.runs)} runs" if len(self.runs) > 1 else "1 run"
        named = name_first(names.get(subject, subject) for subject in self.subjects)
        return f"{count}: {self.cause.rstrip('.')}. First on {self.since:%Y-%m-%d %H:%M} UTC; {named}."


def group_by_cause(connection: Connection, runs: Iterable[Run]) -> tuple[CauseGroup, ...]:
    """Group runs by their cause, the most frequent first. Runs without an error are left out."""
    groups: dict[str, list[Run]] = {}
    for run, cause in causes_of(connection, tuple(runs)):
        groups.setdefault(cause, []).append(run)
    found = (CauseGroup(cause=cause, runs=tuple(several)) for cause, several in groups.items())
    return tuple(sorted(found, key=lambda group: (-len(group.runs), group.since)))


def find_in_trouble(connection: Connection, choice: RunChoice) -> tuple[Run, ...]:
    """List all runs of a choice that failed or are parked, the newest first."""
    return choose_runs(connection, of_trouble(choice), limit=_MOST)


def show_causes(database: Database, choice: RunChoice, *, limit: int) -> list[dict[str, Any]]:
    """List the causes of the runs of a choice that failed or are parked as JSON values, the most frequent first."""
    with database.read() as connection:
        groups = group_by_cause(connection, find_in_trouble(connection, choice))
    return [cause_json(group) for group in groups[:limit]]


def cause_json(group: CauseGroup) -> dict[str, Any]:
    """Build the JSON of a cause."""
    return {
        "cause": group.cause,
        "count": len(group.runs),
        "since": iso_text(group.since),
        "subjects": list(group.subjects),
        "runs": [run.id for run in group.runs],
    }


def name_first(names: Iterable[str]) -> str:
    """Name the first of several things, and how many more there are."""
    known = tuple(names)
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return f"{', '.join(known[:_NAMED])}{more}"
