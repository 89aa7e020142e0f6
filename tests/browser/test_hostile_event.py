"""An event whose every text is an attack: the page shows it as text, runs none of it and sends no request."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.builders import EVENT_ID, an_event
from tests.web_site import Site
from zoom_ops.events import Event
from zoom_ops.store.db.connect import Database

SCRIPT = "<script>document.title='owned';fetch('//198.51.100.7/')</script><img src=//198.51.100.7/i onerror=owned=1>"
ATTACK = f"{SCRIPT} {{{{7*7}}}} {{% raw %}} \u202eevil\u2066 😀 ' \" --></title></textarea>"
LINKED_DATA = "application/ld+json"  # data that is not executed
FORBIDDEN = ("\u202e", "\u2066", 'onerror="', 'href="javascript', "<iframe", "<img", 'action="http', ">49<")
MARKUP = (
    f"<p onclick=owned=1>Come</p>{SCRIPT}<a href=javascript:owned=1>here</a><a href='data:text/html,x'>there</a>"
    "<iframe src=http://198.51.100.7/></iframe><style>@import url(//198.51.100.7/)</style><base href=http://198.51.100.7>"
    "<svg/onload=owned=1><form action=http://198.51.100.7><input autofocus onfocus=owned=1></form>{{7*7}}"
)


def a_hostile_event(**changes: Any) -> Event:
    """Build an event of attacks, as an import would read it."""
    event = an_event().to_json()
    person = {"name": ATTACK, "honorific": ATTACK, "role": ATTACK, "organization": ATTACK, "email": "a@example.org"}
    entry = {"title": ATTACK, "url": 'https://example.org/"><script>owned=1</script>'}
    return Event.model_validate(event | {
        "name": ATTACK, "series": ATTACK, "venue": ATTACK, "description": ATTACK, "attachments_note": ATTACK,
        "performers": [person], "attachments": [entry], "organizers": [{"name": ATTACK, "acronym": ATTACK}],
        "display_times": [{**event["display_times"][0], "label": ATTACK}],
    } | changes)  # fmt: skip


@pytest.fixture
def site(database: Database) -> Site:
    return Site(database)


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with site.served() as visitor:
        yield visitor.address


@pytest.mark.parametrize("description", [ATTACK, MARKUP, MARKUP * 2_000, ATTACK * 5_000, "a\u202e" * 100])
def test_hostile_event_is_shown_as_text(
    site: Site, address: str, new_page: Callable[..., Page], description: str
) -> None:
    site.save(a_hostile_event(description=description))
    page = new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(urlsplit(request.url).netloc))

    for path in (f"/events/{EVENT_ID}", "/"):
        page.goto(address + path)
        result = page.evaluate("[typeof owned, document.title, document.dir]")
        html = page.inner_html("body")

        assert result[0] == "undefined"
        assert result[1] != "owned"
        assert result[2] == "ltr"
        assert set(page.locator("script:not([src])").evaluate_all("all => all.map(one => one.type)")) <= {LINKED_DATA}
        assert page.locator("script[src]").count() == 1
        assert [word for word in FORBIDDEN if word in html] == []
        assert "{{7*7}}" in page.inner_text("body")
    assert set(requests) == {urlsplit(address).netloc}
