"""Panelists whose addresses Zoom withholds: nobody loses a seat, nobody is invited twice."""

from datetime import timedelta

import pytest

from tests.builders import AMARA, EVENT_ID, JONAS, MEI, an_event
from tests.integration.service import SEAT, SETTLED, UNSEAT, Service
from zoom_ops.store.webinars import load_seats

BOTH = sorted([AMARA.email or "", JONAS.email or ""])


def _withhold(service: Service, emails: object = True) -> None:
    service.zoom.control("POST", "/policy", {"people": {"blank_emails": emails}})


def _seats(service: Service) -> list[tuple[str, bool, bool]]:
    with service.app.database.read() as connection:
        return [(row.email, row.ours, bool(row.panelist_id)) for row in load_seats(connection, EVENT_ID)]


@pytest.mark.parametrize("emails", [True, "guests", [JONAS.email]])
def test_a_daily_look_at_withheld_addresses_invites_nobody_again(service: Service, emails: object) -> None:
    _withhold(service, emails)
    service.add()
    service.settle()

    for _ in range(3):
        service.clock.advance(timedelta(hours=25))
        service.tick()
        service.settle()

    assert service.zoom.invitations() == BOTH
    assert _seats(service) == [(email, True, True) for email in BOTH]


def test_an_unknown_row_unseats_nobody(service: Service) -> None:
    service.add()
    service.settle()
    number = service.zoom.webinar()["id"]
    service.zoom.call("DELETE", f"/webinars/{number}/panelists/{JONAS.email}")
    guest = {"panelists": [{"email": "someone@example.org", "name": "Someone Else"}]}
    service.zoom.call("POST", f"/webinars/{number}/panelists", guest)
    _withhold(service, "guests")

    service.clock.advance(timedelta(hours=25))
    service.tick()
    service.settle()

    assert (JONAS.email, True, True) in _seats(service)


def test_a_speaker_who_is_gone_is_seated_again_where_every_row_is_known(service: Service) -> None:
    service.add()
    service.settle()
    _withhold(service)
    service.zoom.call("DELETE", f"/webinars/{service.zoom.webinar()['id']}/panelists/{JONAS.email}")

    service.clock.advance(timedelta(hours=25))
    service.tick()
    service.settle()
    service.ask("register_panelists", EVENT_ID)

    assert service.zoom.panelists() == BOTH


@pytest.mark.parametrize("arrives", [True, False])
def test_a_lost_answer_is_looked_up_by_name(service: Service, arrives: bool) -> None:
    _withhold(service)
    service.add()
    service.zoom.fault(SEAT, "drop_response", after_commit=arrives)

    service.settle()
    service.later(SETTLED + timedelta(seconds=1))

    assert service.zoom.invitations() == BOTH
    assert [row[:2] for row in _seats(service)] == [(email, True) for email in BOTH]


def test_a_lost_answer_that_cannot_be_told_waits_for_a_person(service: Service) -> None:
    service.add()
    service.settle()
    number = service.zoom.webinar()["id"]
    service.zoom.call(
        "POST", f"/webinars/{number}/panelists", {"panelists": [{"email": "guest@example.org", "name": "A Guest"}]}
    )
    _withhold(service)
    service.zoom.fault(SEAT, "drop_response", after_commit=False)

    service.change(performers=(AMARA, JONAS, MEI))
    service.settle()
    service.later(SETTLED + timedelta(seconds=1))

    run = service.run("register_panelists")
    assert run["state"] == "parked"
    assert "so whether 1 person" in run["error"]
    assert MEI.email not in service.zoom.panelists()


def test_a_removed_panelist_whose_answer_was_lost_is_not_forgotten(service: Service) -> None:
    service.add()
    service.settle()
    _withhold(service)
    service.zoom.fault(UNSEAT, "drop_response", after_commit=False)

    service.change(performers=(AMARA,))
    service.settle()
    service.later(SETTLED + timedelta(seconds=1))

    assert service.zoom.panelists() == [AMARA.email]


def test_an_adopted_webinar_keeps_its_panelists_of_withheld_addresses(service: Service) -> None:
    made = service.zoom.call("POST", "/users/webinars@example.org/webinars", {"topic": "By hand", "type": 5})
    people = [{"email": person.email, "name": person.name} for person in (AMARA, JONAS)]
    service.zoom.call("POST", f"/webinars/{made['id']}/panelists", {"panelists": people})
    _withhold(service)
    service.write(an_event())

    service.adopt(made["id"])
    service.settle()

    assert service.zoom.invitations() == BOTH
