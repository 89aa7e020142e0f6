"""Lists of runs: filtered the same way on each surface, and failures that a later run has replaced are left out."""

from datetime import timedelta
from html import unescape

import pytest

from tests.builders import AN_OPERATOR, END, EVENT_ID, START, an_event
from tests.integration.command_line import CommandLine
from tests.integration.served import WITHOUT_TLS
from tests.integration.service import CREATE, MakeService, Service
from tests.integration.web.api.program import Program
from tests.web_site import Visitor
from zoom_ops.operations.jobs.requests import retry_run

DAY = timedelta(days=1)
REFUSED = {"status": 400, "code": 300, "message": "Invalid field."}


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent here."""
    return make_service(settings=WITHOUT_TLS)


def fail_and_mend(service: Service) -> tuple[int, int]:
    """Let a run fail, and mend it; return the numbers of both runs."""
    service.zoom.fault(CREATE, "http", **REFUSED)
    service.add()
    service.settle()
    (failed,) = service.runs()
    mended = retry_run(service.context, failed.id, AN_OPERATOR)
    service.settle()
    return failed.id, mended


def test_failure_that_a_later_run_mended_is_in_no_list_of_failures(
    service: Service, command_line: CommandLine, operator: Visitor
) -> None:
    failed, mended = fail_and_mend(service)

    listed = command_line.run("runs", "--failed", "--json").json
    of_state = command_line.run("runs", "--state", "failed").out
    everything = command_line.run("runs", "--failed", "--all").out
    pages = [operator.get(f"/-/runs?state={state}").text for state in ("trouble", "failed", "failed&all=1")]

    assert listed == []
    assert of_state == "There are no such runs.\n"
    assert f"failed, then run {mended}" in everything
    assert [f'href="/-/runs/{failed}"' in page for page in pages] == [False, False, True]
    assert "None is open." in pages[0]
    assert f'then <a href="/-/runs/{mended}">run {mended}</a>' in pages[2]
    assert (
        f'<a href="/-/runs/{mended}">Run {mended}</a> came later for the same' in operator.get(f"/-/runs/{failed}").text
    )


def test_failure_is_listed_until_it_is_mended(service: Service, command_line: CommandLine, operator: Visitor) -> None:
    service.zoom.fault(CREATE, "http", **REFUSED)
    service.add()
    service.settle()

    (listed,) = command_line.run("runs", "--failed", "--json").json

    assert (listed["state"], listed["replaced_by"]) == ("failed", None)
    assert "1 failed" in operator.get("/-/runs?state=failed").text


def test_runs_are_filtered_by_job_event_time_and_cause(service: Service, command_line: CommandLine) -> None:
    service.add(an_event(id="earlier", start=START + 9 * DAY, end=END + 9 * DAY))
    service.settle()
    service.clock.advance(3 * DAY)
    service.zoom.fault(CREATE, "http", **REFUSED)
    service.add()
    service.settle()

    def ids(*options: str) -> list[tuple[str, str]]:
        return [(row["job"], row["subject"]) for row in command_line.run("runs", *options, "--json").json]

    creates = [("create_webinars", EVENT_ID), ("create_webinars", "earlier")]
    assert ids("--job", "create_webinars") == creates
    assert ids("--event", "earlier") == [("register_panelists", "earlier"), creates[1]]
    assert ids("--job", "create_webinars", "--since", "2d") == creates[:1] == ids("--since", "2h", "--event", EVENT_ID)
    assert ids("--job", "create_webinars", "--since", "2000-01-01") == creates
    assert ids("--job", "create_webinars", "--state", "done") == creates[1:]
    assert ids("--cause", "invalid FIELD") == creates[:1]
    assert ids("--job", "report_stray_webinars") == ids("--failed", "--cause", "licence") == []


def test_wrong_filter_gets_a_sentence(service: Service, command_line: CommandLine) -> None:
    service.add()

    def refusal(*options: str) -> str:
        return command_line.run("runs", *options, code=2).err

    assert refusal("--job", "reate_webinars").startswith("There is no job 'reate_webinars'. Did you mean create_webi")
    assert refusal("--event", EVENT_ID[1:]) == f"There is no event '{EVENT_ID[1:]}'. Did you mean {EVENT_ID}?"
    assert refusal("--since", "soon") == "'soon' is no time: a span such as 7d, or a date such as 2027-01-31."
    assert refusal("--since", "0d") == "'0d' is no span of time: a number and d, h, m or w, such as 90d."
    assert refusal("--since", "0001-01-01T00:00+14:00").startswith("'0001-01-01T00:00+14:00' is no time")
    assert refusal("--state", "x") == "'x' is no state of a run: active, parked, failed, done or cancelled."
    assert refusal("--state", "done", "--failed").startswith("Ask for one state, or for all that failed or are parked")


def test_surfaces_filter_alike(
    service: Service, command_line: CommandLine, program: Program, operator: Visitor
) -> None:
    fail_and_mend(service)
    filters = {"job": "create_webinars", "event": EVENT_ID, "since": "2h", "state": "failed"}
    written = "&".join(f"{name}={value}" for name, value in filters.items())

    options = [part for name, value in filters.items() for part in (f"--{name}", value)]
    printed = command_line.run("runs", *options, "--all", "--json").json
    answered = program.ask("GET", f"/runs?{written}&all=true")["runs"]
    page = operator.get(f"/-/runs?{written}&all=1").text

    assert printed == answered
    assert len(printed) == 1
    assert f'href="/-/runs/{printed[0]["id"]}"' in page
    assert f'name="event" value="{EVENT_ID}"' in page
    assert 'name="since" value="2h"' in page
    assert f'href="/-/runs/{printed[0]["id"]}"' in operator.get("/-/runs?event=tides OF tomorrow").text
    assert f'href="/-/runs/{printed[0]["id"]}"' in operator.get(f"/-/runs?event={EVENT_ID[:5]}").text
    assert [operator.get(f"/-/runs?{wrong}").status_code for wrong in ("event=x", "job=x", "since=x")] == [
        404,
        404,
        400,
    ]


def test_words_that_name_no_single_event_get_a_sentence_in_the_list(service: Service, operator: Visitor) -> None:
    service.add(an_event(id="river-a", name="River"), an_event(id="river-b", name="River"))

    asked = [f"{page}?event={words}" for page in ("runs", "notifications") for words in ("riv", "sea", "%00")]
    lists = [operator.get(f"/-/{address}") for address in asked]

    assert [page.status_code for page in lists] == [400, 404, 404] * 2
    assert ["Several events are called" in unescape(page.text) for page in lists] == [True, False, False] * 2
    assert ["There is no event" in unescape(page.text) for page in lists] == [False, True, True] * 2
    assert ['name="event" value="' in page.text for page in lists] == [True] * 6
