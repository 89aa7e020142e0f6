"""Webinars of others on our hosts: no event is put on top of them, and who shares a host is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.builders import ACCOUNT, AN_OPERATOR, EVENT_ID, HOST, OTHER_HOST, START, an_event
from tests.integration.service import CREATE, LIST, MakeService, Service
from zoom_ops.operations.admin.accounts import pause_account
from zoom_ops.operations.views.hosts import HostFilter, describe_host, show_hosts
from zoom_ops.store.alerts import list_alerts

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


def by_hand(service: Service, start: datetime | None = START, host: str = HOST, **changes: Any) -> int:
    """Let somebody make a webinar in Zoom's portal."""
    body = {"topic": "Board", "type": 5, "duration": 60, **changes}
    if start:
        body["start_time"] = f"{start:%Y-%m-%dT%H:%M:%SZ}"
    return int(service.zoom.call("POST", f"/users/{host}/webinars", body)["id"])


def alerts(service: Service, kind: str) -> list[str]:
    """List the sentences of the open alerts of a kind."""
    with service.app.database.read() as connection:
        return [str(row.sentence) for row in list_alerts(connection, kinds=(kind,))]


def foreign(service: Service) -> list[dict[str, Any]]:
    """List the foreign webinars of the first host, as `zoom-ops hosts --json` does."""
    (host, *_) = show_hosts(service.context, HostFilter())
    return list(describe_host(host)["foreign"])


def test_an_event_takes_the_host_that_no_foreign_webinar_takes(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST, OTHER_HOST))
    by_hand(service)
    service.add(an_event())
    service.settle()
    assert service.shown()["webinar"]["host"] == OTHER_HOST


def test_an_event_waits_where_foreign_webinars_take_all_hosts(service: Service) -> None:
    number = by_hand(service)
    service.add(an_event())
    service.settle()
    run = service.run("create_webinars")
    assert run["state"] == "waiting"
    assert "1 taken by a webinar at Zoom that is not ours (Board)" in run["error"]

    service.zoom.call("DELETE", f"/webinars/{number}")
    service.settle()
    service.later(timedelta(minutes=16))
    assert service.run("create_webinars")["state"] == "done"


@pytest.mark.parametrize("gap", [timedelta(minutes=14), timedelta(minutes=15)])
def test_the_buffer_counts_before_a_foreign_webinar(service: Service, gap: timedelta) -> None:
    by_hand(service, an_event().end + gap)
    service.add(an_event())
    service.settle()
    assert service.run("create_webinars")["state"] == ("done" if gap == timedelta(minutes=15) else "waiting")


def test_every_date_of_a_foreign_series_takes_its_time(service: Service) -> None:
    weekly = {"type": 1, "repeat_interval": 7, "end_times": 5}
    by_hand(service, START, type=9, recurrence=weekly)
    service.add(an_event(start=START + WEEK, end=START + WEEK + HOUR))
    with service.calls() as calls:
        service.settle()
    assert service.run("create_webinars")["state"] == "waiting"
    assert (calls.count("GET /webinars/*"), calls.count(LIST)) == (1, 1)

    with service.calls() as later:
        service.later(2 * HOUR)
    assert (later.count("GET /webinars/*"), later.count(LIST)) == (0, 1)  # the dates are kept


def test_a_foreign_webinar_without_a_fixed_time_takes_none(service: Service) -> None:
    number = by_hand(service, None, type=6)
    service.add(an_event())
    service.settle()
    assert service.run("create_webinars")["state"] == "done"
    assert foreign(service) == [{"webinar": number, "topic": "Board", "times": []}]


def test_a_list_is_read_once_an_hour_whatever_is_created(service: Service) -> None:
    with service.calls() as calls:
        for day in range(4):
            service.add(an_event(id=f"talk-{day}", start=START + day * WEEK, end=START + day * WEEK + HOUR))
            service.settle()
    assert (calls.count(LIST), calls.count(CREATE)) == (1, 4)

    with service.calls() as calls:
        service.later(HOUR + timedelta(minutes=1))
        service.add(an_event(id="talk-9", start=START + 9 * WEEK, end=START + 9 * WEEK + HOUR))
        service.settle()
    assert calls.count(LIST) == 1


def test_a_webinar_that_zoom_notifies_of_is_seen_at_once(service: Service) -> None:
    service.add(an_event(id="first", start=START + WEEK, end=START + WEEK + HOUR))
    service.settle()
    by_hand(service)
    service.await_notifications()
    service.add(an_event())
    service.settle()
    assert service.run("create_webinars")["state"] == "waiting"


def test_who_shares_a_host_after_all_is_told_until_one_moves(service: Service) -> None:
    service.add(an_event())
    service.settle()
    service.stop_hearing()
    number = by_hand(service)
    service.tick("report_stray_webinars")
    service.settle()
    (sentence,) = alerts(service, "host_shared")
    assert f"{service.shown()['webinar']['id']}" in sentence
    assert f"{number} (Board" in sentence
    assert service.plan().notices == ((EVENT_ID, sentence),)

    service.zoom.call("DELETE", f"/webinars/{number}")
    service.clock.advance(timedelta(days=1))
    service.tick("report_stray_webinars")
    service.settle()
    assert alerts(service, "host_shared") == []


def test_a_list_that_zoom_refuses_holds_nothing_back(service: Service) -> None:
    service.zoom.fault(LIST, "http", status=400, code=4711, message="Invalid access token, does not contain scopes")
    service.add(an_event())
    service.settle()
    assert service.run("create_webinars")["state"] == "done"


def test_a_list_that_fails_for_a_while_is_read_later(service: Service) -> None:
    service.zoom.fault(LIST, "http", status=503)
    service.add(an_event())
    service.settle()
    assert CREATE not in service.zoom.calls()
    service.later(timedelta(minutes=1))
    assert service.run("create_webinars")["state"] == "done"


def test_a_list_is_asked_for_once_in_a_look_at_many_events(service: Service) -> None:
    service.add(
        *(an_event(id=f"talk-{day}", start=START + day * WEEK, end=START + day * WEEK + HOUR) for day in range(3))
    )
    service.plan()
    pause_account(service.context, ACCOUNT, "Zoom moves us.", AN_OPERATOR)
    service.clock.advance(2 * HOUR)

    with capture_logs() as logs:
        plan = service.plan()

    assert [entry["event"] for entry in logs] == ["host_list_refused"]
    assert len(plan.actions) == 3


def test_an_adopted_webinar_is_foreign_no_more(service: Service) -> None:
    number = by_hand(service)
    service.add(an_event())
    service.settle()
    assert [row["webinar"] for row in foreign(service)] == [number]
    service.adopt(number)
    service.settle()
    assert (foreign(service), alerts(service, "host_shared")) == ([], [])


def test_webinars_of_another_installation_are_foreign(service: Service) -> None:
    by_hand(service, agenda=f"Text\n\nReference: zoom_ops/elsewhere/{EVENT_ID}")
    service.add(an_event())
    service.settle()
    assert service.run("create_webinars")["state"] == "waiting"
    assert ACCOUNT in service.context.gateways
