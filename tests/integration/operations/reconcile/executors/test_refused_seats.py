"""A seat that Zoom refuses holds up nobody else, and a full webinar is told as such."""

import math
from datetime import timedelta

import pytest

from tests.builders import AMARA, EVENT_ID, JONAS, MEI, a_performer, an_event
from tests.integration.operations.reconcile.test_notices import open_alerts
from tests.integration.service import SEAT, SETTLED, Service
from zoom_ops.events import Performer

JONAS_MAIL = JONAS.email or ""


def _rules(service: Service, **people: object) -> None:
    service.zoom.control("POST", "/policy", {"people": people})


def _crowd(count: int) -> tuple[Performer, ...]:
    return tuple(a_performer(name=f"Speaker {n}", email=f"speaker{n}@example.org") for n in range(count))


def test_the_others_are_seated_and_the_refused_one_is_noticed(service: Service) -> None:
    _rules(service, refused_emails=[JONAS_MAIL])
    service.add(an_event(performers=(AMARA, JONAS, MEI)))
    service.settle()

    assert service.zoom.panelists() == sorted([AMARA.email or "", MEI.email or ""])
    assert open_alerts(service) == ["seat_refused"]
    ((_, sentence),) = service.plan().notices
    assert "Zoom refuses to seat Jonas Lindqvist (Validation Failed." in sentence
    assert (service.plan().actions, service.run("register_panelists")["state"]) == ((), "done")


@pytest.mark.parametrize("place", [0, 13, 29])
def test_one_bad_seat_of_thirty_costs_few_calls(service: Service, place: int) -> None:
    _rules(service, refused_emails=[f"speaker{place}@example.org"])
    service.add(an_event(performers=_crowd(30)))
    with service.calls() as calls:
        service.settle()

    assert len(service.zoom.panelists()) == 29
    assert len(service.zoom.invitations()) == 29
    assert calls.count(SEAT) <= 1 + 2 * math.ceil(math.log2(30))


def test_zoom_is_not_asked_again_until_the_address_changes(service: Service) -> None:
    _rules(service, refused_emails=[JONAS_MAIL])
    service.add()
    service.settle()
    with service.calls() as calls:
        for _ in range(3):
            service.clock.advance(timedelta(minutes=5))
            service.tick()
            service.settle()
        service.change(description="Another text.")
        service.settle()
    assert SEAT not in calls

    corrected = JONAS.model_copy(update={"email": "jonas@example.org"})
    service.change(performers=(AMARA, corrected))
    service.settle()

    assert service.zoom.panelists() == sorted([AMARA.email or "", "jonas@example.org"])
    assert open_alerts(service) == []


def test_force_asks_again(service: Service) -> None:
    _rules(service, refused_emails=[JONAS_MAIL])
    service.add()
    service.settle()
    with service.calls() as calls:
        service.apply(EVENT_ID, force=True)
    assert calls.count(SEAT) == 1
    _rules(service, refused_emails=[])

    service.apply(EVENT_ID, force=True)

    assert service.zoom.panelists() == sorted([AMARA.email or "", JONAS_MAIL])
    assert (open_alerts(service), len(service.zoom.invitations())) == ([], 2)


def test_a_full_webinar_is_told_and_not_halved(service: Service) -> None:
    _rules(service, most_panelists=1)
    service.add()
    with service.calls() as calls:
        service.settle()

    assert (calls.count(SEAT), service.zoom.panelists()) == (1, [])
    assert open_alerts(service) == ["panelists_full"]
    ((_, sentence),) = service.plan().notices
    assert "has no room for 2 people, who are not seated: Amara Diallo, Jonas Lindqvist." in sentence


def test_a_full_webinar_is_asked_again_once_somebody_left(service: Service) -> None:
    service.add(an_event(performers=(AMARA, JONAS)))
    service.settle()
    _rules(service, most_panelists=2)
    service.change(performers=(AMARA, JONAS, MEI))
    service.settle()
    assert open_alerts(service) == ["panelists_full"]

    service.change(performers=(AMARA, MEI))
    service.settle()

    assert service.zoom.panelists() == sorted([AMARA.email or "", MEI.email or ""])
    assert open_alerts(service) == []


def test_a_refusal_of_the_whole_is_not_halved(service: Service) -> None:
    service.zoom.fault(SEAT, "http", status=400, code=200, message="No permission.", times=9)
    service.add()
    with service.calls() as calls:
        service.settle()
    assert calls.count(SEAT) == 1
    assert "No permission." in service.run("register_panelists")["error"]


def test_a_lost_answer_of_a_half_is_looked_up(service: Service) -> None:
    _rules(service, refused_emails=["speaker3@example.org"])
    service.add(an_event(performers=_crowd(4)))
    service.zoom.fault(SEAT, "http", status=400, code=300, message="Validation Failed.")
    service.zoom.fault(SEAT, "drop_response", after_commit=True)

    service.settle()
    service.later(SETTLED + timedelta(seconds=1))

    assert service.zoom.invitations() == [f"speaker{n}@example.org" for n in range(3)]
    assert open_alerts(service) == ["seat_refused"]
