"""The rules of the guard, on both sides of each limit."""

from datetime import timedelta

import pytest

from tests.builders import (
    AMARA,
    NOW,
    START,
    WEBINAR_ID,
    a_bound,
    a_profile,
    a_recording_seen,
    an_event,
    an_observed,
    an_observed_webinar,
    some_seats,
)
from zoom_ops.messages import Kind, as_said
from zoom_ops.messages import plans as say
from zoom_ops.planning import Blocker, Bound, Plan, Precedent, guard_plan, plan

QUARTER = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
LATER = START + timedelta(days=1)


def guarded(made: Plan, *, before: timedelta = timedelta(days=7), bound: Bound | None = None, **precedent: int) -> Plan:
    return guard_plan(made, bound or a_bound(), Precedent(**precedent), START - before)


def cancelling() -> Plan:
    return plan(an_event(status="cancelled"), a_profile(), an_observed_webinar(), NOW)


def moving() -> Plan:
    return plan(an_event(start=LATER, end=LATER + timedelta(hours=1)), a_profile(), an_observed_webinar(), NOW)


@pytest.mark.parametrize(
    ("upcoming", "cancelled", "allowed"),
    [
        (1, 0, True),  # below ten webinars, the share does not count
        (9, 0, True),
        (3, 6, True),
        (10, 0, True),
        (8, 2, True),  # the third of ten
        (7, 3, False),  # the fourth of ten
        (12, 8, False),
        (15, 5, True),  # the sixth of twenty
        (14, 6, False),
        (90, 19, True),
        (71, 29, True),  # the thirtieth of a hundred
        (70, 30, False),
    ],
)
def test_guard_lets_three_webinars_in_ten_be_cancelled_within_an_hour(
    upcoming: int, cancelled: int, allowed: bool
) -> None:
    made = guarded(cancelling(), upcoming=upcoming, cancelled=cancelled)

    assert bool(made.actions) is allowed
    assert bool(made.refused) is not allowed


def test_guard_says_how_many_would_be_cancelled() -> None:
    made = guarded(cancelling(), upcoming=7, cancelled=3)

    assert made.refused == (say.MANY_WOULD_END(cancelled=4, upcoming=10),)


@pytest.mark.parametrize(
    ("before", "allowed"),
    [(QUARTER + SECOND, True), (QUARTER, False), (timedelta(), False), (-QUARTER, False), (-QUARTER - SECOND, True)],
)
@pytest.mark.parametrize("made", [cancelling(), moving()], ids=["cancel", "move"])
def test_guard_keeps_a_webinar_as_it_is_around_its_start(made: Plan, before: timedelta, allowed: bool) -> None:
    assert bool(guarded(made, before=before).actions) is allowed


def test_guard_weighs_the_start_at_zoom_not_the_one_it_is_moved_to() -> None:
    soon = an_event(start=NOW + timedelta(minutes=5), end=NOW + timedelta(hours=2))

    made = guard_plan(plan(soon, a_profile(), an_observed_webinar(), NOW), a_bound(), Precedent(), NOW)

    assert [action.kind for action in made.actions] == ["UpdateWebinar"]


@pytest.mark.parametrize(
    ("made", "why"),
    [(cancelling(), say.LIVE_WOULD_END), (moving(), say.LIVE_WOULD_CHANGE)],
    ids=["cancel", "move"],
)
def test_guard_keeps_a_live_webinar_as_it_is(made: Plan, why: Kind) -> None:
    held = guarded(made, bound=a_bound(live=True))

    assert held.actions == ()
    assert [each.kind for each in held.refused] == [why]


def test_guard_names_what_would_change() -> None:
    made = guarded(moving(), before=QUARTER)

    assert made.refused == (say.SOON_WOULD_CHANGE(webinar=WEBINAR_ID, fields=("duration", "start")),)


def test_guard_lets_words_change_and_people_be_seated_while_live() -> None:
    observed = an_observed_webinar(bound=a_bound(live=True), seats=some_seats(an_event(performers=(AMARA,))))
    made = plan(an_event(name="Tides of Today", description="At last."), a_profile(), observed, START)

    held = guard_plan(made, observed.bound, Precedent(), START)

    assert [action.kind for action in held.actions] == ["UpdateWebinar", "AddPanelists"]
    assert held == made


def test_guard_lets_a_webinar_be_created_at_any_time() -> None:
    made = plan(an_event(), a_profile(), an_observed(), START)

    assert guard_plan(made, None, Precedent(upcoming=50, cancelled=40), START) == made


def test_guard_refuses_only_what_is_unsafe() -> None:
    observed = an_observed_webinar(recordings=(a_recording_seen(),))
    made = plan(an_event(status="cancelled"), a_profile(), observed, NOW)
    made = made.model_copy(update={"blockers": (Blocker(about="recording", message=as_said("It waits.")),)})

    held = guarded(made, before=QUARTER)

    assert [action.kind for action in held.actions] == ["PublishRecording"]
    assert [(blocker.about, blocker.refused) for blocker in held.blockers] == [("recording", False), ("webinar", True)]
