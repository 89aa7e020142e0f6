"""Apply a part of the plan: page, API and command line choose the same, and exactly that is carried out."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
import requests

from tests.builders import ACCOUNT, AMARA, END, HOST, JONAS, NOW, START, an_event
from tests.integration.command_line import CommandLine
from tests.integration.served import WITHOUT_TLS
from tests.integration.service import MakeService, Service
from tests.integration.web.api.program import Api
from tests.web_site import Visitor
from zoom_ops.store.audit import AuditFilter, iter_audit

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SOON = str(2 + (START - NOW).days)  # the first two events begin within so many days
DAY_0 = ["UpdateWebinar 0", "AddPanelists 0"]
DIGEST = re.compile(r'name="digest" value="(\w+)"')


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent here."""
    return make_service(settings=WITHOUT_TLS)


def on_day(number: int, **changes: Any) -> Any:
    """Build an event on a day of its own."""
    days = number * DAY
    event = {"id": f"day-{number}", "name": f"Day {number}", "performers": (), "start": START + days, "end": END + days}
    return an_event(**event | {"display_times": ()} | changes)


def plant(service: Service) -> None:
    """Let a webinar be there whose title and people change; one whose title changes; and one that is to be made."""
    service.add(on_day(0, performers=(AMARA,), series="Tides and Tables"), on_day(1))
    service.settle()
    service.write(on_day(0, performers=(AMARA, JONAS), series="Tides and Tables", name="Day nought"))
    service.write(on_day(1, name="Day one"))
    service.write(on_day(2))


def seats(service: Service) -> set[str]:
    """Return the addresses of all panelists at Zoom."""
    return {panelist["email"] for webinar in service.zoom.webinars() for panelist in webinar["panelists"]}


def fields_of(page: str) -> list[tuple[str, str]]:
    """Return the fields of the form that applies what a page shows, with all events marked."""
    (form,) = re.findall(r'<form method="post" action="/-/plan".*?</form>', page, re.DOTALL)
    return [(name, unescape(value)) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)]


def shown_events(page: str) -> list[str]:
    """Return the ids of the events of which a page shows changes."""
    return [value for name, value in fields_of(page) if name == "take"]


def send(operator: Visitor, fields: list[tuple[str, str]]) -> requests.Response:
    """Send the form of the plan."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return operator.post("/-/plan", data=urlencode(fields), headers=headers)


CHOICES: dict[str, tuple[list[str], list[str] | None]] = {
    "kind=webinar": (["--kind", "webinar"], [*DAY_0, "UpdateWebinar 1", "CreateWebinar 2"]),
    "kind=panelists": (["--kind", "panelists"], ["AddPanelists 0"]),
    "kind=CreateWebinar": (["--kind", "CreateWebinar"], ["CreateWebinar 2"]),
    "kind=recording": (["--kind", "recording"], []),
    "without=day-0&without=day-2": (["--without", "day-0", "--without", "day-2"], ["UpdateWebinar 1"]),
    f"days={SOON}": (["--days", SOON], [*DAY_0, "UpdateWebinar 1"]),
    "series=tables": (["--series", "tables"], DAY_0),
    f"host={HOST}&account={ACCOUNT}&profile=default": (["--host", HOST, "--account", ACCOUNT], None),
}


def test_page_program_and_command_line_choose_the_same(
    service: Service, api: Api, operator: Visitor, command_line: CommandLine
) -> None:
    plant(service)
    whole, program = command_line.run("plan", "--json").json, api.program()

    for query, (options, actions) in CHOICES.items():
        told, printed = program.ask("GET", f"/plan?{query}"), command_line.run("plan", *options, "--json").json
        page = operator.get(f"/-/plan?{query}").text

        chosen = [f"{action['action']} {action['event'][-1]}" for action in told["actions"]]
        assert chosen == (actions if actions is not None else chosen), query
        assert told["digest"] == printed["digest"], query
        assert DIGEST.findall(page) == ([told["digest"]] if chosen else []), query
        assert (told["digest"] == whole["digest"]) == (told["actions"] == whole["actions"]), query
        assert [action for action in whole["actions"] if action in told["actions"]] == told["actions"], query


def test_host_of_a_webinar_chooses_all_that_concerns_it(service: Service, command_line: CommandLine) -> None:
    plant(service)
    service.write(on_day(1, performers=(AMARA,)))  # its action names no host

    whole, chosen = (command_line.run("plan", *words, "--json").json for words in ((), ("--host", HOST)))

    assert [action["action"] for action in whole["actions"] if action["event"] == "day-1"] == ["AddPanelists"]
    assert chosen["actions"] == whole["actions"]


def test_only_what_matches_is_carried_out(service: Service, operator: Visitor) -> None:
    plant(service)

    page = operator.get("/-/plan?kind=CreateWebinar").text
    answer = send(operator, fields_of(page))
    service.settle()

    assert "Apply 1 action" in page
    assert "1 action is carried out now: Day 2." in operator.get(answer.headers["Location"]).text
    assert sorted(webinar["topic"] for webinar in service.zoom.webinars()) == ["Day 0", "Day 1", "Day 2"]
    assert seats(service) == {AMARA.email}
    assert [action.event for action in service.plan().actions] == ["day-0", "day-0", "day-1"]
    with service.app.database.read() as connection:
        (line,) = iter_audit(connection, AuditFilter(what="plan_applied"))
    assert (line.detail["kind"], line.detail["events"]) == ("CreateWebinar", ["day-2"])


def test_what_the_same_run_does_is_shown_and_done_with_it(service: Service, operator: Visitor) -> None:
    plant(service)

    page = operator.get("/-/plan?kind=UpdateWebinar&event=day-0").text
    send(operator, fields_of(page))
    service.settle()

    assert "The same run does it." in page
    assert "This <strong>mails 1 person</strong>." in page
    assert seats(service) == {AMARA.email, JONAS.email}
    assert [action.event for action in service.plan().actions] == ["day-1", "day-2"]


def test_events_that_are_taken_out_are_left_out_after_a_look(service: Service, operator: Visitor) -> None:
    plant(service)
    fields = [pair for pair in fields_of(operator.get("/-/plan").text) if pair != ("take", "day-1")]

    look = send(operator, fields)
    unapplied = len(service.runs(states=("active",)))
    preview = operator.get(look.headers["Location"]).text
    send(operator, fields_of(preview))
    service.settle()

    assert look.headers["Location"] == "/-/plan?without=day-1"
    assert unapplied == 0
    assert "Nothing is applied yet. This is the plan of the 2 events that you left marked." in preview
    assert "Left out: " in preview
    assert shown_events(preview) == ["day-0", "day-2"]
    assert [action.event for action in service.plan().actions] == ["day-1"]


def test_few_of_many_are_named_themselves(service: Service, operator: Visitor) -> None:
    service.add(*(on_day(number) for number in range(5)))
    fields = fields_of(operator.get("/-/plan").text)

    look = send(operator, [(name, value) for name, value in fields if name != "take" or value == "day-3"])
    none = send(operator, [(name, value) for name, value in fields if name != "take"])

    assert look.headers["Location"] == "/-/plan?event=day-3"
    assert none.status_code == 400
    assert "Nothing was applied: all events are taken out." in none.text


def test_plan_that_has_changed_says_what_has(service: Service, operator: Visitor) -> None:
    plant(service)
    whole, part = (fields_of(operator.get(f"/-/plan?{query}").text) for query in ("", "kind=panelists"))
    service.write(on_day(1, name="Day one again"))
    service.write(on_day(3))

    stale, unchanged = send(operator, whole), send(operator, part)

    assert stale.status_code == 409
    assert "Nothing was applied. The plan is another one now than the one you saw" in stale.text
    assert "<bdi>Day one again</bdi> is changed in another way now." in stale.text
    assert "<bdi>Day 3</bdi> is new in the plan." in stale.text
    assert "day-0</bdi>" not in stale.text
    assert unchanged.status_code == 303


def test_what_the_guard_refuses_is_in_no_choice(service: Service, api: Api) -> None:
    service.add(on_day(0))
    service.settle()
    service.clock.advance(START - timedelta(minutes=10) - service.clock.now())
    service.change("day-0", start=START + HOUR, end=END + HOUR)
    queries = ("", "kind=webinar", "kind=UpdateWebinar", f"host={HOST}", "event=day-0", "days=1", "series=")

    program = api.program()
    plans = [program.ask("GET", f"/plan?{query}") for query in queries]
    forced = program.ask("GET", "/plan?kind=UpdateWebinar&force=true")

    assert [plan["actions"] for plan in plans] == [[]] * len(queries)
    assert all(plan["refused"] for plan in plans)
    assert [action["action"] for action in forced["actions"]] == ["UpdateWebinar"]


def test_command_that_is_printed_applies_just_that(service: Service, command_line: CommandLine) -> None:
    plant(service)

    said = command_line.run("plan", "--kind", "webinar", "--without", "day-0").out.splitlines()[-1]
    digest = said.split()[4]
    command_line.run("apply", digest, "--kind", "webinar", code=3)
    command_line.run("apply", digest, "--without", "day-0", "--kind", "webinar")
    empty = command_line.run("plan", "--kind", "webinar", "--without", "day-0").out

    assert said == f"2 actions; zoom-ops apply {digest} --without day-0 --kind webinar does that."
    assert [action.event for action in service.plan().actions] == ["day-0", "day-0"]
    assert empty.splitlines()[-1] == "No event that was chosen needs such a change."


def test_program_applies_just_what_it_chose(service: Service, api: Api) -> None:
    plant(service)
    program = api.program()
    digest = program.ask("GET", "/plan?kind=panelists")["digest"]

    wrong = program.fail("POST", "/plan/apply", json={"digest": digest})
    done = program.post("/plan/apply", json={"digest": digest, "kind": "panelists"}).json()

    assert wrong[0] == 409
    assert [action["action"] for action in done["actions"]] == ["AddPanelists"]
    assert [run.job for run in service.runs(states=("active",)) if run.id in done["runs"]] == ["register_panelists"]


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("kind=webinars", 404, "There is no kind of change 'webinars'. Did you mean webinar"),
        ("host=nobody@example.org", 404, "There is no host 'nobody@example.org'."),
        ("account=gone", 404, "There is no account 'gone'."),
        ("profile=gone", 404, "There is no profile 'gone'."),
        ("days=soon", 400, "The days ahead are a whole number, such as 7."),
        ("without=gone", 404, "There is no event 'gone'."),
        ("event=gone", 404, "There is no event 'gone'."),
        ("event=%00", 404, "There is no"),
        (f"event={'a' * 60_000}", 404, "There is no event"),
        (f"series={'a' * 201}", 400, "The words of a series are at most 200 characters."),
    ],
)
def test_wrong_filter_is_refused_above_the_list(
    service: Service, operator: Visitor, query: str, status: int, sentence: str
) -> None:
    answer = operator.get(f"/-/plan?{query}")

    assert answer.status_code == status
    assert sentence in unescape(answer.text)
    assert '<a href="/-/plan">Show the whole plan</a>' in answer.text


def test_too_many_events_by_name_are_refused(operator: Visitor) -> None:
    named = urlencode([("without", f"day-{number}") for number in range(101)])

    assert "At most 100 events can be named one by one" in operator.get(f"/-/plan?{named}").text


def test_filters_stay_in_the_form_and_in_its_links(service: Service, operator: Visitor) -> None:
    plant(service)
    service.write(on_day(3, profile="gone"))

    page = operator.get("/-/plan?kind=webinar&without=day-1&days=400").text

    hidden = [pair for pair in fields_of(page) if pair[0] not in ("digest", "seen", "take")]
    assert hidden == parse_qsl("without=day-1&kind=webinar&days=400")
    assert '<option value="400" selected>within 400 days</option>' in page
    assert 'href="/-/plan?kind=webinar&amp;days=400"' in page  # take it in again
    assert 'href="/-/plan?without=day-1&amp;kind=webinar&amp;days=400&amp;force=1"' in page
    assert "No such change is planned." in operator.get("/-/plan?kind=recording").text
