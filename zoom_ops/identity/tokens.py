"""API tokens of scripts: their scopes, add, list, revoke."""

import re
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any

from ..clock import iso_text
from ..errors import BadInputError, NotFoundError
from ..store.audit import Actor, record_audit
from ..store.db.connect import Database
from ..store.identity.tokens import delete_token, has_token, insert_token, list_tokens, load_token
from .administering import check_admin
from .issued import digest_of, make_secret

PREFIX = "zops_"  # so that a leaked token is recognised as one


class Scope(StrEnum):
    """A permission of a script. `meaning` describes it in a sentence, for the command line, the API and the docs."""

    meaning: str

    EVENTS_READ = "events:read", "List and read events as every visitor sees them."
    EVENTS_READ_ALL = "events:read-all", "The same as operators see them: addresses, join links, what is for members."
    EVENTS_WRITE = "events:write", "Add, change and cancel events, and see of them what operators see."
    EVENTS_DRAFT = "events:draft", "Add events as drafts, change and delete drafts; publish nothing."
    PEOPLE_READ = "people:read", "Read the address book."
    PEOPLE_WRITE = "people:write", "Change the address book."
    JOBS_RUN = "jobs:run", "Run a job now, for one event or for all whose turn it is; pause it, change its schedule."
    RUNS_READ = "runs:read", "See jobs, runs, their calls to Zoom, notifications, accounts, hosts, alerts."
    RUNS_WRITE = "runs:write", "Try runs again, cancel one, replay a notification, dismiss an alert, pause an account."
    PLAN_READ = "plan:read", "See what would be changed at Zoom and on the event records."
    PLAN_APPLY = "plan:apply", "Have that done."
    APPROVALS_WRITE = "approvals:write", "Approve what is doubtful, adopt a webinar, keep a recording back."
    WEBHOOKS_READ = "webhooks:read", "List the systems that are told what happens, and what they were told."
    WEBHOOKS_WRITE = "webhooks:write", "Send them a test, or a message again."
    AUDIT_READ = "audit:read", "Read who did what."

    def __new__(cls, name: str, meaning: str) -> "Scope":
        scope = str.__new__(cls, name)
        scope._value_, scope.meaning = name, meaning
        return scope


def add_token(database: Database, by: Actor, name: str, scopes: Iterable[str], life: timedelta | None) -> str:
    """Add a token for a script and return its secret, which is not stored. Without a `life` it never expires.

    Raise BadInputError for an unusable or existing name or without a scope, NotFoundError for an unknown scope, and
    ForbiddenError for who may not (`check_admin`).
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}", name):
        raise BadInputError(f"{name!r} cannot name a token: letters and digits, then also blanks and . _ -")
    requested = list(scopes)
    for scope in requested:
        if scope not in list(Scope):
            raise NotFoundError("scope", scope, Scope)
    allowed = [str(scope) for scope in Scope if scope in requested]
    if not allowed:
        raise BadInputError("A token is for something: name at least one scope.")
    secret = PREFIX + make_secret()
    with database.begin() as connection:
        check_admin(connection, by)
        if has_token(connection, name):
            raise BadInputError(f"There is a token {name!r} already. Revoke that one, or choose another name.")
        now = database.now(connection)
        ends = now + life if life else None
        values = {"name": name, "digest": digest_of(secret), "scopes": allowed, "created_by": by.name}
        insert_token(connection, now, **values, expires_at=ends)
        record_audit(connection, by, "token_added", ("token", name), now, scopes=allowed, expires=iso_text(ends))
    return secret


def revoke_token(database: Database, by: Actor, name: str) -> None:
    """Revoke a token: requests with it are refused from now on. Raise NotFoundError or ForbiddenError."""
    with database.begin() as connection:
        check_admin(connection, by)
        delete_token(connection, load_token(connection, name).id)
        record_audit(connection, by, "token_revoked", ("token", name), database.now(connection))


def show_tokens(database: Database) -> list[dict[str, Any]]:
    """List the tokens as JSON values."""
    with database.read() as connection:
        return [
            {
                "name": token.name,
                "scopes": list(token.scopes),
                "created_by": token.created_by,
                "created": iso_text(token.created_at),
                "expires": iso_text(token.expires_at),
                "used": iso_text(token.used_at),
            }
            for token in list_tokens(connection)
        ]
