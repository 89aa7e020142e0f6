"""A rehearsal on an account of the practice Zoom: what it finds, what it leaves, what it tells nobody."""

import json
from typing import Any

import pytest

from tests.builders import ACCOUNT, HOST
from tests.integration.service import CREATE, DELETE, LIST, READ, SEAT, Service
from zoom_ops.errors import BadInputError
from zoom_ops.operations.rehearsal.rehearse import rehearse
from zoom_ops.operations.rehearsal.report import build_report, iter_lines
from zoom_ops.operations.rehearsal.stage import Order

ME = "me@example.org"


def report_of(service: Service, **policy: Any) -> dict[str, Any]:
    """Rehearse on the account and return the report as it would be attached to a bug report."""
    service.zoom.control("POST", "/policy", policy)
    order = Order(account=ACCOUNT, host=HOST, mail=ME)
    course = rehearse(service.context, order, lambda _step: None)
    report: dict[str, Any] = json.loads(json.dumps(build_report(order, course, service.clock.now())))
    return report


def answers(report: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to each question that was measured."""
    return {reply["fact"]: reply["answer"] for reply in report["questions"] if reply["measured"]}


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    """Return how each step ended."""
    return {step["name"]: step["outcome"] for step in report["steps"]}


def test_a_rehearsal_on_the_practice_zoom_finds_no_difference_and_leaves_nothing(service: Service) -> None:
    report = report_of(service)
    assert report["complete"], report["steps"]
    assert [reply["question"] for reply in report["questions"] if reply["differs"]] == []
    assert service.zoom.webinars() == []
    assert not any("Differs" in line for line in iter_lines(report))


def test_only_one_person_is_mailed(service: Service) -> None:
    report_of(service)
    (deleted,) = service.zoom.state()["deleted_webinars"]
    assert {invitation["email"] for invitation in deleted["invitations"]} == {ME}


def test_a_report_holds_no_secret_and_no_address(service: Service) -> None:
    text = json.dumps(report_of(service))
    assert HOST not in text
    assert ME not in text
    secrets = [secret for secret in service.zoom.state()["secrets"] if len(secret) >= 6]
    assert secrets
    assert [secret for secret in secrets if secret in text] == []


@pytest.mark.parametrize(
    ("policy", "fact", "answer"),
    [
        ({"settings": {"locked": {"auto_recording": "none"}}}, "refused",
         {"settings.auto_recording": {"asked": "cloud", "kept": "none"}}),
        ({"undocumented": {"nested_settings": "reset"}}, "nested_part", "reset"),
        ({"undocumented": {"host_as_panelist": "refused"}}, "host_as_panelist", "refused (400 300)"),
        ({"undocumented": {"same_address": "two seats"}}, "seated_twice", "2 seats"),
        ({"undocumented": {"same_address": "refused"}}, "seated_twice", "refused (400 300)"),
        ({"undocumented": {"unseated": "refused"}}, "removed_twice", "400 300"),
        ({"undocumented": {"instances_of_none": "404"}}, "instances_of_none", "404 3001"),
    ],
)  # fmt: skip
def test_each_difference_is_found_with_the_exchange_that_shows_it(
    service: Service, policy: dict[str, Any], fact: str, answer: Any
) -> None:
    report = report_of(service, **policy)
    (reply,) = [reply for reply in report["questions"] if reply["fact"] == fact]
    assert (reply["answer"], reply["differs"]) == (answer, True)
    assert reply["evidence"]
    assert all(report["exchanges"][number - 1]["number"] == number for number in reply["evidence"])
    assert service.zoom.webinars() == []


def test_the_lag_of_a_list_is_measured(service: Service) -> None:
    lag = answers(report_of(service, undocumented={"list_lag_s": 2}))["list_lag_s"]
    assert lag >= 2


def test_a_step_that_is_refused_is_named_and_the_others_are_taken(service: Service) -> None:
    service.zoom.fault(SEAT, "http", status=400, code=300, message="Not today.", times=99)
    report = report_of(service)
    assert outcomes(report)["seat"] == outcomes(report)["seat again"] == "refused"
    assert outcomes(report)["delete"] == outcomes(report)["read back"] == "done"
    assert not report["complete"]
    assert any("Not today." in step["sentence"] for step in report["steps"])


def test_without_a_webinar_the_rest_is_measured(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=200, message="Webinar plan is missing.", times=9)
    report = report_of(service)
    assert outcomes(report)["create"] == "refused"
    assert {"token_life_s", "features", "no_recordings"} <= answers(report).keys()


def test_a_webinar_whose_create_had_no_answer_is_removed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.clock, "sleep", lambda _seconds: None)
    service.zoom.fault(CREATE, "drop_response")
    assert outcomes(report_of(service))["create"] == "failed"
    assert service.zoom.webinars() == []


@pytest.mark.parametrize("call", [READ, SEAT, LIST])
def test_an_interrupted_rehearsal_removes_its_webinar(
    service: Service, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    method = {READ: "get_webinar", SEAT: "add_panelists", LIST: "get_instances"}[call]
    monkeypatch.setattr(service.context.gateway(ACCOUNT), method, interrupt)
    with pytest.raises(KeyboardInterrupt):
        report_of(service)
    monkeypatch.undo()
    assert service.zoom.webinars() == []


def test_a_second_rehearsal_removes_what_a_killed_one_left(service: Service) -> None:
    service.zoom.fault(DELETE, "http", status=500, times=9)
    assert outcomes(report_of(service))["delete"] == "failed"
    service.zoom.call("POST", f"/users/{HOST}/webinars", {"topic": "Rehearsal of zoom_ops, by hand", "type": 5})
    service.zoom.mend()
    assert report_of(service)["complete"]
    assert [webinar["topic"] for webinar in service.zoom.webinars()] == ["Rehearsal of zoom_ops, by hand"]


def test_a_host_outside_the_pool_is_refused(service: Service) -> None:
    with pytest.raises(BadInputError, match=HOST):
        rehearse(service.context, Order(account=ACCOUNT, host="other@example.org", mail=ME), lambda _step: None)
