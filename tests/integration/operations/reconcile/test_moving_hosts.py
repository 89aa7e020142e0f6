"""Moves of events to other hosts: shown first, refused where they cannot be, and never two webinars in silence."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import AMARA, AN_OPERATOR, EVENT_ID, HOST, JONAS, OTHER_HOST, START, an_event
from tests.integration.service import CONFIG, CREATE, DELETE, LISTED, SEAT, MakeService, Service
from zoom_ops.errors import ParkedError
from zoom_ops.operations.events.orders.moving import Move, move_host, plan_move
from zoom_ops.operations.views.events import timeline
from zoom_ops.operations.views.impact import impact_of_plan
from zoom_ops.store.alerts import list_alerts
from zoom_ops.store.audit import AuditFilter, iter_audit
from zoom_ops.store.webinars import find_booking

DEFAULT = (CONFIG / "profiles" / "default.toml").read_text()
INVITED = sorted([AMARA.email or "", JONAS.email or ""])
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
BOTH_HOSTS = {HOST, OTHER_HOST}


def planned(make_service: MakeService, **how: Any) -> tuple[Service, str, str]:
    """Return a service with an event that has its webinar; the host of that, and the other host."""
    service = make_service(hosts=(HOST, OTHER_HOST), **how)
    service.add()
    service.settle()
    host = str(service.shown()["webinar"]["host"])
    return service, host, (BOTH_HOSTS - {host}).pop()


def preview(service: Service, host: str) -> Move:
    """Return what the move of the event would do."""
    return plan_move(service.context, EVENT_ID, host)


def order(service: Service, host: str) -> None:
    """Order the move of the event."""
    move_host(service.context, EVENT_ID, host, AN_OPERATOR)


def told(service: Service, move: Move) -> str:
    """Return all that the operator reads of a move."""
    return " ".join([*impact_of_plan(service.context, move.actions).sentences, *move.notes])


def alerted(service: Service, kind: str = "webinar_stray") -> list[str]:
    """List the sentences of the open alerts of a kind."""
    with service.app.database.read() as connection:
        return [str(row.sentence) for row in list_alerts(connection, kinds=(kind,))]


def booked(service: Service) -> str:
    """Return the host whose time the event takes."""
    with service.app.database.read() as connection:
        booking = find_booking(connection, EVENT_ID)
    return booking[0] if booking else ""


def assert_moved(service: Service, host: str, old: int) -> None:
    """Assert that the event has one webinar, on this host, and that everybody was invited to it once."""
    webinar = service.zoom.webinar()
    assert (webinar["id"] != old, webinar["host"]) == (True, host)
    shown = service.shown()["webinar"]
    assert (shown["id"], shown["host"]) == (webinar["id"], host)
    assert (service.zoom.panelists(), service.zoom.invitations()) == (INVITED, INVITED)
    assert booked(service) == host
    assert service.plan().actions == ()
    assert alerted(service) == []


def test_a_preview_says_what_is_done_and_whom_zoom_mails_and_does_nothing(make_service: MakeService) -> None:
    service, host, other = planned(make_service)
    old = service.zoom.webinar()["id"]

    with service.calls() as calls:
        sentences = told(service, preview(service, other))
        service.settle()

    assert f"Creates a webinar on {other}, then seats 2 people in it, whom Zoom mails an invitation." in sentences
    assert f"Deletes webinar {old} at Zoom, which mails its 2 panelists and whoever has registered." in sentences
    assert "Mails 2 people and whoever has registered for 1 webinar." in sentences or "Mails" not in sentences
    assert [call for call in calls if not call.startswith("GET")] == []
    assert service.shown()["webinar"]["host"] == host
    assert service.plan().actions == ()


@pytest.mark.both_databases
def test_a_move_creates_first_and_deletes_then_and_is_in_timeline_and_audit(make_service: MakeService) -> None:
    service, host, other = planned(make_service)
    old = service.zoom.webinar()["id"]

    with service.calls() as calls:
        order(service, other)
        service.settle()

    assert [call for call in calls if call in (CREATE, DELETE, SEAT)] == [CREATE, DELETE, SEAT]
    assert_moved(service, other, old)
    told_of = [line["sentence"] for line in timeline(service.app.database, EVENT_ID)]
    new = service.zoom.webinar()["id"]
    assert f"Webinar {new} was created on {other}, in place of webinar {old} of {host}." in told_of
    assert f"Webinar {old} of {host} was deleted, since the event has moved." in told_of
    with service.app.database.read() as connection:
        (entry,) = iter_audit(connection, AuditFilter(what="move_ordered"))
    assert (entry.detail["host"], entry.detail["webinar"]) == (other, old)


def test_an_event_moves_back_and_forth(make_service: MakeService) -> None:
    service, host, other = planned(make_service)
    for target in (other, host, other):
        old = service.zoom.webinar()["id"]
        order(service, target)
        service.settle()
        assert_moved(service, target, old)


@pytest.mark.parametrize("call", [CREATE, DELETE])
@pytest.mark.parametrize("committed", [True, False])
def test_a_lost_answer_leaves_one_webinar(make_service: MakeService, call: str, committed: bool) -> None:
    service, _, other = planned(make_service)
    old = service.zoom.webinar()["id"]
    service.zoom.fault(call, "drop_response", after_commit=committed)

    order(service, other)
    service.settle()
    for _ in range(3):
        service.later(LISTED + SECOND)

    assert_moved(service, other, old)


def test_an_old_webinar_that_zoom_does_not_delete_is_an_alert_until_it_is_gone(make_service: MakeService) -> None:
    service, host, other = planned(make_service)
    old = service.zoom.webinar()["id"]
    service.zoom.fault(DELETE, "http", times=None, status=400, code=3000, message="The webinar cannot be deleted.")

    order(service, other)
    service.settle()

    (sentence,) = alerted(service)
    assert f"its former webinar {old} of {host} is still there" in sentence
    assert service.run("create_webinars")["state"] == "parked"
    with pytest.raises(ParkedError, match=f"webinar {old} of {host} is still to be deleted"):
        preview(service, host)

    service.zoom.mend()
    service.apply(EVENT_ID)
    service.settle()
    assert_moved(service, other, old)


def test_a_cancelled_event_leaves_neither_webinar(make_service: MakeService) -> None:
    service, _, other = planned(make_service)
    service.zoom.fault(DELETE, "http", status=400, code=3000, message="The webinar cannot be deleted.")
    order(service, other)
    service.settle()
    assert len(service.zoom.webinars()) == 2

    service.cancel()
    service.settle()

    assert service.zoom.webinars() == []


def test_an_adoption_ends_an_order(make_service: MakeService) -> None:
    """The former webinar, adopted again, is not deleted."""
    service, host, other = planned(make_service)
    old = service.zoom.webinar()["id"]
    service.zoom.fault(DELETE, "http", times=None, status=400, code=3000, message="The webinar cannot be deleted.")
    order(service, other)
    service.settle()
    service.zoom.mend()

    service.adopt(old)
    service.settle()
    service.tick()
    service.settle()

    assert (service.shown()["webinar"]["id"], service.shown()["webinar"]["host"]) == (old, host)
    assert len(service.zoom.webinars()) == 2
    assert len(alerted(service)) == 1


def licences(service: Service, **policy: Any) -> None:
    """Set the licences of the practice Zoom's hosts, and let what is known of them grow old."""
    service.zoom.control("POST", "/policy", {"licences": policy})
    service.later(DAY + HOUR)


def test_moves_that_cannot_be_are_refused_with_the_reason(make_service: MakeService) -> None:
    service, host, other = planned(make_service)
    with pytest.raises(ParkedError, match=f"{EVENT_ID} has its webinar on {host} already"):
        preview(service, host)
    with pytest.raises(ParkedError, match=r"elsewhere@example\.org is not in the pool of account main"):
        preview(service, "elsewhere@example.org")

    service.use_up(other, 100)
    with pytest.raises(ParkedError, match=f"{other} cannot take the event: it is out of changes for today"):
        preview(service, other)
    licences(service, without=[other])
    with pytest.raises(ParkedError, match=f"{other} cannot take the event: it is without a webinar licence"):
        preview(service, other)
    licences(service, without=[], deactivated=[other])
    with pytest.raises(ParkedError, match=f"{other} cannot take the event: it is deactivated at Zoom"):
        preview(service, other)
    assert service.plan().actions == ()


def test_a_host_with_another_event_or_a_webinar_of_others_cannot_take_one(make_service: MakeService) -> None:
    service, _, other = planned(make_service)
    service.add(an_event(id="another"))
    service.settle()
    with pytest.raises(ParkedError, match=f"{other} cannot take the event: it is taken by “Tides of Tomorrow”"):
        preview(service, other)

    service.cancel("another")
    service.settle()
    theirs = {"topic": "Theirs", "type": 5, "start_time": f"{START:%Y-%m-%dT%H:%M:%SZ}", "duration": 60}
    service.zoom.call("POST", f"/users/{other}/webinars", theirs)
    service.later(HOUR + SECOND)
    with pytest.raises(ParkedError, match=r"it is taken by a webinar at Zoom that is not ours \(Theirs\)"):
        preview(service, other)


def test_a_live_or_cancelled_event_stays_and_one_that_begins_soon_too(make_service: MakeService) -> None:
    service, _, other = planned(make_service)
    service.clock.advance(START - service.clock.now() - timedelta(minutes=10))
    with pytest.raises(ParkedError, match="starts or started within 15 minutes; the event would move"):
        preview(service, other)

    service.clock.advance(timedelta(minutes=12))
    with pytest.raises(ParkedError, match="is live or over"):
        preview(service, other)

    service.cancel()
    with pytest.raises(ParkedError, match="has no webinar, so it has no host"):
        preview(service, other)


def test_a_host_that_loses_its_licence_meanwhile_keeps_the_event_where_it_is(make_service: MakeService) -> None:
    service, host, other = planned(make_service)
    old = service.zoom.webinar()["id"]
    order(service, other)
    service.zoom.control("POST", "/policy", {"licences": {"without": [other]}})
    service.settle()

    assert service.zoom.webinar()["id"] == old
    assert booked(service) == host
    run = service.run("create_webinars")
    assert run["state"] == "parked"
    assert f"The event stays on {host}" in run["error"]
    assert f"zoom-ops events move {EVENT_ID} --host {host}" in run["error"]

    order(service, host)
    service.settle()
    assert (service.plan().refused, service.plan().actions) == ((), ())
    assert "move_taken_back" in service.happened()


def test_a_move_tells_of_the_cancellation_only_as_the_profile_says(make_service: MakeService) -> None:
    profile = DEFAULT.replace("approval_type = 2", "approval_type = 0")
    profile = f"tell_people_of_cancellation = false\n{profile}"
    service, _, other = planned(make_service, profiles={"default": profile})
    old = service.zoom.webinar()["id"]

    sentences = told(service, preview(service, other))

    assert f"Deletes webinar {old} at Zoom. Nobody is mailed." in sentences
    assert f"Whoever has registered for webinar {old} has to register again" in sentences
    order(service, other)
    service.settle()
    assert service.zoom.webinar()["host"] == other
