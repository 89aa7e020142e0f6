"""A rehearsal on an account of the practice Zoom: what it finds, what it leaves, what it tells nobody."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import ACCOUNT, EVENT_ID, HOST, an_event
from tests.integration.service import CREATE, DELETE, LIST, READ, SEAT, UPDATE, MakeService, Service, TestClock
from zoom_ops.errors import BadInputError, NotFoundError
from zoom_ops.events import Performer
from zoom_ops.operations.rehearsal.bench import Bench
from zoom_ops.operations.rehearsal.exchanges import Redactor
from zoom_ops.operations.rehearsal.facts import describe_account, keep_facts
from zoom_ops.operations.rehearsal.questions import QUESTIONS
from zoom_ops.operations.rehearsal.rehearse import Rehearsal, rehearse
from zoom_ops.operations.rehearsal.report import build_report, iter_lines
from zoom_ops.operations.rehearsal.stage import Course, Order
from zoom_ops.sandbox import load_like
from zoom_ops.sandbox.contract import default_scopes
from zoom_ops.sandbox.like import policy_like
from zoom_ops.store.accounts.facts import save_facts
from zoom_ops.store.alerts import list_alerts

ME = "me@example.org"
FACTS = [question.fact for question in QUESTIONS]


@pytest.fixture(autouse=True)
def virtual_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a wait move the clock instead: a rehearsal makes its calls one after another, at the pace of the limits."""
    monkeypatch.setattr(TestClock, "sleep", lambda clock, seconds: clock.advance(timedelta(seconds=seconds)))


def report_of(service: Service, **policy: Any) -> dict[str, Any]:
    """Rehearse on the account and return the report as it would be attached to a bug report."""
    service.zoom.control("POST", "/policy", policy)
    order = Order(account=ACCOUNT, host=HOST, mail=ME)
    course = rehearse(service.context, order, lambda _step: None)
    report: dict[str, Any] = json.loads(json.dumps(build_report(order, course, service.clock.now())))
    return report


def bench_of(service: Service) -> Bench:
    """Return what the steps of a rehearsal work with."""
    gateway = service.context.gateway(ACCOUNT)
    order = Order(account=ACCOUNT, host=HOST, mail=ME)
    return Bench(context=service.context, gateway=gateway, order=order, course=Course())


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
        ({"people": {"blank_emails": True}}, "panelist_email", "withheld"),
        ({"recordings": {"cloud_recording": False}}, "cloud_recording", False),
        ({"app": {"broad_scopes": True}}, "scope_form", "broad"),
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


def test_an_unknown_account_is_refused(service: Service) -> None:
    with pytest.raises(NotFoundError, match="other"):
        rehearse(service.context, Order(account="other", host=HOST, mail=ME), lambda _step: None)


def test_a_host_outside_the_pool_is_refused(service: Service) -> None:
    with pytest.raises(BadInputError, match=HOST):
        rehearse(service.context, Order(account=ACCOUNT, host="other@example.org", mail=ME), lambda _step: None)


def keep(service: Service, **policy: Any) -> None:
    """Rehearse on the account and keep what was found."""
    keep_facts(service.context, ACCOUNT, report_of(service, **policy))


def test_what_was_found_is_kept_with_the_day(service: Service) -> None:
    keep(service, undocumented={"host_as_panelist": "refused"})
    described = describe_account(service.context, ACCOUNT)
    facts = {fact["fact"]: fact for fact in described["facts"]}
    assert facts["host_as_panelist"]["answer"] == "refused (400 300)"
    assert "gets no seat" in facts["host_as_panelist"]["consequence"]
    assert facts["seated_twice"]["consequence"] is None
    assert {fact["at"][:10] for fact in described["facts"]} == {service.clock.now().date().isoformat()}


def test_a_later_rehearsal_that_stops_early_keeps_older_answers(service: Service) -> None:
    keep(service, undocumented={"host_as_panelist": "refused"})
    service.zoom.fault(CREATE, "http", status=400, code=200, message="Webinar plan is missing.", times=9)
    keep(service)
    facts = {fact["fact"]: fact["answer"] for fact in describe_account(service.context, ACCOUNT)["facts"]}
    assert facts["host_as_panelist"] == "refused (400 300)"


def test_a_lock_that_was_measured_is_told_before_there_is_a_webinar(service: Service) -> None:
    keep(service, settings={"locked": {"auto_recording": "none"}})
    service.write(an_event())
    ((_, sentence),) = service.plan().notices
    assert "a rehearsal found that Zoom drops auto_recording = cloud and keeps auto_recording = none" in sentence
    service.zoom.control("DELETE")  # somebody unlocks it
    service.ask("create_webinars", EVENT_ID)
    assert (service.plan().notices, service.shown()["alerts"]) == ((), [])


def test_a_host_who_cannot_be_a_panelist_gets_no_seat(service: Service) -> None:
    keep(service, undocumented={"host_as_panelist": "refused"})
    speakers = [Performer(name="The Host", email=HOST), Performer(name="Ana Speaker", email="ana@example.org")]
    service.add(an_event(performers=speakers))
    service.settle()
    assert service.zoom.panelists() == ["ana@example.org"]
    assert service.run("register_panelists")["state"] == "done"


def test_a_change_sends_all_parts_of_a_setting_that_would_be_reset(service: Service) -> None:
    keep(service, undocumented={"nested_settings": "reset"})
    service.add()
    service.settle()
    before = service.zoom.webinar()["settings"]["question_and_answer"]
    changed = {"topic": "Tides", "settings": {"question_and_answer": {**before, "allow_anonymous_questions": False}}}
    with service.calls() as calls:
        service.zoom.call("PATCH", f"/webinars/{service.zoom.webinar()['id']}", changed)
        service.settle()
    assert service.zoom.webinar()["settings"]["question_and_answer"] == before
    assert calls.count(UPDATE) == 2  # theirs and ours


def test_a_lost_create_is_looked_for_when_the_list_shows_it(make_service: MakeService) -> None:
    first = make_service()
    with first.app.database.begin() as connection:
        save_facts(connection, ACCOUNT, {"list_lag_s": 30}, first.clock.now())
    service = make_service()
    service.zoom.control("POST", "/policy", {"undocumented": {"list_lag_s": 30}})
    service.zoom.fault(CREATE, "drop_response")
    service.add()
    service.settle()
    for _ in range(10):
        service.later(timedelta(seconds=15))
    assert len(service.zoom.webinars()) == 1
    assert service.shown()["webinar"]["id"] == service.zoom.webinar()["id"]


def test_the_practice_zoom_behaves_like_an_account_that_was_measured(service: Service) -> None:
    odd = {
        "settings": {"locked": {"auto_recording": "none"}, "inherited": {"panelist_authentication": True}},
        "undocumented": {
            "nested_settings": "reset",
            "host_as_panelist": "refused",
            "same_address": "two seats",
            "unseated": "refused",
            "instances_of_none": "404",
        },
        "app": {"broad_scopes": True},
        "people": {"blank_emails": True},
        "recordings": {"cloud_recording": False, "auto_delete_days": 0},
    }
    measured = report_of(service, **odd)
    policy, unread = policy_like({**measured["facts"], "from_a_later_version": 3})
    service.zoom.control("DELETE")
    again = report_of(service, **policy.model_dump(mode="json"))
    assert answers(again) == answers(measured)
    assert "from_a_later_version" in unread


@pytest.mark.parametrize("content", ["", "[]", "{", '{"facts": 3}', '{"questions": []}'])
def test_what_is_no_report_is_refused_by_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "report.json"
    file.write_text(content)
    with pytest.raises(BadInputError, match=r"report\.json"):
        load_like(file)


@pytest.mark.parametrize("value", [None, 3, "x", [], {"a": 1}, True])
def test_a_report_with_rubbish_is_read_as_far_as_it_can(value: Any) -> None:
    policy, _ = policy_like(dict.fromkeys([*FACTS, "unknown"], value) | {"list_lag_s": 7})
    assert policy.undocumented.list_lag_s == 7


def test_a_held_webinar_is_followed_to_its_transcript(service: Service) -> None:
    asked: list[str] = []

    def hold(sentence: str) -> None:
        asked.append(sentence)
        if len(asked) == 1:
            service.zoom.hold(service.zoom.webinars()[-1]["id"], minutes=4, transcript=True)
            service.await_notifications()

    order = Order(account=ACCOUNT, host=HOST, mail=ME, record=True)
    course = rehearse(service.context, order, lambda _step: None, hold)
    report = build_report(order, course, service.clock.now())
    assert report["complete"], report["steps"]
    found = answers(report)
    assert (found["instances"], found["recordings"], found["recording_minutes"]) == (1, 1, 4)
    assert {"webinar.started", "webinar.ended", "recording.completed"} <= set(found["notified"])
    assert found["passcode_fields"] == ["password", "recording_play_passcode"]
    assert {"practice_said", "play_link", "transcribed_after_s"} <= found.keys()
    assert found["sharing"]["shared"] == "publicly"
    assert service.zoom.webinars() == []


def test_a_failure_is_no_fact_of_the_account(service: Service) -> None:
    service.zoom.fault(SEAT, "http", status=503, times=99)
    found = answers(report_of(service))
    assert not {"host_as_panelist", "seated_twice"} & found.keys()


def test_a_missing_scope_is_refused_by_name_stops_nothing_and_teaches_nothing(make_service: MakeService) -> None:
    scopes = tuple(scope for scope in default_scopes() if not scope.startswith("webinar:write:panelist"))
    service = make_service(zoom={"scopes": scopes})
    report = report_of(service)
    (step,) = [step for step in report["steps"] if step["name"] == "seat"]
    assert step["outcome"] == "refused"
    assert "webinar:write:panelist:admin" in step["sentence"]
    assert not {"host_as_panelist", "seated_twice"} & answers(report).keys()
    with service.app.database.read() as connection:
        assert list_alerts(connection) == ()


def test_without_the_right_to_delete_nothing_is_made(make_service: MakeService) -> None:
    scopes = tuple(scope for scope in default_scopes() if not scope.startswith("webinar:delete:webinar"))
    service = make_service(zoom={"scopes": scopes})
    assert outcomes(report_of(service))["create"] == "left out"
    state = service.zoom.state()
    assert (state["webinars"], state["deleted_webinars"]) == ([], [])


def test_what_a_killed_rehearsal_left_is_found_by_its_number_before_a_list_shows_it(service: Service) -> None:
    service.zoom.fault(DELETE, "http", status=500, times=9)
    report = report_of(service, undocumented={"list_lag_s": 0})
    assert any("is still at Zoom" in step["sentence"] for step in report["steps"])
    service.zoom.mend()
    service.zoom.control("POST", "/policy", {"undocumented": {"list_lag_s": 3600}})
    rehearsal = Rehearsal(bench_of(service), lambda _sentence: None)
    assert rehearsal.remove_leftovers() == 1
    assert service.zoom.webinars() == []


def test_a_report_names_nobody_and_no_server(service: Service) -> None:
    policy = {"settings": {"inherited": {"contact_name": "Prof. Hilda Secret", "contact_email": "h@example.org"}}}
    text = json.dumps(report_of(service, **policy))
    assert "Hilda" not in text
    assert "h@example.org" not in text
    blocked = json.dumps(report_of(service, app={"ip_allow_list": ["192.0.2.7"]}))
    assert "127.0.0.1" not in blocked


@pytest.mark.parametrize(
    "path", ["/meetings/czqLS%252F%252FAXKZ1234567890aa%253D%253D/recordings", "/webinars/81234567890"]
)
def test_paths_hold_no_number_and_no_uuid(path: str) -> None:
    assert re.search(r"AXKZ|8123", Redactor({}).path(path)) is None
