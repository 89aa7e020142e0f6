"""The plan of an event that an operator moves to another host."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import (
    EVENT_ID,
    HOST,
    NOW,
    OTHER_HOST,
    START,
    WEBINAR_ID,
    a_bound,
    a_host_on_offer,
    a_profile,
    an_event,
    an_observed_webinar,
)
from tests.unit.planning.zoom_model import CREATED_ID, perform
from zoom_ops.messages import plans as say
from zoom_ops.planning import (
    CreateWebinar,
    DeleteOldWebinar,
    LeftWebinar,
    Observed,
    Plan,
    Precedent,
    guard_plan,
    plan,
)


def moving(**bound: Any) -> Observed:
    """Build an event with its webinar on HOST, which an operator moves to OTHER_HOST."""
    return an_observed_webinar(
        bound=a_bound(move_to=OTHER_HOST, **bound), hosts=(a_host_on_offer(email=OTHER_HOST), a_host_on_offer())
    )


def plan_of(observed: Observed, **changes: Any) -> Plan:
    return plan(an_event(**changes), a_profile(), observed, NOW)


def test_a_move_creates_on_that_host_and_deletes_the_old_webinar_when_the_event_has_the_new_one() -> None:
    observed = moving()

    (create,) = plan_of(observed).actions
    assert isinstance(create, CreateWebinar)
    assert (create.host, create.replaces and create.replaces.webinar_id) == (OTHER_HOST, WEBINAR_ID)

    moved = perform((create,), observed)
    assert moved.bound
    assert (moved.bound.host, moved.bound.webinar_id) == (OTHER_HOST, CREATED_ID)
    delete = next(action for action in plan_of(moved).actions if isinstance(action, DeleteOldWebinar))
    assert (delete.webinar_id, delete.host) == (WEBINAR_ID, HOST)

    settled = perform(plan_of(moved).actions, moved)
    assert plan_of(settled).actions == ()


@pytest.mark.parametrize("status", ["scheduled", "cancelled", "postponed"])
def test_the_old_webinar_is_deleted_whatever_becomes_of_the_event(status: str) -> None:
    left = LeftWebinar(webinar_id=WEBINAR_ID, host=HOST)
    observed = an_observed_webinar(bound=a_bound(webinar_id=CREATED_ID, host=OTHER_HOST, left=left))

    made = plan_of(observed, status=status)

    assert [action.webinar_id for action in made.actions if isinstance(action, DeleteOldWebinar)] == [WEBINAR_ID]


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_an_event_that_gets_no_webinar_now_does_not_move(status: str) -> None:
    made = plan_of(moving(), status=status)

    assert not any(isinstance(action, CreateWebinar) for action in made.actions)


@pytest.mark.parametrize(
    ("unfit", "reason"),
    [
        ({"licensed": False}, "it is without a webinar licence"),
        ({"active": False}, "it is deactivated at Zoom"),
        ({"left_today": 0}, "it is out of changes for today"),
    ],
)
def test_an_event_whose_new_host_cannot_take_it_is_kept_where_it_is(unfit: dict[str, Any], reason: str) -> None:
    observed = replace(moving(), hosts=(a_host_on_offer(email=OTHER_HOST, **unfit), a_host_on_offer()))

    made = plan_of(observed, name="Tides of Today")

    assert [action.kind for action in made.actions] == ["UpdateWebinar"]
    (refusal,) = made.refused
    assert reason in str(refusal)
    assert str(refusal).endswith(f"zoom-ops events move {EVENT_ID} --host {HOST}")


def test_a_live_webinar_stays() -> None:
    made = plan_of(moving(live=True))

    assert made.actions == ()
    assert say.IS_LIVE(webinar=WEBINAR_ID) in made.refused[0].parts()


def test_a_host_outside_the_pool_is_named() -> None:
    made = plan_of(replace(moving(), hosts=(a_host_on_offer(),)))

    assert say.NOT_IN_POOL(host=OTHER_HOST, account="main") in made.refused[0].parts()


def test_nobody_moves_within_15_minutes_of_the_start_unless_forced() -> None:
    observed, soon = moving(), START - timedelta(minutes=10)
    made = plan(an_event(), a_profile(), observed, soon)

    guarded = guard_plan(made, observed.bound, Precedent(), soon)

    assert guarded.actions == ()
    assert guarded.refused[0].kind is say.SOON_WOULD_MOVE


def test_a_webinar_that_is_gone_or_cancelled_is_not_replaced_by_an_old_order() -> None:
    (create,) = plan_of(moving(state="cancelled")).actions

    assert isinstance(create, CreateWebinar)
    assert create.replaces is None
