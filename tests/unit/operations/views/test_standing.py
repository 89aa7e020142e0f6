"""The phase of an event at each time, and the one action that its page offers then."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import AGENDA, END, NOW, RECORDING_EXPECTED, START, a_publication, an_event
from zoom_ops.access import VISITOR, LiveStatus, Reader, Shown, show_event
from zoom_ops.operations.views.standing import (
    JOIN_OPENS,
    LONGEST_OVERRUN,
    PrimaryAction,
    choose_action,
    next_update,
    phase_of,
)

A_MOMENT = timedelta(microseconds=1)
OPENS, OVERRUN = START - JOIN_OPENS, END + LONGEST_OVERRUN
DUE = END + timedelta(hours=3)
MEMBER = Reader(role="member")
UNKNOWN = LiveStatus(recording_due=DUE)
LOCKED = RECORDING_EXPECTED.model_copy(update={"visibility": "members", "title_shown": True})
RECORDED = (a_publication(),)


def shown(live_status: LiveStatus = UNKNOWN, reader: Reader = VISITOR, published: Any = (), **changes: Any) -> Shown:
    return show_event(an_event(**changes), published, reader, live_status)


def live_status(**changes: Any) -> LiveStatus:
    return LiveStatus(**{"recording_due": DUE} | changes)


@pytest.mark.parametrize(
    ("status", "now", "phase"),
    [
        (live_status(), START - A_MOMENT, "upcoming"),
        (live_status(), START, "live"),
        (live_status(), END - A_MOMENT, "live"),
        (live_status(), END, "ended"),
        (live_status(live=True), START - A_MOMENT, "upcoming"),  # people practise
        (live_status(live=True), END, "live"),  # it runs over
        (live_status(live=True), OVERRUN - A_MOMENT, "live"),
        (live_status(live=True), OVERRUN, "ended"),  # no notification reported the end
        (live_status(over=True), START - A_MOMENT, "upcoming"),
        (live_status(over=True), END - A_MOMENT, "ended"),  # earlier than planned
    ],
)
def test_phase_follows_the_clock_and_what_zoom_tells(status: LiveStatus, now: datetime, phase: str) -> None:
    assert phase_of(shown(status), now) == phase


BEFORE = [
    ("none", NOW, "calendar"),
    ("none", START - A_MOMENT, "calendar"),
    ("none", START, "none"),
    ("invitation", OPENS - A_MOMENT, "calendar"),
    ("invitation", OPENS, "invited"),
    ("invitation", END - A_MOMENT, "invited"),
    ("registration", NOW, "register"),
    ("registration", END - A_MOMENT, "register"),
    ("join", OPENS - A_MOMENT, "calendar"),
    ("join", OPENS, "join"),
    ("join", END - A_MOMENT, "join"),
]


@pytest.mark.parametrize(("entrance", "now", "kind"), BEFORE)
def test_action_before_the_end_follows_time_and_entrance(entrance: Any, now: datetime, kind: Any) -> None:
    assert choose_action(shown(live_status(entrance=entrance)), now) == PrimaryAction(kind=kind)


@pytest.mark.parametrize("status", ["scheduled", "rescheduled", "cancelled", "postponed"])
@pytest.mark.parametrize("now", [NOW, OPENS, START, END, DUE])
def test_event_that_is_off_offers_nothing(status: str, now: datetime) -> None:
    offered = choose_action(shown(live_status(entrance="join"), status=status), now).kind

    assert (offered == "none") == (status in ("cancelled", "postponed"))


@pytest.mark.parametrize(
    ("status", "now", "action"),
    [
        (UNKNOWN, END, PrimaryAction(kind="expected", due=DUE)),
        (UNKNOWN, DUE - A_MOMENT, PrimaryAction(kind="expected", due=DUE)),
        (UNKNOWN, DUE, PrimaryAction(kind="expected")),  # it is late: no time is promised again
        (LiveStatus(), END, PrimaryAction(kind="ended")),  # it is not recorded
        (live_status(live=True, entrance="join"), END, PrimaryAction(kind="join")),  # it runs over
        (live_status(over=True, entrance="join"), END - A_MOMENT, PrimaryAction(kind="expected", due=DUE)),
    ],
)
def test_action_after_the_end_waits_for_the_recording(status: LiveStatus, now: datetime, action: PrimaryAction) -> None:
    assert choose_action(shown(status), now) == action


def test_event_without_a_recording_to_come_has_ended() -> None:
    assert choose_action(shown(attachments=(AGENDA,)), END) == PrimaryAction(kind="ended")


@pytest.mark.parametrize("status", ["scheduled", "rescheduled", "cancelled", "postponed"])
@pytest.mark.parametrize("now", [NOW, START, END, DUE])
def test_recording_is_there_to_be_watched_whenever_and_whatever_became_of_the_event(status: str, now: datetime) -> None:
    event = shown(live_status(entrance="join"), published=RECORDED, status=status)

    assert choose_action(event, now) == PrimaryAction(kind="watch")


@pytest.mark.parametrize(
    ("reader", "attachments", "action"),
    [
        (VISITOR, (LOCKED,), PrimaryAction(kind="watch", locked=True)),
        (MEMBER, (LOCKED,), PrimaryAction(kind="watch")),
        (VISITOR, (LOCKED.model_copy(update={"title_shown": False}),), PrimaryAction(kind="ended")),
    ],
)
def test_recording_for_members_is_offered_to_whom_it_is_shown(
    reader: Reader, attachments: Any, action: PrimaryAction
) -> None:
    assert choose_action(shown(reader=reader, published=RECORDED, attachments=attachments), END) == action


def test_recording_for_members_that_is_to_come_is_expected_by_whoever_knows_of_it() -> None:
    assert choose_action(shown(attachments=(LOCKED,)), END) == PrimaryAction(kind="expected", due=DUE)


@pytest.mark.parametrize("entrance", ["join", "registration"])
def test_webinar_for_members_is_locked_to_visitors(entrance: Any) -> None:
    status = live_status(entrance=entrance, visibility="members")

    assert choose_action(shown(status), START).locked
    assert not choose_action(shown(status, MEMBER), START).locked


def test_event_turns_when_it_opens_begins_ends_and_when_its_recording_is_late() -> None:
    moments = [NOW]
    while moment := next_update(shown(), moments[-1]):
        moments.append(moment)

    assert moments[1:] == [OPENS, START, END, OVERRUN, DUE]
