"""Ids and names that begin with certain letters, for people who type only these."""

from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Connection, Text, cast, func, select

from .tables import alert, api_token, delivery, event, maintenance_window, notification, recording, run, site_user

Kind = Literal["event", "recording", "run", "alert", "window", "notification", "message", "user", "token"]

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
}


def find_names(connection: Connection, kind: Kind, beginning: str, *, limit: int) -> tuple[tuple[str, str], ...]:
    """Find at most `limit` of a kind whose id begins so, each with a word on it; one that is just that comes first."""
    column, more, order = _KINDS[kind]
    text = cast(column, Text)
    begins = func.substr(text, 1, len(beginning)) == beginning  # not LIKE: SQLite's takes A for a
    query = select(text, more).where(begins).order_by(text != beginning, order).limit(limit)
    return tuple((name, str(said or "")) for name, said in connection.execute(query))
