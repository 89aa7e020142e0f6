"""Which answers about webinars are believed: only those about the webinar, and of the host, that were asked for."""

from typing import Any

import pytest

from tests.builders import ACCOUNT, EVENT_ID, HOST, OTHER_HOST
from tests.integration.operations.recordings.test_fetch import DAY, HOUR, SWEEP, held
from tests.integration.service import CREATE, LIST, LISTED, READ, MakeService, Service
from zoom_ops.errors import ParkedError, TemporaryError
from zoom_ops.operations.views.events import timeline
from zoom_ops.planning import marker_of
from zoom_ops.zoom.payloads import parse_webinar

DRAFT = {"topic": "Made by hand", "type": 5, "start_time": "2040-01-31T13:30:00Z", "duration": 75}


def by_hand(service: Service, host: str = HOST, **draft: Any) -> int:
    """Make a webinar by hand; return its number."""
    return int(service.zoom.call("POST", f"/users/{host}/webinars", DRAFT | draft)["id"])


def bound(service: Service) -> Any:
    """Return the number of the event's webinar as the service has it."""
    return service.shown()["webinar"]


def test_another_webinar_is_never_adopted(service: Service) -> None:
    service.add()
    asked, other = by_hand(service), by_hand(service)
    service.zoom.fault(READ, "http", status=200, body=service.zoom.call("GET", f"/webinars/{other}"))
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
    ("spelling", "believed"),
    [
        ({"host_email": HOST.upper()}, True),
        ({"host_email": ""}, True),  # then the user id decides
        ({"host_email": "", "host_id": "another-user"}, False),
        ({"host_email": None, "host_id": None}, True),
        ({"host_email": "alias@example.org"}, True),
        ({"host_email": "alias@example.org", "host_id": ""}, False),
        ({"host_email": "alias@example.org", "host_id": "another-user"}, False),
    ],
)
def test_host_is_known_by_address_or_user_id(service: Service, spelling: dict[str, Any], believed: bool) -> None:
    service.add()
    service.work()
    row = service.zoom.call("GET", f"/webinars/{bound(service)['id']}") | spelling
    assert service.context.gateway(ACCOUNT).is_host(parse_webinar(row, ACCOUNT), HOST) is believed


@pytest.mark.parametrize("committed", [True, False])
def test_create_that_is_answered_with_anothers_webinar_is_looked_for(service: Service, committed: bool) -> None:
    other = by_hand(service, OTHER_HOST)
    body = service.zoom.call("GET", f"/webinars/{other}")
    service.zoom.fault(CREATE, "http", status=201, body=body, after_commit=committed)
    service.add()
    service.settle()
    assert bound(service) is None

    service.later(LISTED)
    service.later(HOUR)
    assert bound(service)["id"] != other
    assert len(service.zoom.webinars()) == 2


def test_create_for_another_host_is_told_and_not_repeated(service: Service) -> None:
    """Zoom makes the webinar, and says in every answer that another user hosts it."""
    other = {"host_email": OTHER_HOST, "host_id": "another-user"}
    made = by_hand(service, OTHER_HOST, agenda=marker_of(service.context.installation, EVENT_ID))
    body = service.zoom.call("GET", f"/webinars/{made}") | other
    service.zoom.fault(CREATE, "http", status=201, body=body, times=None)
    with service.calls() as calls:
        service.add()
        service.settle()
        for _ in range(3):
            service.later(HOUR)
            service.tick("create_webinars")
            service.settle()

    assert calls == [LIST, CREATE, READ]
    assert bound(service) is None
    run = service.run("create_webinars")
    assert run["state"] == "parked"
    assert f"Zoom made webinar {made} for {OTHER_HOST} and not for {HOST}." in str(run)


def runs_of_sweep(service: Service) -> list[str]:
    """List the states of the sweep's runs."""
    service.clock.advance(DAY)
    service.tick("fetch_recordings")
    service.settle()
    return [run.state for run in service.runs() if run.job == "fetch_recordings" and run.subject.kind == "host"]


def test_list_without_recordings_is_no_error(service: Service) -> None:
    held(service)
    service.zoom.fault(SWEEP, "http", status=404, code=3301, message="There is no recording for this session.")
    assert runs_of_sweep(service) == ["done"]


@pytest.mark.parametrize(
    "refusal",
    [{"status": 400, "code": 200, "message": "No permission."}, {"status": 404, "body": {"error": "no route"}}],
)
def test_other_refusals_of_a_list_stay_errors(service: Service, refusal: dict[str, Any]) -> None:
    held(service)
    service.zoom.fault(SWEEP, "http", times=None, **refusal)
    assert "done" not in runs_of_sweep(service)
