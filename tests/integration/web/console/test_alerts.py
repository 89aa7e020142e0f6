"""Alerts in the console and in the API: problems, mutes, maintenance windows, targets."""

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from tests.builders import NOW, an_event
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import MakeService, Service
from tests.integration.web.api.program import Program, serve
from tests.web_site import Visitor
from zoom_ops.messages import as_said
from zoom_ops.store.alerts import Alert, raise_alert

LATE = Alert(
    kind="event_late", subject="tides", account="main", cause="Zoom refused their webinar", message=as_said("Do this.")
)


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service with a problem about two events, and a target that cannot be used."""
    service = make_service(settings=WITHOUT_TLS | {"ZOOM_OPS_ALERT_TO": "nosuch://tidewater"})
    service.add(an_event(id="tides"))
    with service.app.database.begin() as connection:
        raise_alert(connection, LATE, NOW)
        raise_alert(
            connection,
            Alert(kind="event_late", subject="waves", account="main", cause=LATE.cause, message=as_said("Do that.")),
            NOW,
        )
    return service


def read(visitor: Visitor, path: str = "/-/alerts") -> str:
    """Return a page as text without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub("</?(?:bdi|time)[^>]*>", "", visitor.get(path).text)).split())


def test_problem_is_muted_and_told_again(operator: Visitor) -> None:
    page = operator.get("/-/alerts").text
    (problem,) = re.findall(r'action="/-/alerts/problems/(\w+)/mute"', page)
    assert "2 events: Zoom refused their webinar" in page

    operator.post(f"/-/alerts/problems/{problem}/mute", data={"note": "Zoom knows of it", "lasts": "7d"})
    muted, today, audit = read(operator), read(operator, "/-/"), read(operator, "/-/audit")
    operator.post(f"/-/alerts/problems/{problem}/unmute")

    assert muted.count("by operator: Zoom knows of it") == 3
    assert "Muted by operator: “Zoom knows of it”." in today
    assert "Muted the problem" in audit
    assert "Zoom knows of it" not in read(operator)


def test_more_problems_cost_no_more_statements_and_none_is_built_anew(service: Service, operator: Visitor) -> None:
    first = listen_to(service, operator)
    with service.app.database.begin() as connection:
        for subject in ("tides", "waves"):
            other = replace(LATE, account=None, subject=subject, cause=f"A cause of {subject}")
            raise_alert(connection, other, NOW)

    second = listen_to(service, operator)

    assert "A cause of waves" in read(operator)
    assert {path: len(statements) for path, statements in second.items()} == {
        path: len(statements) for path, statements in first.items()
    }
    for path, statements in first.items():
        assert [statement for statement in second[path] if all(statement is not known for known in statements)] == []


def listen_to(service: Service, operator: Visitor) -> dict[str, list[Any]]:
    """Return the statements that pages ask the database, as they were built, by page."""
    heard: dict[str, list[Any]] = {}
    engine = service.app.database.engine
    for path in ("/-/", "/-/alerts", "/-/runs?state=trouble", "/-/runs?state=trouble&cause=refused", "/-/review"):
        statements = heard.setdefault(path, [])

        def hear(_connection: Any, statement: Any, *_: Any, statements: list[Any] = statements) -> None:
            statements.append(statement)

        event.listen(engine, "before_execute", hear)
        assert operator.get(path).status_code == 200
        event.remove(engine, "before_execute", hear)
    return heard


def test_maintenance_window_is_added_shown_and_ended(operator: Visitor) -> None:
    operator.post("/-/alerts/windows", data={"note": "The database moves", "lasts": "2h", "account": "main"})
    shown, today = read(operator), read(operator, "/-/")
    (number,) = re.findall(r'action="/-/alerts/windows/(\d+)/end"', operator.get("/-/alerts").text)
    operator.post(f"/-/alerts/windows/{number}/end")

    assert "account main: The database moves (operator)" in shown
    assert "Maintenance of account main until 2040-01-24 14:00 UTC: The database moves (operator)." in today
    assert "None is planned: people are told of problems at once." in read(operator)
    assert "Maintenance of" not in read(operator, "/-/")


def test_targets_are_shown_and_tried(operator: Visitor) -> None:
    assert "nosuch #1 wrong" in read(operator)

    operator.post("/-/alerts/test")

    assert "nosuch #1 cannot be used: there is no service with nosuch://." in read(operator)


@pytest.mark.parametrize(
    ("path", "data", "sentence"),
    [
        ("problems/event_late/mute", {"note": ""}, "A note is missing"),
        ("problems/nothing/mute", {"note": "why"}, "There is no problem"),
        ("problems/event_late/unmute", {}, "There is no muted problem"),
        ("windows", {"note": "why", "begins": "2040-01-25T10:00", "until": "2040-01-25T09:00"}, "before it begins"),
        ("windows", {"note": "why", "lasts": "2h", "account": "mian"}, "There is no account"),
        ("windows/17/end", {}, "There is no maintenance window"),
    ],
)
def test_what_cannot_be_meant_gets_a_sentence(
    operator: Visitor, path: str, data: dict[str, str], sentence: str
) -> None:
    answer = operator.post(f"/-/alerts/{path}", data=data)

    assert answer.status_code in (400, 404)
    assert sentence in answer.text


def test_event_is_linked_and_what_is_no_event_is_not(service: Service) -> None:
    with service.app.database.begin() as connection:
        raise_alert(connection, Alert(kind="webhook_failed", subject="partner", message=as_said("Mend it.")), NOW)
    with visit_pages(service) as served:
        page = sign_in(service, served.visitor, "operator").get("/-/alerts").text

    assert 'href="/-/events/tides"' in page
    assert 'href="/-/events/partner"' not in page


def test_api_lists_mutes_and_silences(service: Service) -> None:
    with serve(service) as api:
        program = api.program()
        (problem,) = program.ask("GET", "/alerts/problems")["problems"]
        muted = program.ask("POST", "/alerts/problems/event_late/mute", json={"note": "known", "lasts": "7d"})
        window = program.ask("POST", "/alerts/windows", json={"note": "moves", "lasts": "2h"})
        listed = program.ask("GET", "/alerts")
        program.ask("POST", f"/alerts/windows/{window['id']}/end")
        program.ask("POST", f"/alerts/problems/{problem['id']}/unmute")
        targets = program.ask("POST", "/alerts/test")["targets"]

        assert (problem["summary"], problem["count"], problem["told"]) == (
            "2 events: Zoom refused their webinar", 2, None
        )  # fmt: skip
        assert (muted["problem"], muted["until"][:16]) == (problem["id"], "2040-01-31T12:00")  # the clock goes on
        assert {alert["muted"]["note"] for alert in listed["alerts"]} == {"known"}
        assert {alert["window"]["note"] for alert in listed["alerts"]} == {"moves"}
        assert [window["note"] for window in listed["windows"]] == ["moves"]
        assert [target["taken"] for target in targets] == [False]
        assert program.ask("GET", "/alerts/windows")["windows"] == []
        assert [target["state"] for target in program.ask("GET", "/alerts/targets")["targets"]] == ["wrong"]
        refuse(program)


def refuse(program: Program) -> None:
    """Assert that each mistake has its status and sentence."""
    wrong = [
        program.fail("POST", "/alerts/problems/nothing/mute", json={"note": "why"}),
        program.fail("POST", "/alerts/problems/event_late/mute", json={"note": " "}),
        program.fail("POST", "/alerts/windows", json={"note": "why", "lasts": "2h", "account": "mian"}),
        program.fail("POST", "/alerts/windows/17/end"),
    ]
    assert [status for status, _sentence in wrong] == [404, 422, 422, 404]
