"""Many events with one cause are one line of the plan; its digest stays the same."""

import re
import shlex
from datetime import timedelta
from html import unescape

import pytest

from tests.builders import END, START, an_event
from tests.integration.command_line import CommandLine
from tests.integration.served import WITHOUT_TLS, in_console
from tests.integration.service import CREATE, PATIENT, MakeService, Service
from tests.web_site import Visitor

DAY = timedelta(days=1)
CAUSE = "create_webinars: Zoom refused to create webinar: Not so. (code 300)"


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent here. Each call to Zoom gets its answer."""
    return make_service(settings=WITHOUT_TLS | PATIENT)


def fail(service: Service, count: int) -> list[int]:
    """Let the first runs of some events fail; return their numbers."""
    service.zoom.fault(CREATE, "http", times=count, status=400, code=300, message="Not so.")
    for day in range(count):
        service.add(an_event(id=f"talk-{day}", start=START + day * DAY, end=END + day * DAY))
    service.settle()
    return sorted(run.id for run in service.runs(states=("failed",)))


def test_many_events_with_one_cause_are_one_line(
    service: Service, command_line: CommandLine, operator: Visitor
) -> None:
    fail(service, 7)

    short, long = command_line.run("plan"), command_line.run("plan", "--long")
    page = unescape(operator.get("/-/plan").text)

    line = (
        f"7 events have one cause: {CAUSE}. talk-0, talk-1, talk-2, talk-3, talk-4 and 2 more. "
        f"Mend the cause, then: zoom-ops runs retry --failed --cause {shlex.quote(CAUSE)}"
    )
    assert line in short.out.splitlines()
    assert (
        in_console(line.replace("talk-0, talk-1, talk-2, talk-3, talk-4", ", ".join([f"“{an_event().name}”"] * 5)))
        in page
    )
    assert page.count("(“create webinars”) has failed") == 7 == long.out.count("(create_webinars) has failed")
    digests = {re.findall(r"apply (\w{16})", ended.out)[0] for ended in (short, long)}
    assert digests == {command_line.run("plan", "--json").json["digest"]}


def test_action_of_the_line_retries_exactly_these(service: Service, command_line: CommandLine) -> None:
    failed = fail(service, 3)
    (line,) = [line for line in command_line.run("plan").out.splitlines() if "one cause" in line]
    command = shlex.split(line.partition("then: zoom-ops ")[2])

    done = command_line.run(*command, "--yes", "--json").json

    assert done["matched"] == len(failed)
    assert command_line.run("plan").out.splitlines()[1:] == ["No event needs a change."]  # no daemon performs runs here


def test_few_events_have_a_line_each(service: Service, command_line: CommandLine) -> None:
    first, second = fail(service, 2)

    said = command_line.run("plan").out

    assert f"talk-0: Run {first} (create_webinars) has failed:" in said
    assert f"talk-1: Run {second} (create_webinars) has failed:" in said


def test_first_page_has_one_line_for_many_events(service: Service, operator: Visitor) -> None:
    fail(service, 4)
    service.tick("watch_events")
    service.settle()

    page = unescape(operator.get("/-/").text)
    needs = re.findall(r'<p class="about" dir="auto">(.*?)</p>', page)

    assert needs == [f"4 events: {CAUSE}"]
    assert page.count("has failed: Zoom refused") == 4 + 1  # each in the list that opens, and the first one above it
    assert 'href="/-/alerts#problem-' in page


def test_first_page_groups_runs_that_no_alert_tells_of(service: Service, operator: Visitor) -> None:
    fail(service, 4)

    page = unescape(operator.get("/-/").text)

    assert re.findall(r'<p class="about" dir="auto">(.*?)</p>', page) == [f"4 runs: {CAUSE}"]
    assert "/-/runs?state=trouble&cause=create_webinars" in page
