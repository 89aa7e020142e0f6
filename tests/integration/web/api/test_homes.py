"""The API of homes: list, check, pull, the records of an event."""

from collections.abc import Iterator

import pytest

from tests.integration.city import HARBOUR, City
from tests.integration.web.api.program import Program, serve
from zoom_ops.homes import Finding


@pytest.fixture
def script(city: City) -> Iterator[Program]:
    """A program whose token has every scope."""
    with serve(city.service) as api:
        yield api.program()


def test_homes_are_listed_with_what_came_of_the_last_pull(city: City, script: Program) -> None:
    city.write()
    city.pull()

    (home,) = script.get("/homes").json()["homes"]

    assert (home["name"], home["state"], home["records"]["taken"]) == ("city", "working", 1)


def test_check_returns_what_is_missing(city: City, script: Program) -> None:
    city.home.findings = (Finding(what="writing", state="missing", sentence="The token may not write."),)

    answer = script.post("/homes/city/check")

    assert answer.json() == {
        "home": "city",
        "findings": [{"what": "writing", "state": "missing", "sentence": "The token may not write."}],
    }
    assert script.post("/homes/nowhere/check").status_code == 404


def test_pull_takes_a_record_that_was_left_out(city: City, script: Program) -> None:
    city.write()
    city.home.hidden.add("12")
    city.pull()

    answer = script.post("/homes/city/pull", json={"take": "12"})
    city.service.work()

    assert answer.status_code == 202
    assert script.get(f"/runs/{answer.json()['runs'][0]}").json()["job"] == "pull_homes"
    assert city.event().recording_gate == ((),)


def test_records_of_an_event_are_listed(city: City, script: Program) -> None:
    city.write()
    city.pull()

    (record,) = script.get(f"/events/{HARBOUR}/homes").json()["records"]

    assert (record["home"], record["record"], record["state"], record["links"]) == ("city", "12", "taken", [])
    for verb in ("leave", "renew"):
        assert script.post(f"/events/{HARBOUR}/homes/{verb}").status_code == 422
        assert script.post(f"/events/nowhere/homes/{verb}").status_code == 404
    assert script.post("/homes/city/renew").json() == {"home": "city", "links": 0}
