"""Moves of webinars: whom Zoom tells, and invitations that are sent again."""

from datetime import timedelta

import pytest

from tests.builders import AMARA, AN_OPERATOR, END, EVENT_ID, JONAS, START
from tests.integration.service import CONFIG, SEAT, SETTLED, UNSEAT, MakeService, Service
from zoom_ops.errors import ParkedError
from zoom_ops.operations.events.orders.resending import plan_resend, resend_invitations
from zoom_ops.operations.views.impact import impact_of_plan

BOTH = sorted([AMARA.email or "", JONAS.email or ""])
DEFAULT = (CONFIG / "profiles" / "default.toml").read_text()
LATER = {"start": START + timedelta(days=1), "end": END + timedelta(days=1), "display_times": ()}


def test_a_move_says_that_panelists_hold_the_old_time(service: Service) -> None:
    service.add()
    service.settle()
    moved = service.event().model_copy(update=LATER)
    service.write(moved)

    (sentence,) = impact_of_plan(service.context, service.plan().actions).sentences

    assert "2 panelists hold invitations with the old time" in sentence
    assert f"zoom-ops events resend {EVENT_ID}" in sentence
    service.change(**LATER)
    service.settle()
    assert (service.zoom.invitations(), service.zoom.webinar()["registrants_told"]) == (BOTH, [])


@pytest.mark.parametrize("tells", [True, False])
def test_registrants_are_told_of_a_move_as_the_profile_says(make_service: MakeService, tells: bool) -> None:
    profile = DEFAULT.replace("approval_type = 2", "approval_type = 0")
    if not tells:
        profile = profile.replace("tell_registrants_of_moves = true", "tell_registrants_of_moves = false")
    service = make_service(profiles={"default": profile})
    service.add()
    service.settle()
    service.change(description="Another text.")
    service.settle()
    service.change(**LATER)
    service.settle()
    assert service.zoom.webinar()["registrants_told"] == [tells]


def test_a_profile_may_send_new_invitations_after_a_move(make_service: MakeService) -> None:
    profile = DEFAULT.replace('tell_panelists_of_moves = "no"', 'tell_panelists_of_moves = "resend"')
    service = make_service(profiles={"default": profile})
    service.add()
    service.settle()
    service.change(**LATER)
    service.settle()
    assert (service.zoom.panelists(), service.zoom.invitations()) == (BOTH, sorted(BOTH * 2))
    assert service.plan().actions == ()


def test_resend_names_whom_it_mails_and_mails_each_once(service: Service) -> None:
    service.add()
    service.settle()
    guest = {"panelists": [{"email": "guest@example.org", "name": "A Guest"}]}
    service.zoom.call("POST", f"/webinars/{service.zoom.webinar()['id']}/panelists", guest)
    service.later(timedelta(hours=25))
    service.tick()
    service.settle()

    planned = plan_resend(service.context, EVENT_ID)
    assert (planned.names, planned.others) == (("Amara Diallo", "Jonas Lindqvist"), 1)
    assert service.zoom.invitations() == sorted([*BOTH, "guest@example.org"])

    for _ in range(2):
        resend_invitations(service.context, EVENT_ID, AN_OPERATOR)
    service.settle()
    service.tick()
    service.settle()

    assert service.zoom.invitations() == sorted([*BOTH, *BOTH, "guest@example.org"])
    assert service.zoom.panelists() == sorted([*BOTH, "guest@example.org"])
    assert service.plan().actions == ()


@pytest.mark.parametrize("call", [UNSEAT, SEAT])
@pytest.mark.parametrize("arrives", [True, False])
def test_a_resend_that_broke_leaves_nobody_unseated(service: Service, call: str, arrives: bool) -> None:
    service.add()
    service.settle()
    service.zoom.fault(call, "drop_response", after_commit=arrives)
    resend_invitations(service.context, EVENT_ID, AN_OPERATOR)

    service.settle()
    service.later(SETTLED + timedelta(seconds=1))

    assert (service.zoom.panelists(), service.zoom.invitations()) == (BOTH, sorted(BOTH * 2))


def test_the_next_turn_seats_whoever_is_missing_after_a_resend(service: Service) -> None:
    service.add()
    service.settle()
    service.zoom.fault(SEAT, "http", status=400, code=200, message="No permission.")
    resend_invitations(service.context, EVENT_ID, AN_OPERATOR)
    service.settle()
    assert service.zoom.panelists() == []

    service.clock.advance(timedelta(hours=2))
    service.tick()
    service.settle()

    assert (service.zoom.panelists(), service.zoom.invitations()) == (BOTH, sorted(BOTH * 2))


def test_a_resend_that_would_mail_nobody_is_refused(service: Service) -> None:
    service.add()
    with pytest.raises(ParkedError, match="has no webinar"):
        plan_resend(service.context, EVENT_ID)
    service.settle()
    service.clock.advance(START - service.clock.now() + timedelta(minutes=5))
    with pytest.raises(ParkedError, match="live or over"):
        resend_invitations(service.context, EVENT_ID, AN_OPERATOR)


def test_speakers_carry_role_and_organization(service: Service) -> None:
    service.add()
    service.settle()
    tags = {
        row["email"]: (row["name_tag_name"], row["name_tag_description"]) for row in service.zoom.webinar()["panelists"]
    }
    assert tags[JONAS.email] == ("Jonas Lindqvist", "Professor of Oceanography, University of the Sound")

    service.change(performers=(AMARA, JONAS.model_copy(update={"role": "Dean"})))
    service.settle()
    assert service.zoom.invitations() == BOTH

    resend_invitations(service.context, EVENT_ID, AN_OPERATOR)
    service.settle()
    (row,) = [row for row in service.zoom.webinar()["panelists"] if row["email"] == JONAS.email]
    assert row["name_tag_description"] == "Dean, University of the Sound"
