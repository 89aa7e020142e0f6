"""No cache keeps the pages of signed-in users, and only named proxies may give a client's address."""

import re
from collections.abc import Iterator

import pytest
import requests
from sqlalchemy import select

from tests.builders import EVENT_ID, SLIDES, an_event
from tests.web_site import PASSWORD, Site, Visitor
from zoom_ops.events import make_slug
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import audit
from zoom_ops.web.edge.server import make_server

pytestmark = pytest.mark.filterwarnings("ignore:Duplicate Operation ID")  # GET and HEAD are one function
DIGEST = "0" * 32  # of no picture
SAME_FOR_ALL = ("/health", "/ready", "/metrics", "/static/", "/branding/", "/favicon.svg", "/robots.txt", "/sitemap")
FEEDS = (".ics", ".atom", ".png", "/embed")  # they show every reader what a visitor sees


@pytest.fixture
def site(database: Database) -> Site:
    """A site with an event that has an attachment for members."""
    site = Site(database, base_url="http://events.example.org")
    site.save(an_event(attachments=(SLIDES,)))
    for role in ("member", "operator"):
        site.add_user(role, role=role)
    return site


def private_paths(site: Site) -> Iterator[str]:
    """List the paths whose answer depends on the reader."""
    for path, verbs in site.app.openapi()["paths"].items():
        if "get" in verbs and not path.startswith(SAME_FOR_ALL) and not path.endswith((*FEEDS, "/stream")):
            slug = make_slug("Harbour Talks") if path.startswith("/series/") else EVENT_ID
            yield path.format(slug=slug, number=1, name="main", problem="1", window=1, message=1, digest=DIGEST)


@pytest.mark.parametrize("role", ["member", "operator"])
def test_nothing_that_is_shown_to_who_is_signed_in_is_kept(site: Site, visitor: Visitor, role: str) -> None:
    site.sign_in(visitor, role)

    answers = {path: visitor.get(path, headers={"If-None-Match": "*"}) for path in private_paths(site)}

    assert len(answers) > 20
    assert {
        path: answer.status_code
        for path, answer in answers.items()
        if "no-store" not in answer.headers.get("Cache-Control", "") or answer.status_code == 304
    } == {}


def test_visitor_gets_no_page_of_the_console(site: Site, visitor: Visitor) -> None:
    paths = [path for path in private_paths(site) if path.startswith("/-/")]

    answers = {path: visitor.get(path) for path in paths}

    assert {path: answer.headers.get("Location") for path, answer in answers.items()} == {
        path: f"/sign-in?next={path}" for path in paths
    }


@pytest.mark.parametrize(("role", "shown"), [("member", 403), ("operator", 303)])
def test_member_and_who_lacks_a_second_factor_get_no_page_of_the_console_and_do_nothing_there(
    site: Site, visitor: Visitor, role: str, shown: int
) -> None:
    site.sign_in(visitor, role)
    site.services.identity.second_factor_required = True

    statuses = {
        (verb, path): visitor.request(
            verb, path.format(slug=EVENT_ID, number=1, name="main", problem="1", window=1, message=1, digest=DIGEST)
        ).status_code
        for path, verbs in site.app.openapi()["paths"].items()
        for verb in verbs
        if path.startswith("/-/")
    }

    assert len(statuses) > 100
    assert statuses == {(verb, path): shown if verb in ("get", "head") else 403 for verb, path in statuses}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "recorded"),
    [
        ((), "192.0.2.7", "127.0.0.1"),
        (("10.0.0.0/8",), "192.0.2.7", "127.0.0.1"),
        (("127.0.0.1",), "192.0.2.7", "192.0.2.7"),
        # the client made the first address up
        (("127.0.0.0/8", "10.0.0.0/8"), "203.0.113.9, 192.0.2.7, 10.1.2.3", "192.0.2.7"),
        (("127.0.0.1",), "", "127.0.0.1"),
    ],
)
def test_address_is_told_by_proxies_that_are_named_alone(
    site: Site, proxies: tuple[str, ...], forwarded: str, recorded: str
) -> None:
    server = make_server(site.app, "127.0.0.1", 0, proxies=proxies)
    server.start()
    try:
        form = {"login": "member", "password": PASSWORD}
        headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
        requests.post(f"http://127.0.0.1:{server.port}/sign-in", form, headers=headers, timeout=10)
    finally:
        server.stop()

    with site.database.read() as connection:
        addresses = connection.execute(select(audit.c.address).where(audit.c.what == "signed_in")).scalars().all()
    assert addresses == [recorded]


@pytest.mark.parametrize(("role", "links"), [("member", []), ("operator", [f"/-/events/{EVENT_ID}", "/-/"])])
def test_pages_lead_operators_to_the_console(site: Site, visitor: Visitor, role: str, links: list[str]) -> None:
    site.sign_in(visitor, role)

    pages = [visitor.get(path).text for path in (f"/events/{EVENT_ID}", "/")]

    assert [link for page in pages for link in re.findall(r'href="(/-/[^"]*)">Console<', page)] == links
