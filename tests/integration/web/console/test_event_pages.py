"""An event's page in the console, and what lists say: stages, the link to join, completion, next steps."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.builders import EVENT_ID, an_event
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import MakeService, Service
from tests.web_site import Visitor
from zoom_ops.store.audit import iter_audit

LINK = f"/-/events/{EVENT_ID}/join-link"


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent to loopback."""
    return make_service(settings=WITHOUT_TLS)


@pytest.fixture
def bound(service: Service) -> Service:
    """A service with an event that has its webinar."""
    service.add(an_event())
    service.settle()
    return service


def handed_out(service: Service) -> list[tuple[str, str, object]]:
    """List who has seen which link to join, by the audit."""
    with service.app.database.read() as connection:
        return [
            (line.who, line.subject, line.detail) for line in iter_audit(connection) if line.what == "join_link_shown"
        ]


def at_zoom(service: Service) -> dict[str, Any]:
    """Return the webinar as Zoom tells it."""
    return dict(service.zoom.call("GET", f"/webinars/{service.zoom.webinar()['id']}"))


def shown(visitor: Visitor) -> dict[str, str]:
    """Ask for the link to join. Return what the answer shows by its labels."""
    page = BeautifulSoup(visitor.post(LINK).text, "html.parser")
    rows = page.select(".way-in > div")
    return {row.select_one("dt").text: (row.select_one("code") or row.select_one("dd")).text for row in rows}


def test_stages_are_an_ordered_list_with_a_word_each(bound: Service, operator: Visitor) -> None:
    page = BeautifulSoup(operator.get(f"/-/events/{EVENT_ID}").text, "html.parser")

    stages = [(item["class"], item.select_one(".word").text) for item in page.select("ol.stages > li")]

    assert len(stages) == 9
    assert all(classes == [word] for classes, word in stages)
    assert stages[1] == (["done"], "done")


def test_link_to_join_is_handed_out_on_request_and_audited(bound: Service, operator: Visitor) -> None:
    webinar = at_zoom(bound)

    before = operator.get(f"/-/events/{EVENT_ID}").text
    answer = operator.post(LINK)

    assert webinar["join_url"] not in before
    assert webinar["password"] not in before
    assert answer.headers["Cache-Control"] == "no-store"
    assert shown(operator) == {
        "Join link": webinar["join_url"], "Webinar number": str(webinar["id"]), "Passcode": webinar["password"]
    }  # fmt: skip
    assert handed_out(bound) == [("operator", EVENT_ID, {"webinar": webinar["id"]})] * 2


def test_link_to_join_is_handed_out_while_zoom_does_not_answer(bound: Service, operator: Visitor) -> None:
    link = at_zoom(bound)["join_url"]
    bound.zoom.fault("GET /webinars/*", "http", status=400)

    told = shown(operator)

    assert told["Join link"] == link
    assert told["Passcode"].startswith("Zoom could not be asked for the passcode: ")


def test_link_to_join_of_an_event_without_webinar_is_refused(service: Service, operator: Visitor) -> None:
    service.add(an_event())

    answer = operator.post(LINK)

    assert (answer.status_code, "has no webinar, so there is no link to join" in answer.text) == (409, True)
    assert "Copy the join link" not in operator.get(f"/-/events/{EVENT_ID}").text
    assert handed_out(service) == []


def test_link_to_join_is_for_operators_who_ask_for_it(bound: Service) -> None:
    with visit_pages(bound) as served:
        as_visitor = served.visitor.post(LINK)
        as_member = sign_in(bound, served.visitor, "member").post(LINK)
        as_operator = sign_in(bound, served.visitor, "operator").get(LINK)

    assert [answer.status_code for answer in (as_member, as_operator)] == [403, 405]
    assert at_zoom(bound)["join_url"] not in as_visitor.text
    assert handed_out(bound) == []


def test_field_for_an_event_completes_its_name(service: Service, operator: Visitor) -> None:
    service.add(an_event())

    answers = [operator.get(f"/-/options/events?{query}") for query in ("event=tid", "about=tid", "event=t")]
    options = [answer.text.strip() for answer in answers]

    assert options[0].startswith(f'<option value="{EVENT_ID}" label="Tides of Tomorrow (2040-')
    assert options == [options[0], options[0], ""]


@pytest.mark.parametrize(
    ("page", "step"),
    [
        ("/-/", "/-/events/paste"),
        ("/-/events", "/-/events/new"),
        ("/-/events?q=nothing", "/-/events?q=nothing&when=over"),
        ("/-/events?when=over", "/-/events"),
        ("/-/runs", "/-/jobs"),
        ("/-/runs?state=failed", "/-/runs"),
        ("/-/hosts?q=nobody", "/-/hosts"),
    ],
)
def test_empty_page_leads_to_the_next_step(operator: Visitor, page: str, step: str) -> None:
    content = BeautifulSoup(operator.get(page).text, "html.parser")

    assert step in [link["href"] for link in content.select(".none a")]


@pytest.mark.parametrize(("page", "named"), [("/-/runs", None), ("/-/hosts", "More: Hosts")])
def test_current_page_is_marked_once_also_in_the_menu(operator: Visitor, page: str, named: str | None) -> None:
    navigation = BeautifulSoup(operator.get(page).text, "html.parser").select_one("header nav")

    assert [link["href"] for link in navigation.select("[aria-current]")] == [page]
    assert [summary.text for summary in navigation.select("summary.here")] == ([named] if named else [])
