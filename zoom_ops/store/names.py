"""Ids and names that begin with certain letters, for people who type only these."""

from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Connection, String, Text, cast, func, select

from .tables import (
    alert,
    api_token,
    contact,
    delivery,
    event,
    maintenance_window,
    notification,
    recording,
    run,
    site_user,
)

Kind = Literal["event", "recording", "run", "alert", "window", "notification", "message", "user", "token", "person"]

_Known = tuple[Column[Any], ColumnElement[Any], ColumnElement[Any]]
_KINDS: dict[Kind, _Known] = {  # the id, what says more of it, and which come first
    "event": (event.c.id, event.c.name, event.c.start_at.desc()),
    "recording": (recording.c.uuid, recording.c.event_id, recording.c.started_at.desc()),
    "run": (run.c.id, run.c.job.concat(" ").concat(run.c.subject).concat(" ").concat(run.c.state), run.c.id.desc()),
    "alert": (alert.c.id, alert.c.sentence, alert.c.id.desc()),
    "window": (maintenance_window.c.id, maintenance_window.c.note, maintenance_window.c.id.desc()),
    "notification": (notification.c.id, notification.c.kind, notification.c.id.desc()),
    "message": (delivery.c.id, delivery.c.kind, delivery.c.at.desc()),
    "user": (site_user.c.login, site_user.c.name, site_user.c.login.asc()),
    "token": (api_token.c.name, api_token.c.created_by, api_token.c.name.asc()),
    "person": (contact.c.email, contact.c.name, contact.c.email.asc()),
}


def is_name(connection: Connection, kind: Kind, name: str) -> bool:
    """Return whether this is the whole id of one of a kind whose ids are words."""
    column, *_ = _KINDS[kind]
    return connection.scalar(select(column).where(column == name)) is not None


def find_names(connection: Connection, kind: Kind, beginning: str, *, limit: int) -> tuple[tuple[str, str], ...]:
    """Find at most `limit` of a kind whose id begins so, each with a word on it."""
    column, more, order = _KINDS[kind]
    text = cast(column, Text)
    query = select(text, more).where(func.substr(text, 1, len(beginning)) == beginning)  # LIKE of SQLite takes A for a
    if beginning and isinstance(column.type, String):
        order = column.asc()
        if connection.dialect.name == "sqlite":  # whose index is in the order of the letters' codes
            query = query.where(column >= beginning, column < beginning + chr(0x10FFFF))
    return tuple((name, str(said or "")) for name, said in connection.execute(query.order_by(order).limit(limit)))
