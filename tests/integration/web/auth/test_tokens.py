"""Tokens of scripts: scopes, expiry, and storage as a digest only."""

from datetime import timedelta
from typing import Annotated

import pytest
from sqlalchemy import select
from starlette.routing import Mount

from tests.builders import AN_OPERATOR
from tests.web_site import Site, Visitor
from zoom_ops.clock import SystemClock
from zoom_ops.errors import BadInputError, NotFoundError
from zoom_ops.identity import Scope
from zoom_ops.identity.tokens import add_token, revoke_token, show_tokens
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import api_token
from zoom_ops.web.api.callers import Caller, needs

PROBE = "/api/v1/probe"


@pytest.fixture
def site(database: Database) -> Site:
    """A site with a path that needs a token."""
    site = Site(database, base_url="http://events.example.org")

    def tell(caller: Annotated[Caller, needs(Scope.EVENTS_WRITE)]) -> dict[str, str]:
        return {"who": caller.by.name, "how": caller.by.how, "role": caller.reader.role}

    (mounted,) = (route for route in site.app.routes if isinstance(route, Mount))
    mounted.app.open().add_api_route("/probe", tell, methods=["GET", "POST"])
    return site


@pytest.fixture
def token(database: Database) -> str:
    """A token that may write events."""
    return add_token(database, AN_OPERATOR, "website", ["events:write", "events:read"], None)


def ask(visitor: Visitor, token: str, **headers: str) -> int:
    """Send a request with a token. Return the status."""
    return visitor.post(PROBE, headers={"Authorization": f"Bearer {token}", **headers}).status_code


def test_token_opens_what_it_is_for(visitor: Visitor, token: str) -> None:
    answer = visitor.get(PROBE, headers={"Authorization": f"bearer {token}"})

    assert answer.json() == {"who": "website", "how": "token", "role": "operator"}


def test_token_of_another_scope_is_refused(database: Database, visitor: Visitor) -> None:
    reading = add_token(database, AN_OPERATOR, "reader", ["events:read"], None)

    answer = visitor.get(PROBE, headers={"Authorization": f"Bearer {reading}"})

    assert (answer.status_code, answer.json()["detail"]) == (403, "This token lacks the scope events:write.")


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "Bearer zops_none", "Basic {}", "{}", "Bearer {}x", "Bearer é"]
)
def test_whoever_brings_no_token_is_asked_for_one(visitor: Visitor, token: str, given: str) -> None:
    answer = visitor.get(PROBE, headers={"Authorization": given.format(token).encode("latin-1")})

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_other_site_can_send_no_token_but_one_that_it_has(visitor: Visitor, token: str) -> None:
    assert ask(visitor, token, Origin="https://evil.example") == 200
    assert visitor.post(PROBE, headers={"Origin": "https://evil.example"}).status_code == 403


def test_token_holds_until_it_expires_or_is_revoked(
    database: Database, site: Site, visitor: Visitor, token: str
) -> None:
    life = site.clock.now() - SystemClock().now() + timedelta(days=1)  # the site's clock is ahead of the database's
    short = add_token(database, AN_OPERATOR, "short", ["events:write"], life)

    before = [ask(visitor, token), ask(visitor, short)]
    site.clock.advance(86_460)
    expired = [ask(visitor, token), ask(visitor, short)]
    revoke_token(database, AN_OPERATOR, "website")

    assert (before, expired, ask(visitor, token)) == ([200, 200], [200, 401], 401)


def test_database_holds_a_digest_of_a_token_only(database: Database, token: str) -> None:
    with database.read() as connection:
        row = connection.execute(select(api_token)).one()

    assert token.startswith("zops_")
    assert len(token) == 48
    assert token not in str(row)
    assert token.removeprefix("zops_") not in str(row)


def test_tokens_are_listed_with_what_they_are_for(site: Site, database: Database, visitor: Visitor, token: str) -> None:
    ask(visitor, token)

    (shown,) = show_tokens(database)

    assert shown["used"] == site.clock.now().isoformat(timespec="seconds")
    assert (shown["name"], shown["scopes"], shown["created_by"], shown["expires"]) == (
        "website", ["events:read", "events:write"], "an operator", None,
    )  # fmt: skip
    assert token not in str(shown)


def test_scope_that_does_not_exist_is_named(database: Database) -> None:
    with pytest.raises(NotFoundError, match=r"There is no scope 'event:read'. Did you mean events:read"):
        add_token(database, AN_OPERATOR, "website", ["event:read"], None)
    with pytest.raises(BadInputError, match="name at least one scope"):
        add_token(database, AN_OPERATOR, "website", [], None)


def test_two_tokens_of_one_name_are_not_made(database: Database, token: str) -> None:
    with pytest.raises(BadInputError, match="a token 'website' already"):
        add_token(database, AN_OPERATOR, "website", ["events:read"], None)
