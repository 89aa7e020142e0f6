"""The pages of the console speak in plain words: no code word, no command where the console has a button."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from tests.builders import ACCOUNT, AMARA, AN_OPERATOR, END, EVENT_ID, START, YUSUF, a_note, an_attachment, an_event
from tests.integration.homes_scene import add_homes
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import MakeService, Service
from tests.web_site import Visitor, insist
from zoom_ops.operations.admin.accounts import pause_account
from zoom_ops.operations.jobs.schedules import pause_job
from zoom_ops.web.commands import COMMAND_ONLY

PAGES = (
    "/-/", "/-/drafts", "/-/events", "/-/events?when=over", f"/-/events/{EVENT_ID}", "/-/events/refused",
    "/-/events/new-one", "/-/events/new-one/cancel", "/-/plan", "/-/plan?event=refused", "/-/plan?force=1", "/-/review",
    "/-/runs", "/-/runs?state=trouble", "/-/jobs", "/-/people", "/-/hosts", "/-/hosts/calendar", "/-/figures",
    "/-/alerts", "/-/alerts?over=1", "/-/notifications", "/-/notifications/1", "/-/homes", "/-/webhooks", "/-/audit",
    f"/-/audit?about={EVENT_ID}", "/-/users", "/-/users/1", "/-/sessions", "/-/tokens",
    "/account", "/account/second-factor", "/-/nowhere", "/-/events/nowhere", "/-/runs/999",
)  # fmt: skip
CODE_WORD = re.compile(r"\b(?:[A-Z][a-z]+[A-Z]\w+|[a-z]+_[a-z_]+)\b")
COMMAND = re.compile(rf"zoom-ops (?!(?:{'|'.join(COMMAND_ONLY)})\b)[^.;:]*")


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service with finished, failed, parked, waiting and planned work, and with what people did."""
    service = make_service(settings=WITHOUT_TLS)
    note = a_note(field="recording", text="Some are for members", reason="Which ones is not said.")
    service.add(an_event(performers=(AMARA, YUSUF), attachments=(an_attachment(),), needs_review=(note,)))
    service.settle()
    service.zoom.hold()
    service.settle()
    service.zoom.fault("POST /users/*/webinars", "http", status=400)
    next_day = {"start": START + timedelta(days=1), "end": END + timedelta(days=1), "display_times": ()}
    service.add(an_event(id="refused", name="An event that Zoom refuses", performers=(AMARA,), **next_day))
    service.settle()
    service.zoom.fault("POST /users/*/webinars", "drop_response")
    service.add(an_event(id="lost", name="An event without an answer", **next_day))
    service.settle()
    service.add(an_event(id="new-one", name="An event that nobody has planned yet", performers=(AMARA,), **next_day))
    service.change("new-one", venue="Pier 4")
    service.introduce(("Amara Diallo", "amara.diallo@example.org"))
    service.apply(EVENT_ID)
    pause_job(service.app.database, service.app.jobs["fetch_recordings"], "Zoom moves us.", AN_OPERATOR)
    pause_account(service.context, ACCOUNT, "Zoom moves us.", AN_OPERATOR)
    return service


@pytest.fixture
def bare_service(make_service: MakeService) -> Service:
    """A service in which nothing has happened."""
    return make_service(settings=WITHOUT_TLS)


@pytest.fixture
def operator(bare_service: Service) -> Iterator[Visitor]:
    """An operator of it who is signed in."""
    with visit_pages(bare_service) as served:
        yield sign_in(bare_service, served.visitor, "operator")


def test_no_page_shows_a_code_word_or_a_command_that_has_a_button(service: Service) -> None:
    with visit_pages(service) as served:
        admin = sign_in(service, served.visitor, "admin")
        runs = tuple(f"/-/runs/{run.id}" for run in service.runs())
        found = {path: words for path in (*PAGES, *runs) if (words := sorted(set(find_code_words(admin, path))))}

    assert found == {}


def test_no_page_about_homes_shows_a_code_word_or_a_command_that_has_a_button(bare_service: Service) -> None:
    service = bare_service
    service.add(an_event(performers=(AMARA,)))
    service.settle()
    service.zoom.hold()
    service.settle()
    later = {"start": START + timedelta(days=9), "end": END + timedelta(days=9), "display_times": ()}
    service.add(an_event(id="later", **later))
    service.settle()
    add_homes(service, EVENT_ID, "later")
    service.tick("watch_events")
    service.settle()
    paths = ("/-/", "/-/alerts", "/-/homes", f"/-/events/{EVENT_ID}", "/-/events/later", "/-/review", "/-/runs")

    with visit_pages(service) as served:
        reader = sign_in(service, served.visitor, "operator")
        found = {path: words for path in paths if (words := sorted(set(find_code_words(reader, path))))}
        pages = {path: reader.get(path).text for path in paths}

    assert found == {}
    assert all("city-website" in pages[path] for path in paths)


def find_code_words(visitor: Visitor, path: str) -> Iterator[str]:
    """Yield the code words and the commands that a reader sees on a page, outside of code."""
    page = BeautifulSoup(visitor.get(path).text, "html.parser")
    for hidden in page(["code", "script", "style", "textarea"]):
        hidden.decompose()
    read_out = [
        str(tag[name]) for name in ("aria-label", "title", "placeholder", "alt") for tag in page.select(f"[{name}]")
    ]
    text = " | ".join((page.get_text(" "), *read_out)).replace("zoom_ops", "").replace("WordPress", "")
    yield from CODE_WORD.findall(text)
    yield from COMMAND.findall(text)


def test_refusal_of_the_console_says_who_may_do_it_and_leads_back(operator: Visitor, bare_service: Service) -> None:
    refused = {path: operator.get(path) for path in ("/-/users", "/-/nowhere", "/-/runs/77", "/-/events/none")}

    assert {path: answer.status_code for path, answer in refused.items()} == {
        "/-/users": 403, "/-/nowhere": 404, "/-/runs/77": 404, "/-/events/none": 404,
    }  # fmt: skip
    assert "Only an admin may see and change users, sessions and API tokens." in refused["/-/users"].text
    assert "The console has no page at this address." in refused["/-/nowhere"].text
    assert '<a href="/-/runs">All runs</a>' in refused["/-/runs/77"].text
    assert all('<a href="/-/">Go to Today</a>' in answer.text for answer in refused.values())
    assert all('href="/">Go to the programme' not in answer.text for answer in refused.values())


def test_history_of_an_event_says_who_changed_its_time_from_when_to_when(
    operator: Visitor, bare_service: Service
) -> None:
    bare_service.add(an_event())
    insist(operator, f"/-/events/{EVENT_ID}/move", to="2040-02-03 10:00")

    pages = [
        re.sub("</?time[^>]*>", "", operator.get(path).text)
        for path in (f"/-/events/{EVENT_ID}", f"/-/audit?about={EVENT_ID}")
    ]

    changed = "start from 2040-01-31 08:30 (UTC-05:00) to 2040-02-03 10:00 (UTC-05:00)"
    assert [changed in page for page in pages] == [True, True]
    assert f"Its record was changed by operator: {changed}" in pages[0]
