"""Webinars that the system of a home makes: awaited, adopted, never made twice, never deleted by us alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import NOW, WEBINAR_ID, a_bound, a_profile, an_event, an_observed
from tests.unit.planning.worlds import World, made_there, worlds
from zoom_ops.planning import (
    AdoptWebinar,
    CancelWebinar,
    CreateWebinar,
    MadeThere,
    Observed,
    Plan,
    Precedent,
    awaited_until,
    guard_plan,
    plan,
    without_waiting,
)

briskly = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
INDICO = MadeThere(place="Indico (home city)")
NAMED = replace(INDICO, webinar_id=WEBINAR_ID)
OTHER = WEBINAR_ID + 1
EARLY, LATE = timedelta(hours=49), timedelta(hours=47)


@briskly
@given(worlds(), st.lists(made_there(), min_size=1, max_size=3).map(tuple), st.booleans())
def test_plan_never_makes_a_webinar_that_a_record_names(
    world: World, records: tuple[MadeThere, ...], forced: bool
) -> None:
    numbers = {record.webinar_id for record in records} - {None}
    others = {other for record in records for other in record.others if record.webinar_id}

    planned = plan_of(world, without_waiting(records) if forced else records)

    created = [action for action in planned.actions if isinstance(action, CreateWebinar)]
    adopted = [action.webinar_id for action in planned.actions if isinstance(action, AdoptWebinar)]
    assert not (created and numbers)
    assert not adopted or (numbers == set(adopted) and not others)


@briskly
@given(worlds(status="scheduled"), st.lists(made_there(number=None), min_size=1, max_size=3).map(tuple))
def test_plan_makes_none_while_one_is_awaited(world: World, records: tuple[MadeThere, ...]) -> None:
    until = awaited_until(world.event, records)
    assert until is not None
    asks = any(record.otherwise == "ask" for record in records)

    planned = plan_of(world, records)

    created = [action for action in planned.actions if isinstance(action, CreateWebinar)]
    assert not created or (world.now >= until and not asks)


@briskly
@given(worlds(), st.lists(made_there(), max_size=3))
def test_plan_does_not_depend_on_the_order_of_records(world: World, records: list[MadeThere]) -> None:
    assert plan_of(world, tuple(records)) == plan_of(world, tuple(reversed(records)))


@briskly
@given(worlds(status="cancelled"))
def test_webinar_of_a_home_is_deleted_only_if_an_operator_says_so(world: World) -> None:
    bound = world.observed.bound and replace(world.observed.bound, origin="home")
    planned = plan(world.event, world.profile, replace(world.observed, bound=bound), world.now)

    guarded = guard_plan(planned, bound, Precedent(), world.now)

    assert not [action for action in guarded.actions if isinstance(action, CancelWebinar)]


@pytest.mark.parametrize(
    ("records", "before", "says"),
    [
        ((NAMED,), LATE, ("adopt", "")),
        ((NAMED, INDICO), EARLY, ("adopt", "")),
        ((replace(NAMED, others=("tides-2", "tides-3")),), EARLY, ("asks", "that of tides-2, tides-3, too")),
        ((NAMED, replace(INDICO, webinar_id=OTHER)), EARLY, ("asks", "name several webinars")),
        ((INDICO,), EARLY, ("waits", "Indico (home city) makes the webinar: it is awaited until")),
        ((INDICO,), LATE, ("asks", "and names none. Make it there.")),
        ((replace(INDICO, otherwise="make"),), EARLY, ("waits", "it is awaited until")),
        ((replace(INDICO, otherwise="make"),), LATE, ("create", "")),
        ((replace(INDICO, hours=0),), LATE, ("waits", "it is awaited until")),
        ((), EARLY, ("create", "")),
    ],
)
def test_event_without_a_webinar(records: tuple[MadeThere, ...], before: timedelta, says: tuple[str, str]) -> None:
    event = an_event(start=NOW + before, end=NOW + before + timedelta(hours=1))

    planned = plan(event, a_profile(), an_observed(made_there=records), NOW)

    what, words = says
    actions = {"adopt": AdoptWebinar, "create": CreateWebinar}
    assert [type(action) for action in planned.actions] == ([actions[what]] if what in actions else [])
    blockers = [blocker for blocker in planned.blockers if not blocker.notice]
    assert [blocker.refused for blocker in blockers] == ([what == "asks"] if words else [])
    assert all(words in blocker.sentence for blocker in blockers)


@pytest.mark.parametrize(
    ("origin", "records", "notice"),
    [
        ("home", (NAMED,), None),
        ("created", (NAMED,), None),
        ("created", (replace(INDICO, webinar_id=OTHER),), "two_webinars"),
        ("home", (replace(INDICO, webinar_id=OTHER),), "two_webinars"),
        ("home", (INDICO,), "webinar_not_named"),
        ("adopted", (INDICO,), None),
        ("created", (INDICO,), None),
        ("created", (replace(INDICO, otherwise="make"),), "webinar_not_named"),
        ("home", (), None),
    ],
)
def test_event_with_a_webinar_keeps_it_and_operators_are_told(
    origin: str, records: tuple[MadeThere, ...], notice: str | None
) -> None:
    event, bound = an_event(), a_bound(origin=origin)

    planned = plan(event, a_profile(), an_observed(bound=bound, made_there=records), NOW)

    made = [a for a in planned.actions if isinstance(a, CreateWebinar | AdoptWebinar | CancelWebinar)]
    told = [each.notice for each in planned.notices if each.notice in ("two_webinars", "webinar_not_named")]
    assert (made, told) == ([], [notice] if notice else [])


def test_webinar_that_was_made_anew_there_is_adopted_in_place_of_the_one_that_is_gone() -> None:
    observed = an_observed(bound=a_bound(origin="home", state="gone"), made_there=(replace(INDICO, webinar_id=OTHER),))

    planned = plan(an_event(), a_profile(), observed, NOW)

    assert [action.webinar_id for action in planned.actions if isinstance(action, AdoptWebinar)] == [OTHER]


def test_webinar_that_is_gone_and_still_named_there_asks_an_operator() -> None:
    gone = a_bound(origin="home", state="gone")

    planned = plan(an_event(), a_profile(), an_observed(bound=gone, made_there=(NAMED,)), NOW)

    assert planned.actions == ()
    assert "was deleted at Zoom" in planned.refused[0]


def plan_of(world: World, records: tuple[MadeThere, ...]) -> Plan:
    observed: Observed = replace(world.observed, made_there=records)
    return plan(world.event, world.profile, observed, world.now)
