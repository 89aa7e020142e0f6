"""Links in other systems in the console: what is told of them on each page, and what an operator decides."""

import re
from html import unescape

import pytest
from bs4 import BeautifulSoup

from tests.builders import ACCOUNT, END, EVENT_ID
from tests.integration.memory_home import MemoryHome, add_home
from tests.integration.served import WITHOUT_TLS
from tests.integration.service import MakeService, Service
from tests.web_site import Visitor, insist
from zoom_ops.homes import HomeDownError, MissingRightError, Shown
from zoom_ops.operations.views.plans.overview import overview_json
from zoom_ops.store.alerts import list_alerts
from zoom_ops.store.audit import iter_audit

FINDING = "Somebody changed the link “<bdi>Recording</bdi>” on <bdi>home site</bdi>: it stays so."


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent here."""
    service = make_service(settings=WITHOUT_TLS)
    service.add()
    service.settle()
    service.clock.advance(END - service.clock.now())
    return service


def publish(service: Service) -> str:
    uuid = str(service.zoom.hold()[0]["uuid"])
    service.settle()
    return uuid


def text_of(answer: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer)).split())


def test_link_that_waits_for_a_home_is_told_on_every_page(service: Service, operator: Visitor) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    home.errors = [("publish", HomeDownError("site does not answer: connection refused."))] * 2
    publish(service)

    pages = {path: text_of(operator.get(path).text) for path in (f"/-/events/{EVENT_ID}", "/-/plan", "/-/runs")}
    (planned,) = overview_json(service.plan())["actions"]

    event = pages[f"/-/events/{EVENT_ID}"]
    assert "Links written The recording is not on home site yet. No process performs runs." in event
    assert "“publish links” failed once: site does not answer: connection refused." in event
    assert "Shows “Recording” to everybody on home site." in pages["/-/plan"]
    assert "Tides of Tomorrow in site" in pages["/-/runs"]
    assert (planned["action"], planned["account"]) == ("PublishLink", ACCOUNT)
    assert planned["does"] == "Shows “Recording” to everybody on home site."


def test_operator_decides_about_a_link_that_somebody_changed(service: Service, operator: Visitor) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = publish(service)
    home.edit(EVENT_ID, uuid, title="Watch it")
    service.ask("publish_links", EVENT_ID)

    shown = operator.get(f"/-/events/{EVENT_ID}").text
    today, review = (text_of(operator.get(path).text) for path in ("/-/", "/-/review"))
    insist(operator, "/-/review/links/leave", event=EVENT_ID)
    service.settle()
    assert "Nothing waits for a decision." in operator.get("/-/review").text
    left, kept = operator.get(f"/-/events/{EVENT_ID}").text, home.records[EVENT_ID][uuid].title
    insist(operator, "/-/review/links/restore", event=EVENT_ID)
    service.settle()

    assert FINDING in shown
    assert re.search(
        r"Review 1 Tides of Tomorrow [-:\d ]+ UTC link Somebody changed the link “Recording” on home site\.", review
    )
    assert f'<a href="/-/events/{EVENT_ID}#links">“Links that somebody changed” on its page</a>' in shown
    assert today.count("Somebody changed the link") <= 1
    assert ("Somebody changed the link" in left, kept) == (False, "Watch it")
    assert home.records[EVENT_ID][uuid] == Shown(
        key=uuid, title="Recording", url=service.published()[0], visibility="public", external_id="1"
    )
    with service.app.database.read() as connection:
        done = [line.what for line in iter_audit(connection)]
    assert done[-2:] == ["links_left", "links_restored"]


def test_event_that_waits_for_two_decisions_is_one_in_the_review(service: Service, operator: Visitor) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    home.edit(EVENT_ID, publish(service), title="Watch it")
    service.ask("publish_links", EVENT_ID)
    service.add_in_doubt()

    review = operator.get("/-/review").text

    (card,) = BeautifulSoup(review, "html.parser").select("#queue section")
    assert [each.get_text() for each in card.select(".kind")] == ["Start", "link"]
    assert "Review 1 Tides of Tomorrow" in text_of(review)


def test_today_leads_to_the_decision_about_a_changed_link(service: Service, operator: Visitor) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = publish(service)
    home.edit(EVENT_ID, uuid)
    service.ask("publish_links", EVENT_ID)

    before = operator.get("/-/").text
    service.tick("watch_events")
    service.settle()
    with service.app.database.read() as connection:
        kinds = [row.kind for row in list_alerts(connection)]

    assert kinds == ["link_changed"]
    assert [page.count(f'<a class="button quiet" href="/-/events/{EVENT_ID}#links"') for page in (
        before, operator.get("/-/").text,
    )] == [1, 1]  # fmt: skip
    assert "Try again" not in before


def test_link_that_waits_for_a_right_says_until_when_and_can_be_tried_now(service: Service, operator: Visitor) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    home.errors = [("publish", MissingRightError("site does not allow this (HTTP 403)."))]
    publish(service)
    run = next(run for run in service.runs() if run.job == "publish_links")

    page, today = (text_of(operator.get(path).text) for path in (f"/-/events/{EVENT_ID}", "/-/"))
    insist(operator, f"/-/runs/{run.id}/retry", back=f"/-/events/{EVENT_ID}")
    service.settle()

    assert "site does not allow this (HTTP 403). It is tried again on 2040-01-31 " in page
    assert "Try now" in page
    assert "publish links for Tides of Tomorrow in site : site does not allow this (HTTP 403). Looks again" in today
    assert len(home.writes) == 1
