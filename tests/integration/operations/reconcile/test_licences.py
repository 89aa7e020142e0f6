"""Licences of hosts: known kinds, unknown ones, lost ones; the capacity of a webinar."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import END, EVENT_ID, HOST, OTHER_HOST, START, an_event
from tests.integration.service import CREATE, MakeService, Service
from zoom_ops.store.alerts import list_alerts
from zoom_ops.zoom.licences import KINDS

UNKNOWN = "zoom_webinars_ultra"


def licences(service: Service, **policy: Any) -> None:
    """Set the licences of the practice Zoom's hosts."""
    service.zoom.control("POST", "/policy", {"licences": policy})


def alerts(service: Service, kind: str, subject: str | None = EVENT_ID) -> list[str]:
    """List the sentences of the open alerts of a kind."""
    with service.app.database.read() as connection:
        return [str(row.sentence) for row in list_alerts(connection, kinds=(kind,), subject=subject)]


def host_of_webinar(service: Service) -> str:
    """Return the address of the only webinar's host."""
    return str(service.shown()["webinar"]["host"])


@pytest.mark.parametrize("kind", [*KINDS, UNKNOWN])
def test_a_webinar_is_made_whatever_kind_of_licence_the_host_has(service: Service, kind: str) -> None:
    licences(service, kind=kind, capacities=[500, 3000])
    service.add(an_event())
    service.settle()
    assert service.run("create_webinars")["state"] == "done"
    assert host_of_webinar(service) == HOST


def test_a_host_whose_licence_is_unknown_comes_after_a_licensed_one(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST, OTHER_HOST))
    licences(service, of={HOST: UNKNOWN})
    service.add(*(an_event(id=f"talk-{day}", start=start, end=end) for day, start, end in _days(4)))
    service.settle()
    assert {service.shown(f"talk-{day}")["webinar"]["host"] for day in range(4)} == {OTHER_HOST}


def test_a_refused_host_is_passed_over_for_the_next_one(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST, OTHER_HOST))
    service.add(an_event())  # learns the hosts
    service.settle()
    first = host_of_webinar(service)
    other = ({HOST, OTHER_HOST} - {first}).pop()
    licences(service, without=[first])
    service.add(*(an_event(id=f"talk-{day}", start=start, end=end) for day, start, end in _days(6)))
    service.settle()
    assert {service.shown(f"talk-{day}")["webinar"]["host"] for day in range(6)} == {other}
    assert all(service.run("create_webinars", f"talk-{day}")["attempts"] == 1 for day in range(6))


def test_an_unknown_licence_that_zoom_refuses_is_tried_once(service: Service) -> None:
    licences(service, kind=UNKNOWN)
    service.zoom.fault(CREATE, "http", status=400, code=200, message="Webinar plan is missing.", times=9)
    service.add(an_event())
    service.settle()
    run = service.run("create_webinars")
    assert (run["state"], service.zoom.calls().count(CREATE)) == ("failed", 1)
    assert "No host of account" in run["error"]


def test_a_webinar_for_fewer_than_expected_is_noticed(make_service: MakeService) -> None:
    service = make_service(profiles={"large": "capacity = 1000\nlicense_type = 'ZOOM_LARGE'\n"})
    licences(service, reply_capacity=500)
    service.add(an_event(profile="large"))
    service.settle()
    (sentence,) = alerts(service, "capacity_too_small")
    assert "Zoom lets 500 attendees into webinar" in sentence
    assert service.zoom.call("GET", f"/webinars/{service.zoom.webinar()['id']}")["license_type"] == "ZOOM_LARGE"
    assert service.plan().actions == ()


def _days(count: int) -> Any:
    return [(day, START + timedelta(days=day + 1), END + timedelta(days=day + 1)) for day in range(count)]


@pytest.mark.parametrize("how", ["without", "deactivated"])
def test_a_host_that_is_lost_names_its_events_until_it_is_back(service: Service, how: str) -> None:
    service.add(an_event())
    service.settle()
    licences(service, **{how: [HOST]})
    service.tick("report_stray_webinars")
    service.settle()
    (sentence,) = alerts(service, "host_lost", HOST)
    assert f"{EVENT_ID} ({START:%Y-%m-%d})" in sentence

    licences(service, **{how: []})
    service.clock.advance(timedelta(days=1))
    service.tick("report_stray_webinars")
    service.settle()
    assert alerts(service, "host_lost", HOST) == []
