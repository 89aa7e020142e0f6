"""The access token: fetched once, shared by all, renewed early, and renewed when Zoom refuses it."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from tests.builders import HOST, NOW, UUID, WEBINAR_ID, a_draft
from tests.zoom_stub import SHORT_WAITS, RawZoom, Reply, a_gateway, an_account, refuses, resets, says, silent
from zoom_ops.clock import HeldClock
from zoom_ops.errors import AmbiguousError, TemporaryError
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.encryption import make_key
from zoom_ops.store.tables import token
from zoom_ops.zoom import AccountStoppedError, CredentialError, Gateway, RateLimitedError

pytestmark = pytest.mark.both_databases

A_WEBINAR = says(200, {"id": WEBINAR_ID, "uuid": UUID})


@pytest.fixture
def zoom() -> Iterator[RawZoom]:
    """A Zoom that answers every request with a webinar."""
    with RawZoom() as server:
        server.answer(*[A_WEBINAR] * 50)
        yield server


def another(database: Database, zoom: RawZoom, **changes: Any) -> Gateway:
    """Open a gateway as another process does: with a connection of its own to the same database."""
    url = database.engine.url.render_as_string(hide_password=False)
    return a_gateway(an_account(zoom.url, **changes), open_database(url))


def test_token_is_asked_for_as_zoom_documents(zoom: RawZoom, database: Database) -> None:
    another(database, zoom).get_webinar(WEBINAR_ID)

    request = zoom.token_requests[0]
    assert "authorization: basic aGFyYm91ci1jbGllbnQ6aGFyYm91ci1jbGllbnQtc2VjcmV0".lower() in request.lower()
    assert "content-type: application/x-www-form-urlencoded" in request.lower()
    assert request.endswith("\r\n\r\ngrant_type=account_credentials&account_id=harbour-account")


def test_threads_fetch_one_token(zoom: RawZoom, database: Database) -> None:
    gateway = another(database, zoom)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: gateway.get_webinar(WEBINAR_ID), range(8)))

    assert len(zoom.token_requests) == 1
    assert set(zoom.bearers) == {"Authorization: Bearer token-1"}


def test_processes_share_the_token(zoom: RawZoom, database: Database) -> None:
    another(database, zoom).get_webinar(WEBINAR_ID)
    another(database, zoom).get_webinar(WEBINAR_ID)

    assert len(zoom.token_requests) == 1


def test_processes_that_begin_together_fetch_one_token(zoom: RawZoom, database: Database) -> None:
    gateways = [another(database, zoom) for _ in range(4)]
    together = threading.Barrier(4)

    def ask(gateway: Gateway) -> None:
        together.wait()
        gateway.get_webinar(WEBINAR_ID)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, gateways))

    assert len(zoom.token_requests) == 1


def test_token_of_another_client_is_another(zoom: RawZoom, database: Database) -> None:
    another(database, zoom).get_webinar(WEBINAR_ID)
    another(database, zoom, client_id="second-client").get_webinar(WEBINAR_ID)

    assert len(zoom.token_requests) == 2


@pytest.mark.parametrize("name", ["client_secret", "account_id"])
def test_changed_credentials_ask_for_a_token_of_their_own_at_once(zoom: RawZoom, database: Database, name: str) -> None:
    another(database, zoom).get_webinar(WEBINAR_ID)

    another(database, zoom, **{name: "another"}).get_webinar(WEBINAR_ID)
    another(database, zoom, **{name: "another"}).get_webinar(WEBINAR_ID)

    assert [bearer.rpartition(" ")[2] for bearer in zoom.bearers] == ["token-1", "token-2", "token-2"]


def test_wrong_secret_shows_at_once_while_the_token_of_the_right_one_is_good(zoom: RawZoom, database: Database) -> None:
    right = another(database, zoom)
    right.get_webinar(WEBINAR_ID)
    zoom.token_replies.append(says(400, {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}))

    with pytest.raises(AccountStoppedError, match="CLIENT_SECRET"):
        another(database, zoom, client_secret="mistyped").get_webinar(WEBINAR_ID)
    another(database, zoom).get_webinar(WEBINAR_ID)

    assert len(zoom.token_requests) == 2
    assert zoom.bearers == ["Authorization: Bearer token-1"] * 2


def test_token_whose_key_was_lost_is_fetched_anew(zoom: RawZoom, database: Database) -> None:
    a_gateway(an_account(zoom.url), database).get_webinar(WEBINAR_ID)

    a_gateway(an_account(zoom.url), database, key=make_key()).get_webinar(WEBINAR_ID)

    assert len(zoom.token_requests) == 2


def test_token_is_kept_sealed(zoom: RawZoom, database: Database) -> None:
    another(database, zoom).get_webinar(WEBINAR_ID)

    with database.read() as connection:
        row = connection.execute(select(token)).one()
    assert b"token-1" not in row.access_token
    assert row.scopes == "a:b:admin"


@pytest.mark.parametrize(("seconds", "fetched"), [(54 * 60, 1), (56 * 60, 2)])
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_token_is_renewed_five_minutes_early(
    zoom: RawZoom, migrated_database_url: str, seconds: int, fetched: int
) -> None:
    clock = HeldClock(NOW)
    gateway = a_gateway(an_account(zoom.url), open_database(migrated_database_url, clock), clock=clock)

    gateway.get_webinar(WEBINAR_ID)
    clock.advance(seconds)
    gateway.get_webinar(WEBINAR_ID)

    assert len(zoom.token_requests) == fetched


def test_kept_token_dated_by_a_clock_that_was_off_is_not_used(zoom: RawZoom, database: Database) -> None:
    another(database, zoom).get_webinar(WEBINAR_ID)
    with database.begin() as connection:
        connection.execute(update(token).values(expires_at=NOW + timedelta(days=400)))

    another(database, zoom).get_webinar(WEBINAR_ID)

    assert len(zoom.token_requests) == 2


def test_token_that_another_process_renewed_is_taken_over(zoom: RawZoom, database: Database) -> None:
    first, second = another(database, zoom), another(database, zoom)
    first.get_webinar(WEBINAR_ID)
    second.get_webinar(WEBINAR_ID)
    zoom.replies.clear()
    zoom.answer(refuses(401, 124, "Access token is expired."), A_WEBINAR)
    first.get_webinar(WEBINAR_ID)
    zoom.answer(refuses(401, 124, "Access token is expired."), A_WEBINAR)

    second.get_webinar(WEBINAR_ID)

    assert len(zoom.token_requests) == 2
    assert zoom.bearers[-1] == "Authorization: Bearer token-2"


def test_token_of_another_process_that_is_as_old_as_ours_is_replaced_too(zoom: RawZoom, database: Database) -> None:
    first, second = another(database, zoom), another(database, zoom)
    first.get_webinar(WEBINAR_ID)
    with database.begin() as connection:
        connection.execute(delete(token))
    second.get_webinar(WEBINAR_ID)  # fetches another token, as a check of the account does
    zoom.replies.clear()
    zoom.answer(*[refuses(401, 124, "Access token is expired.")] * 2, A_WEBINAR)

    first.get_webinar(WEBINAR_ID)

    assert zoom.bearers[-3:] == [f"Authorization: Bearer token-{number}" for number in (1, 2, 3)]


def test_token_refused_to_many_threads_is_renewed_once(zoom: RawZoom, database: Database) -> None:
    gateway = another(database, zoom)
    gateway.get_webinar(WEBINAR_ID)
    zoom.replies.clear()
    together = threading.Barrier(6)

    def refuse_together(connection: Any) -> None:
        together.wait(timeout=60)
        refuses(401, 124, "Access token is expired.")(connection)

    zoom.answer(*[refuse_together] * 6, *[A_WEBINAR] * 6)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: gateway.get_webinar(WEBINAR_ID), range(6)))

    assert len(zoom.token_requests) == 2


@pytest.mark.parametrize(
    ("answer", "names", "reason"),
    [
        (
            {"reason": "Invalid client_id or client_secret", "error": "invalid_client"},
            ["ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET", "ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_ID"],
            "Invalid client_id or client_secret",
        ),
        (
            {"reason": "Bad Request", "error": "invalid_request"},
            ["ZOOM_OPS_ACCOUNTS__MAIN__ACCOUNT_ID"],
            "Bad Request, invalid_request",
        ),
        ({"reason": "unsupported grant type", "error": "unsupported_grant_type"}, ["Server-to-Server"], "unsupported"),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_credential_that_zoom_refuses_is_named_with_what_zoom_said(
    zoom: RawZoom, database: Database, answer: dict[str, str], names: list[str], reason: str
) -> None:
    zoom.token_replies.append(says(400, answer))

    with pytest.raises(AccountStoppedError) as caught:
        another(database, zoom).create_webinar(HOST, a_draft())

    assert isinstance(caught.value.__cause__, CredentialError)
    assert all(name in str(caught.value) for name in names)
    assert reason in str(caught.value)
    assert "harbour-client-secret" not in str(caught.value)
    assert zoom.requests == []


@pytest.mark.parametrize(
    "reply",
    [
        resets,
        silent,
        says(200, "<html>Maintenance</html>"),
        says(200, {"token_type": "bearer"}),
        says(200, {"access_token": "token", "expires_in": "soon"}),
        says(500, {"reason": "Internal", "error": "x"}),
        says(404, "<html></html>"),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_token_that_does_not_come_leaves_nothing_in_doubt(zoom: RawZoom, database: Database, reply: Reply) -> None:
    zoom.token_replies.append(reply)
    gateway = a_gateway(an_account(zoom.url), database, waits=SHORT_WAITS)

    with pytest.raises(TemporaryError) as caught:
        gateway.create_webinar(HOST, a_draft())

    assert not isinstance(caught.value, AmbiguousError)
    assert zoom.requests == []
    assert gateway.get_webinar(WEBINAR_ID).id == WEBINAR_ID


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_token_that_the_rate_limit_holds_up_says_until_when(zoom: RawZoom, database: Database) -> None:
    zoom.token_replies.append(says(429, {"reason": "Too many", "error": "rate"}))

    with pytest.raises(RateLimitedError) as caught:
        another(database, zoom).get_webinar(WEBINAR_ID)

    assert caught.value.retry_at is not None


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_token_with_a_short_life_is_used_and_fetched_again(zoom: RawZoom, database: Database) -> None:
    short = says(200, {"access_token": "brief", "expires_in": 60})
    zoom.token_replies.extend([short, short])
    gateway = another(database, zoom)

    gateway.get_webinar(WEBINAR_ID)
    gateway.get_webinar(WEBINAR_ID)

    assert len(zoom.token_requests) == 2


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_threads_share_the_failure_of_a_fetch(zoom: RawZoom, database: Database) -> None:
    zoom.token_replies.append(silent)
    gateway = a_gateway(an_account(zoom.url), database, waits=SHORT_WAITS)

    def ask(_: int) -> bool:
        with pytest.raises(TemporaryError):
            gateway.get_webinar(WEBINAR_ID)
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(4)))

    assert len(zoom.token_requests) == 1
