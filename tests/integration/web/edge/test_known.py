"""Who has proved to be known: in an attack, nobody is shut out from there."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from tests.builders import AN_OPERATOR
from tests.edge.acquaintances import Known
from tests.in_process import opened
from tests.web_site import WITH_TOKEN, Site, Visitor, visited
from zoom_ops.identity.tokens import add_token
from zoom_ops.operations.notifications.intake import Intake
from zoom_ops.store.db.connect import Database
from zoom_ops.web.api_door import API
from zoom_ops.web.app import create_app
from zoom_ops.web.dependencies import Services
from zoom_ops.web.edge.guard import RequestGuard
from zoom_ops.web.streams.places import StreamPlaces


def with_token(site: Site) -> dict[str, str]:
    """Return the header of a program that may read events."""
    return {"Authorization": f"Bearer {add_token(site.database, AN_OPERATOR, 'website', ['events:read'], None)}"}


ASKS: dict[str, tuple[Callable[[Site, Visitor], object], bool]] = {
    "a notification that is genuine": (lambda _, visitor: visitor.post("/webhooks/zoom/main"), True),
    "one that is forged": (lambda _, visitor: visitor.post("/webhooks/zoom/forged"), False),
    "a sign-in": (lambda site, visitor: site.sign_in(visitor, "ada"), True),
    "a wrong password": (lambda _, visitor: visitor.post("/sign-in", data={"login": "ada", "password": "?"}), False),
    "a monitor with the token": (lambda _, visitor: visitor.get("/metrics", headers=WITH_TOKEN), True),
    "one without": (lambda _, visitor: visitor.get("/metrics"), False),
    "a probe": (lambda _, visitor: visitor.get("/ready"), False),
    "the console": (lambda _, visitor: visitor.get("/-/"), False),
    "the API": (lambda _, visitor: visitor.get("/api/v1/events"), False),
    "a program with a token": (lambda site, visitor: visitor.get("/api/v1/events", headers=with_token(site)), True),
    "one with a wrong token": (lambda _, visitor: visitor.get("/api/v1/events", headers=WITH_TOKEN), False),
    "a page": (lambda _, visitor: visitor.get("/"), False),
    "a home": (lambda _, visitor: visitor.post("/hooks/homes/city"), False),
}


@pytest.mark.parametrize("asks", ASKS)
def test_who_proves_to_be_known(database: Database, asks: str) -> None:
    act, is_known = ASKS[asks]
    site = Site(database)
    site.add_user("ada", role="operator")
    if asks == "one that is forged":
        site.inbox.answer = Intake(status=401)

    assert _trusted_after(site, lambda visitor: act(site, visitor)) == is_known


def test_no_stranger_causes_the_console_to_be_loaded(database: Database) -> None:
    site = Site(database, base_url="http://events.example.org")
    site.app = create_app(site.services)  # of which nothing is loaded yet
    site.add_user("ada")

    with site.visited() as visitor:
        before = len(site.app.routes)
        refused = [
            visitor.request(method, path, cookies=cookies, allow_redirects=False).status_code
            for cookies in ({}, {"zoom_ops": "wrong"})
            for method, path in (("GET", "/-/"), ("GET", "/-/nothing"), ("POST", "/-/events/new"))
        ]
        by_strangers = len(site.app.routes)
        site.sign_in(visitor, "ada")
        visitor.get("/-/nothing")

    assert refused == [303, 303, 403] * 2
    assert (by_strangers, len(site.app.routes)) == (before, before + 1)


def test_no_stranger_causes_the_api_to_be_built(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(_: Services) -> FastAPI:
        raise AssertionError("it was built for a stranger")

    monkeypatch.setattr("zoom_ops.web.app._open_api", build)
    brings: list[dict[str, dict[str, str]]] = [
        {},
        {"headers": {"Authorization": "Bearer zops_wrong"}},
        {"cookies": {"zoom_ops": "wrong"}},
    ]
    asked = ("GET", "/events"), ("POST", "/events"), ("GET", "/nothing"), ("GET", "/openapi.json")

    with visited(create_app(Site(database).services)) as visitor:
        answers = [visitor.request(method, f"{API}{path}", **brought) for brought in brings for method, path in asked]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 200] * 3
    assert {answer.headers["Content-Type"] for answer in answers} == {"application/problem+json", "application/json"}


def test_session_from_before_a_restart_is_known_at_the_console(database: Database) -> None:
    site = Site(database)
    site.add_user("ada", role="operator")
    with site.visited() as visitor:
        site.sign_in(visitor, "ada")
        cookies = {cookie.name: str(cookie.value) for cookie in visitor.cookies}
    wrong = {name: value[::-1] for name, value in cookies.items()}

    after = [
        _trusted_after(site.again(), lambda visitor, given=given: visitor.get("/api/v1/events", cookies=given))  # type: ignore[misc]
        for given in (cookies, wrong)
    ]
    after_write = [
        _trusted_after(site.again(), lambda visitor, given=given: visitor.post("/api/v1/events", cookies=given))  # type: ignore[misc]
        for given in (cookies, wrong)
    ]

    assert (after, after_write) == ([True, False], [True, False])


def _trusted_after(site: Site, act: Callable[[Visitor], object]) -> bool:
    """Return whether the address of a visitor is trusted after what they did."""
    known = Known()
    guard = RequestGuard(site.app, (), lambda _kind, _address: None, 4_000, StreamPlaces(), known)
    guard.state = site.app.state  # type: ignore[attr-defined] # the streams that end with it
    with opened(guard) as address, Visitor(address) as visitor:  # type: ignore[arg-type]
        act(visitor)
        return known.trusted == [visitor.peer]
