"""The append-only audit: who did what, when and from where. Only refused passwords go when they are old."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select

from .db.postgresql import begin_for_cursor
from .db.upsert import load_distinct
from .tables import audit

REFUSALS = ("sign_in_refused", "password_change_refused", "proof_refused", "second_factor_refused")
"""The lines about refused passwords and codes: the only ones that the database lets go."""

CODE_REFUSED = "second_factor_refused"
IS_REFUSAL = audit.c.what.in_(REFUSALS)
How = Literal["session", "oidc", "token", "command line", "home"]


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: the login of a signed-in user, the name of a token, or the name given on the command line."""

    name: str
    how: How = "command line"
    address: str | None = None  # network address
    publishes: bool = True  # whether they may publish; others write drafts

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """A filter of lines: by whom, what, about which subject, from `since` until before `until`. Empty: all lines."""

    who: str = ""
    what: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = AuditFilter()


def record_audit(
    connection: Connection, by: Actor, what: str, subject: tuple[str, object], at: datetime, **detail: Any
) -> None:
    """Write a line of the audit in the transaction of the action.

    `what` is past tense, object first (event_cancelled). `subject` is a kind and an id. `detail` must not hold secrets.
    """
    kind, name = subject
    row = {"at": at, "who": by.name[:200], "how": by.how, "address": by.address, "what": what}
    connection.execute(insert(audit), {**row, "subject_kind": kind, "subject": str(name)[:320], "detail": detail})


def iter_audit(
    connection: Connection, filters: AuditFilter = EVERYTHING, *, limit: int | None = None
) -> Iterator[Row[Any]]:
    """Yield the lines that pass the filter, without their ids, oldest first; with `limit`, only the latest ones."""
    query = select(*(column for column in audit.c if column is not audit.c.id)).where(*_conditions(filters))
    if limit:
        latest = query.with_only_columns(audit.c.id).order_by(audit.c.id.desc()).limit(limit)
        query = query.where(audit.c.id.in_(latest))
    begin_for_cursor(connection)
    yield from connection.execute(query.order_by(audit.c.id), execution_options={"yield_per": 1_000})


def page_audit(connection: Connection, filters: AuditFilter, *, before: int | None, limit: int) -> tuple[Row[Any], ...]:
    """List a page of the lines that pass the filter, the newest first."""
    query = select(audit).where(*_conditions(filters)).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    return tuple(connection.execute(query))


def load_latest(
    connection: Connection, kind: str, subjects: Sequence[str], whats: Sequence[str]
) -> dict[str, Row[Any]]:
    """Load the newest line about each of some subjects that is one of `whats`, by subject."""
    chosen = audit.c.subject.in_(list(subjects)), audit.c.subject_kind == kind, audit.c.what.in_(list(whats))
    newest = select(func.max(audit.c.id)).where(*chosen).group_by(audit.c.subject)
    return {row.subject: row for row in connection.execute(select(audit).where(audit.c.id.in_(newest)))}


def load_first_sign_ins(connection: Connection, login: str, limit: int) -> tuple[Row[Any], ...]:
    """Load when a user has first signed in from each address, the earliest first: later ones push none of them out."""
    theirs = audit.c.subject_kind == "user", audit.c.subject == login, audit.c.what == "signed_in"
    first = func.min(audit.c.at).label("at")
    query = select(first, audit.c.address).where(*theirs).group_by(audit.c.address).order_by(first).limit(limit)
    return tuple(connection.execute(query))


def load_refusals(
    connection: Connection, since: datetime, limit: int | None = None, *, whats: Sequence[str] = REFUSALS
) -> tuple[Row[Any], ...]:
    """Load the latest lines since a moment about refused passwords and codes, or about `whats` of them."""
    chosen = audit.c.what.in_(whats), audit.c.at > since
    query = select(audit.c.what, audit.c.subject, audit.c.address, audit.c.at).where(*chosen)
    return tuple(connection.execute(query.order_by(audit.c.at.desc()).limit(limit)))


def list_audit_actions(connection: Connection) -> tuple[str, ...]:
    """List the distinct values of `what`."""
    return tuple(load_distinct(connection, audit.c.what))


def _conditions(filters: AuditFilter) -> list[ColumnElement[bool]]:
    equal = ((audit.c.who, filters.who), (audit.c.what, filters.what), (audit.c.subject, filters.subject))
    conditions = [column == value for column, value in equal if value]
    if filters.since:
        conditions.append(audit.c.at >= filters.since)
    if filters.until:
        conditions.append(audit.c.at < filters.until)
    return conditions
