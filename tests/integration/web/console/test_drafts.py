"""Drafts in the console: shown as such, published, taken back and deleted there."""

import pytest

from tests.builders import EVENT_ID, a_note, an_event
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import MakeService, Service
from tests.integration.web.console.test_console import ask, message_after
from tests.web_site import Visitor, insist

EVENT = {"name": "Deep Water", "start": "2040-03-01T14:00", "end": "2040-03-01T15:00", "timezone": "Europe/Zurich"}
BADGE = '<span class="state draft">draft</span>'


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent to loopback."""
    return make_service(settings=WITHOUT_TLS)


def test_draft_is_shown_and_published(service: Service, operator: Visitor) -> None:
    service.add(an_event(visibility="draft"))
    today, listed = operator.get("/-/").text, operator.get("/-/events?when=drafts").text
    page, public = operator.get(f"/-/events/{EVENT_ID}").text, operator.get(f"/events/{EVENT_ID}")

    assert (
        f"Publish “{an_event().name}”?" in operator.get(f"/-/events/{EVENT_ID}/publish").text
    )  # as where one signs in first
    announced = ask(operator, f"/-/events/{EVENT_ID}/publish")
    answer = insist(operator, f"/-/events/{EVENT_ID}/publish")

    assert '<h2 id="drafts">Drafts' in today
    assert "Nobody is needed. Good." in today
    assert BADGE in listed
    assert BADGE in page
    assert "It is a draft. Its page in the console publishes it" in page
    assert (public.status_code, public.headers["X-Robots-Tag"]) == (200, "noindex")
    assert announced[0] == "Everybody sees the event."
    assert announced[1].startswith("Creates a webinar on ")
    assert message_after(operator, answer.headers["Location"]).endswith("It is published: everybody sees it.")
    assert BADGE not in operator.get(f"/-/events/{EVENT_ID}").text


def test_draft_in_doubt_has_no_button_that_publishes_it(service: Service, operator: Visitor) -> None:
    service.add(an_event(needs_review=(a_note(field="start"),)))

    page = operator.get(f"/-/events/{EVENT_ID}").text

    assert "/publish" not in page
    assert operator.post(f"/-/events/{EVENT_ID}/publish", data={}).status_code == 200  # it asks
    assert insist(operator, f"/-/events/{EVENT_ID}/publish").status_code == 409


def test_event_is_unlisted_made_a_draft_and_deleted(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    unlisted = operator.post(f"/-/events/{EVENT_ID}/unlist", data={})
    draft = operator.post(f"/-/events/{EVENT_ID}/unlist", data={"draft": "1"})
    page = operator.get(f"/-/events/{EVENT_ID}").text

    answer = insist(operator, f"/-/events/{EVENT_ID}/delete")

    assert (unlisted.status_code, draft.status_code) == (303, 303)
    assert f'href="/-/events/{EVENT_ID}/delete"' in page
    assert message_after(operator, answer.headers["Location"]) == "“Tides of Tomorrow” is deleted."
    assert operator.get(f"/-/events/{EVENT_ID}").status_code == 404


def test_author_reads_and_writes_drafts_over_the_api(service: Service) -> None:
    with visit_pages(service) as pages:
        author = sign_in(service, pages.visitor, "author")
        added = author.post("/api/v1/events", json=EVENT)
        shown = author.get("/events/deep-water.json")
        refused = [
            author.post("/api/v1/events/deep-water/publish"), author.get("/api/v1/runs"), author.get("/-/events")
        ]  # fmt: skip

    assert (added.status_code, added.json()["visibility"]) == (201, "draft")
    assert (shown.status_code, shown.json()["visibility"]) == (200, "draft")
    assert [answer.status_code for answer in refused] == [403] * 3


def test_list_says_which_events_it_shows(operator: Visitor) -> None:
    page = operator.get("/-/events?when=drafts").text

    assert '<option value="drafts" selected>' in page
    assert "No event is a draft" in page
