"""Pages of other sites read what is public, if a setting lets them, and nothing else."""

from collections.abc import Iterator

import pytest
import requests

from tests.builders import BASE_URL, EVENT_ID, an_event
from tests.in_process import Caller
from tests.web_site import Site
from zoom_ops.store.db.connect import Database

SITE, OTHER = "https://www.example.org", "https://other.example"
PUBLIC = [
    f"/events/{EVENT_ID}.json",
    f"/events/{EVENT_ID}.ics",
    "/recordings.atom",
    f"/oembed?url={BASE_URL}/events/{EVENT_ID}",
    "/api/v1/openapi.json",
]
PRIVATE = ["/", f"/events/{EVENT_ID}", f"/events/{EVENT_ID}/stream", "/api/v1/jobs", "/api/v1/events/a/move"]


@pytest.fixture(params=[(SITE,), ("*",), ()], ids=["one", "all", "none"])
def origins(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The setting."""
    value: tuple[str, ...] = request.param
    return value


@pytest.fixture
def address(database: Database, origins: tuple[str, ...]) -> Iterator[str]:
    """The address of a site with an event."""
    site = Site(database, cors_origins=origins)
    site.save(an_event())
    with site.visited() as visitor:
        yield visitor.address


def ask(address: str, path: str, origin: str | None = None, method: str = "GET", **headers: str) -> requests.Response:
    """Send a request as a browser does for a page of another site."""
    sent = headers | ({"Origin": origin} if origin else {})
    return Caller().request(method, f"{address}{path}", headers=sent, allow_redirects=False, stream=True)


def allowed(reply: requests.Response) -> str | None:
    """Return the origin whose pages may read an answer."""
    assert "Access-Control-Allow-Credentials" not in reply.headers
    return reply.headers.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_public_addresses_are_read_by_pages_of_allowed_sites(address: str, origins: tuple[str, ...]) -> None:
    expected = {(SITE,): (SITE, None), ("*",): ("*", "*"), (): (None, None)}[origins]

    for path in PUBLIC:
        replies = [ask(address, path, SITE), ask(address, path, OTHER), ask(address, path)]

        assert [reply.status_code for reply in replies] == [200] * 3, path
        assert tuple(allowed(reply) for reply in replies[:2]) == expected, path
        assert ["Origin" in reply.headers.get("Vary", "") for reply in replies] == [bool(origins)] * 3, path
    assert [allowed(ask(address, path, SITE)) for path in PRIVATE] == [None] * len(PRIVATE)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_browser_that_asks_first_may_read_and_not_write(address: str, origins: tuple[str, ...]) -> None:
    def preflight(path: str, method: str, headers: str = "") -> tuple[int, str | None]:
        asked = {"Access-Control-Request-Method": method} | (
            {"Access-Control-Request-Headers": headers} if headers else {}
        )
        reply = ask(address, path, SITE, "OPTIONS", **asked)
        return reply.status_code, allowed(reply)

    read = preflight("/api/v1/events", "GET", "authorization")
    writes = [preflight("/api/v1/events", method)[0] for method in ("POST", "PUT", "DELETE")]

    assert read == ((200, "*" if origins == ("*",) else SITE) if origins else (401, None))
    assert writes == [400 if origins else 401] * 3
    assert preflight("/api/v1/jobs", "GET")[0] == 401


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_refusal_of_the_api_is_read_by_the_page_that_asked(address: str, origins: tuple[str, ...]) -> None:
    reply = ask(address, "/api/v1/events", SITE)

    assert reply.status_code == 401
    assert allowed(reply) == ("*" if origins == ("*",) else SITE if origins else None)
