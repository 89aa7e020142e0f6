"""Which answers about webinars are believed: only those about the webinar, and of the host, that were asked for."""

from typing import Any

import pytest

from tests.builders import EVENT_ID, HOST, OTHER_HOST, an_event
from tests.integration.operations.recordings.test_fetch import DAY, SWEEP, held
from tests.integration.service import CREATE, LISTED, READ, MakeService, Service
from zoom_ops.errors import ParkedError, TemporaryError
from zoom_ops.operations.views.events import timeline

DRAFT = {"topic": "Made by hand", "type": 5, "start_time": "2040-01-31T13:30:00Z", "duration": 75}


def by_hand(service: Service, host: str = HOST, **draft: Any) -> int:
    """Make a webinar by hand; return its number."""
    return int(service.zoom.call("POST", f"/users/{host}/webinars", DRAFT | draft)["id"])


def bound(service: Service) -> Any:
    """Return the number of the event's webinar as the service has it."""
    return service.shown()["webinar"]


def answer_with(service: Service, match: str, webinar_id: int, **changes: Any) -> None:
    """Let Zoom answer one call with this webinar, changed in some fields."""
    webinar = service.zoom.call("GET", f"/webinars/{webinar_id}")
    service.zoom.fault(match, "http", status=201 if match == CREATE else 200, body=webinar | changes)


def test_another_webinar_is_never_adopted(service: Service) -> None:
    service.add()
    asked, other = by_hand(service), by_hand(service)
    answer_with(service, READ, other)
    with pytest.raises(TemporaryError, match=f"it answered with webinar {other}"):
        service.adopt(asked)
    assert bound(service) is None

    service.adopt(asked)
    service.settle()
    assert bound(service)["id"] == asked


@pytest.mark.parametrize("kind", [6, 9])
def test_series_is_not_adopted(service: Service, kind: int) -> None:
    service.add()
    recurrence = {"recurrence": {"type": 1, "end_times": 3}} if kind == 9 else {}
    series = by_hand(service, type=kind, **recurrence)
    with pytest.raises(ParkedError, match="is a series"):
        service.adopt(series)


def test_webinar_of_a_host_outside_the_pool_is_adopted_and_the_history_says_so(service: Service) -> None:
    service.add()
    service.adopt(by_hand(service, OTHER_HOST))
    service.settle()
    told = [line["sentence"] for line in timeline(service.app.database, EVENT_ID)]
    assert any(f"Its host {OTHER_HOST} is not in the pool of account main." in sentence for sentence in told)


def test_webinar_of_another_account_is_not_adopted(make_service: MakeService) -> None:
    service = make_service(accounts={"second": [OTHER_HOST]})
    service.add()
    with pytest.raises(ParkedError, match="a host of account second"):
        service.adopt(by_hand(service, OTHER_HOST))


@pytest.mark.parametrize(
    "spelling",
    [{"host_email": HOST.upper()}, {"host_email": ""}, {"host_email": None}, {"host_email": "alias@example.org"}],
)
def test_other_spelling_of_the_host_is_believed(service: Service, spelling: dict[str, Any]) -> None:
    service.zoom.fault(CREATE, "change", body=spelling) if False else None
    service.add(an_event())
    service.work()
    number = int(service.zoom.webinar()["id"])
    webinar = service.context.gateway("main").get_webinar(number)
    row = service.zoom.call("GET", f"/webinars/{number}") | spelling
    from zoom_ops.zoom.payloads import parse_webinar

    assert service.context.gateway("main").is_host(parse_webinar(row, "main"), HOST)
    assert not service.context.gateway("main").is_host(parse_webinar(row, "main"), OTHER_HOST) or not row["host_email"]
    assert webinar.id == number


def test_create_that_is_answered_with_anothers_webinar_is_looked_for(service: Service) -> None:
    other = by_hand(service, OTHER_HOST)
    answer_with(service, CREATE, other)
    service.add()
    service.settle()
    assert bound(service) is None

    service.later(LISTED)
    assert bound(service)["id"] != other
    assert len([w for w in service.zoom.webinars() if w["topic"] != DRAFT["topic"]]) == 1


def test_list_without_recordings_is_no_error(service: Service) -> None:
    held(service)
    service.zoom.fault(SWEEP, "http", status=404, code=3301, message="There is no recording for this session.")
    service.clock.advance(DAY)
    service.tick("fetch_recordings")
    service.settle()
    assert service.run("fetch_recordings", f"main {HOST}", kind="host")["state"] == "done"


@pytest.mark.parametrize(
    "refusal",
    [{"status": 404, "code": 1001, "message": "User does not exist."}, {"status": 404, "body": "<html></html>"}],
)
def test_other_refusals_of_a_list_stay_errors(service: Service, refusal: dict[str, Any]) -> None:
    held(service)
    service.zoom.fault(SWEEP, "http", times=None, **refusal)
    service.clock.advance(DAY)
    service.tick("fetch_recordings")
    service.settle()
    assert service.run("fetch_recordings", f"main {HOST}", kind="host")["state"] != "done"
