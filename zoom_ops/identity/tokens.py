"""API tokens of scripts: add, list, revoke."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from ..clock import iso_text
from ..errors import BadInputError
from ..store.audit import Actor, record_audit
from ..store.db.connect import Database
from ..store.identity.tokens import ApiToken, delete_token, has_token, insert_token, list_tokens, load_token
from .digests import digest_of, make_secret
from .scopes import read_scopes

PREFIX = "zops_"  # so that a leaked token is recognised as one


def add_token(database: Database, by: Actor, name: str, scopes: Iterable[str], life: timedelta | None) -> str:
    """Add a token for a script and return its secret, which is not stored. Without a `life` it never expires.

    Raise BadInputError for an unusable or existing name or without a scope, and NotFoundError for an unknown scope.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}", name):
        raise BadInputError(f"{name!r} cannot name a token: letters and digits, then also blanks and . _ -")
    allowed = [str(scope) for scope in read_scopes(scopes)]
    if not allowed:
        raise BadInputError("A token is for something: name at least one scope.")
    secret = PREFIX + make_secret()
    with database.begin() as connection:
        if has_token(connection, name):
            raise BadInputError(f"There is a token {name!r} already; zoom-ops tokens revoke takes it back.")
        now = database.now(connection)
        ends = now + life if life else None
        values = {"name": name, "digest": digest_of(secret), "scopes": allowed, "created_by": by.name}
        insert_token(connection, now, **values, expires_at=ends)
        detail = {"scopes": allowed, "expires": iso_text(ends)}
        record_audit(connection, by, "token_added", ("token", name), now, **detail)
    return secret


def revoke_token(database: Database, by: Actor, name: str) -> None:
    """Revoke a token: requests with it are refused from now on. Raise NotFoundError."""
    with database.begin() as connection:
        delete_token(connection, load_token(connection, name).id)
        record_audit(connection, by, "token_revoked", ("token", name), database.now(connection))


def show_tokens(database: Database) -> list[dict[str, Any]]:
    """List the tokens as JSON values."""
    with database.read() as connection:
        return [_shown(token) for token in list_tokens(connection)]


def _shown(token: ApiToken) -> dict[str, Any]:
    moments = {"created": token.created_at, "expires": token.expires_at, "used": token.used_at}
    return {
        "name": token.name,
        "scopes": list(token.scopes),
        "created_by": token.created_by,
        **{name: iso_text(at) for name, at in moments.items()},
    }
