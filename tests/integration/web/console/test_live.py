"""Open pages of the console are told of changes, and ask for themselves again."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.builders import EVENT_ID, an_event
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import MakeService, Service
from tests.web_site import PASSWORD, Visitor
from zoom_ops.engine.heartbeat import write_heartbeat
from zoom_ops.identity import Waits
from zoom_ops.identity.users import sign_user_out
from zoom_ops.operations.mark import take_mark
from zoom_ops.store.audit import Actor
from zoom_ops.web.console import live


@pytest.fixture
def service(make_service: MakeService) -> Service:
    return make_service(settings=WITHOUT_TLS)


@pytest.fixture
def admin(service: Service) -> Iterator[Visitor]:
    """An admin who is signed in."""
    with visit_pages(service) as served:
        yield sign_in(service, served.visitor, "admin")


LIVE = (
    "/-/", "/-/events", f"/-/events/{EVENT_ID}", "/-/plan", "/-/review", "/-/runs", "/-/runs/1", "/-/jobs", "/-/people",
    "/-/hosts", "/-/hosts/calendar", "/-/alerts", "/-/notifications", "/-/figures", "/-/homes", "/-/webhooks",
    "/-/audit", "/-/settings", "/-/users", "/-/sessions", "/-/backups",
)  # fmt: skip
STILL = ("/-/events/new", "/-/events/paste", f"/-/events/{EVENT_ID}/edit", f"/-/events/{EVENT_ID}/cancel")


def ask(visitor: Visitor, path: str, digest: str = "") -> tuple[int, str, str]:
    """Ask for a page as an open page does. Return status, digest and text."""
    answer = visitor.get(path, headers={"X-Live": digest})
    return answer.status_code, answer.headers.get("X-Live", ""), answer.text


@contextmanager
def told(visitor: Visitor) -> Iterator[Iterator[str]]:
    """Open the stream as a browser does; yield the versions that it tells."""
    with visitor.get("/-/stream", stream=True, headers={"Accept": "text/event-stream"}) as stream:
        lines = stream.iter_lines(decode_unicode=True)
        yield (line.removeprefix("data: ") for line in lines if line.startswith("data: "))


def version_of(visitor: Visitor, path: str = "/-/") -> str:
    found = re.search(r'data-version="([^"]+)"', visitor.get(path).text)
    assert found
    return found[1]


def test_page_is_told_of_each_change_until_its_session_ends(service: Service, operator: Visitor) -> None:
    with told(operator) as versions:
        first = next(versions)
        service.add(an_event())
        second = next(versions)
        sign_user_out(service.app.database, Actor(name="admin"), "operator")
        rest = list(versions)

    assert first != second
    assert len(rest) <= 1  # of the sign-out itself


def test_page_that_was_read_after_the_latest_change_has_its_version(service: Service, operator: Visitor) -> None:
    before = version_of(operator)
    with told(operator) as versions:
        first = next(versions)
        fresh = version_of(operator)
        service.add(an_event())
        second = next(versions)
        later = version_of(operator, "/-/events")

    assert before != first  # nobody has watched since
    assert (fresh, later) == (first, second)


def test_no_more_pages_are_told_than_may_be_open(operator: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_EACH", 1)
    with told(operator) as versions:
        next(versions)
        refused = operator.get("/-/stream")

    assert refused.status_code == 503
    assert "Too many pages are open." in refused.text
    with told(operator) as versions:
        assert next(versions)


def test_signs_of_life_and_looking_at_pages_change_nothing(service: Service, admin: Visitor) -> None:
    service.add(an_event())
    service.settle()
    before = take_mark(service.app.database)

    write_heartbeat(service.app.database)
    for path in LIVE:
        admin.get(path)

    assert take_mark(service.app.database) == before


def test_page_that_has_not_changed_is_not_sent_again(service: Service, admin: Visitor) -> None:
    service.add(an_event())
    service.settle()

    for path in LIVE:
        status, digest, _ = ask(admin, path)
        assert (path, status, ask(admin, path, digest)) == (path, 200, (204, "", ""))
        assert ask(admin, path, "another")[0] == 200


def test_answer_to_a_form_asks_for_nothing_since_it_has_no_address(service: Service, operator: Visitor) -> None:
    service.add(an_event())

    answer = operator.post("/-/plan", data={"digest": "another"})

    assert "Nothing was applied." in answer.text
    assert "data-version" not in answer.text
    assert "data-version" in operator.get("/-/plan").text


def test_open_page_does_not_keep_a_session_alive(service: Service, operator: Visitor) -> None:
    part = Waits().idle * 0.6
    service.clock.advance(part)
    assert ask(operator, "/-/")[0] == 200
    with told(operator) as versions:
        next(versions)
    service.clock.advance(part)

    assert ask(operator, "/-/")[0] == 303


def test_what_is_sent_after_the_session_has_ended_is_not_lost(service: Service, operator: Visitor) -> None:
    typed = {"do": "check", "name": "Low water"}
    for _ in range(2):
        service.clock.advance(Waits().operator_life / 2)
        operator.get("/-/events")

    refused = operator.post("/-/events/new", data=typed)
    operator.post("/sign-in", data={"login": "operator", "password": PASSWORD})
    sent_again = operator.post("/-/events/new", data=typed)

    assert (refused.status_code, "the browser asks whether to send" in refused.text.lower()) == (403, True)
    assert "Low water" in sent_again.text


def test_each_live_part_has_a_name_of_its_own(service: Service, admin: Visitor) -> None:
    service.add(an_event())
    service.settle()

    for path in LIVE:
        text = admin.get(path).text
        names = re.findall(r'<\w+[^>]* id="([^"]+)"[^>]* data-live', text)
        assert (path, len(names)) == (path, text.count(" data-live"))
        assert [name for name in names if text.count(f' id="{name}"') != 1] == []
        assert names, path


def test_pages_with_something_to_fill_in_or_to_confirm_stay_as_they_are(service: Service, operator: Visitor) -> None:
    service.add(an_event())

    assert [path for path in STILL if " data-live" in operator.get(path).text] == []


def test_notice_of_an_action_is_for_the_next_page_and_not_for_one_that_was_open(operator: Visitor) -> None:
    operator.post("/-/jobs/create_webinars/pause", data={"note": "Zoom moves our account."})

    _, _, again = ask(operator, "/-/events")
    following = operator.get("/-/jobs").text

    assert 'class="said"' not in again
    assert 'class="said"' in following
    assert 'class="said"' not in operator.get("/-/jobs").text
