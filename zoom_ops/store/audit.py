"""The audit: who did what, when and from where; rows are added and never changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, insert, select

from .db.upsert import load_distinct
from .tables import audit

How = Literal["session", "oidc", "token", "command line"]


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does something: the login of who is signed in, a token's name, or the name given on the command line."""

    name: str
    how: How = "command line"
    address: str | None = None  # on the network

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """A line of the audit."""

    at: datetime
    who: str
    how: How
    address: str | None
    what: str
    subject_kind: str
    subject: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """Which lines are wanted: by somebody, of a kind, about something, from a moment up to another; all by default."""

    who: str = ""
    what: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = AuditFilter()


def record_audit(
    connection: Connection, by: Actor, what: str, subject: tuple[str, object], at: datetime, **detail: Any
) -> None:
    """Note that somebody did something, in the transaction that does it.

    `what` is past tense, object first (event_cancelled); `subject` its kind and id; `detail` holds no secrets.
    """
    kind, name = subject
    row = {"at": at, "who": by.name[:200], "how": by.how, "address": by.address, "what": what}
    connection.execute(insert(audit).values(**row, subject_kind=kind, subject=str(name)[:320], detail=detail))


def iter_audit(
    connection: Connection, wanted: AuditFilter = EVERYTHING, *, limit: int | None = None
) -> Iterator[AuditLine]:
    """List what was done, oldest first: what is wanted of it, and the latest `limit` of that."""
    query = select(audit).where(*_conditions(wanted))
    if limit:
        query = query.where(
            audit.c.id.in_(query.with_only_columns(audit.c.id).order_by(audit.c.id.desc()).limit(limit))
        )
    for row in connection.execute(query.order_by(audit.c.id), execution_options={"yield_per": 1_000}).mappings():
        yield AuditLine(**{name: value for name, value in row.items() if name != "id"})


def page_audit(
    connection: Connection, wanted: AuditFilter = EVERYTHING, *, before: int | None = None, limit: int = 50
) -> tuple[Row[Any], ...]:
    """List a page of what was done, the newest first."""
    query = select(audit).where(*_conditions(wanted)).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    return tuple(connection.execute(query))


def list_audit_actions(connection: Connection) -> tuple[str, ...]:
    """List the kinds of what was done."""
    return tuple(load_distinct(connection, audit.c.what))


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    named = ((audit.c.who, wanted.who), (audit.c.what, wanted.what), (audit.c.subject, wanted.subject))
    conditions = [column == value for column, value in named if value]
    if wanted.since:
        conditions.append(audit.c.at >= wanted.since)
    if wanted.until:
        conditions.append(audit.c.at < wanted.until)
    return conditions
