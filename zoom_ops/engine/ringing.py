"""The statements that list due runs and ring open ones, built once: hundreds a second may be."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, select, tuple_, update
from sqlalchemy.sql.dml import ReturningUpdate, Update

from ..store.db.partial_indexes import IS_ACTIVE, IS_OPEN
from ..store.tables import run as runs

_KIND = runs.c.subject_kind == bindparam("its_kind", type_=runs.c.subject_kind.type)


@cache
def due_of(*, some_full: bool) -> Select[int, Any, str, str, int, int]:
    """Build the statement that lists `its_most` due runs of `its_kinds`, but those of the accounts in `its_full`."""
    kinds = runs.c.subject_kind.concat("")  # as an expression: SQLite must not use the index on kinds
    chosen = [runs.c.next_at <= bindparam("its_now"), kinds.in_(bindparam("its_kinds", expanding=True))]
    if some_full:
        chosen.append(runs.c.account.not_in(bindparam("its_full", expanding=True)))
    return (
        select(runs.c.id, runs.c.subject_kind, runs.c.subject, runs.c.account, runs.c.priority, runs.c.rank)
        .where(IS_ACTIVE, *chosen)
        .order_by(runs.c.priority.desc(), runs.c.rank, runs.c.next_at, runs.c.id)
        .limit(bindparam("its_most", type_=Integer))
    )


@cache
def ring_of(*, unpark: bool, force: bool) -> ReturningUpdate[int]:
    """Build the statement that rings the open run of `its_job` and `its_subject`, and returns its id."""
    named = (("its_job", runs.c.job), ("its_subject", runs.c.subject))
    mine = [column == bindparam(name, type_=column.type) for name, column in named]
    return _ring(_KIND, *mine, IS_OPEN, unpark=unpark, force=force).returning(runs.c.id)


@cache
def ring_all_of(*, unpark: bool, force: bool) -> ReturningUpdate[str, str]:
    """Build the statement that rings the open runs of `its_pairs` of job and subject, and returns the pairs it found.

    It locks them in the order of their ids, so that two processes that ring the same ones do not wait for each other.
    """
    pairs = tuple_(runs.c.job, runs.c.subject).in_(bindparam("its_pairs", expanding=True))
    locked = select(runs.c.id).where(_KIND, pairs, IS_OPEN).order_by(runs.c.id).with_for_update()
    ring = _ring(runs.c.id.in_(locked), IS_OPEN, unpark=unpark, force=force)
    return ring.returning(runs.c.job, runs.c.subject)


def _ring(*where: ColumnElement[bool], unpark: bool, force: bool) -> Update:
    at = bindparam("its_time", type_=runs.c.next_at.type)
    priority, rank = bindparam("its_priority", type_=Integer), bindparam("its_rank", type_=Integer)
    sooner = case((runs.c.next_at > at, at), else_=runs.c.next_at)
    values: dict[str, Any] = {
        "rung": runs.c.rung + 1,
        "next_at": sooner,
        "priority": case((runs.c.priority < priority, priority), else_=runs.c.priority),
        "rank": case((runs.c.rank > rank, rank), else_=runs.c.rank),
    }
    if unpark:
        values |= {"state": "active", "next_at": case((runs.c.state == "parked", at), else_=sooner)}
    if force:
        values["force"] = True
    return update(runs).where(*where).values(values)
