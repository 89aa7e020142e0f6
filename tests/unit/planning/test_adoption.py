"""Webinars that the system of a home makes: awaited, adopted, never made twice, never deleted by us alone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import NOW, WEBINAR_ID, a_bound, a_profile, an_event, an_observed
from tests.unit.planning.worlds import made_there
from zoom_ops.events import Event
from zoom_ops.messages import plans as say
from zoom_ops.planning import (
    AdoptWebinar,
    Bound,
    CancelWebinar,
    CreateWebinar,
    MadeThere,
    Plan,
    Precedent,
    awaited_until,
    guard_plan,
    plan,
    without_waiting,
)

briskly = settings(max_examples=100, deadline=None, derandomize=True)
INDICO = MadeThere(place="Indico (home city)")
NAMED = replace(INDICO, webinar_id=WEBINAR_ID)
OTHER = WEBINAR_ID + 1
EARLY, LATE = timedelta(hours=49), timedelta(hours=47)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The input of a plan, small: an event with or without a webinar, and what its homes name."""

    event: Event
    bound: Bound | None
    records: tuple[MadeThere, ...]
    now: datetime

    def plan(self, **changes: Any) -> Plan:
        """Plan it; `changes` are values of the scene that are replaced."""
        scene = replace(self, **changes)
        observed = an_observed(bound=scene.bound, made_there=scene.records)
        return plan(scene.event, a_profile(), observed, scene.now)


@st.composite
def scenes(draw: st.DrawFn, **fixed: Any) -> Scene:
    """Generate a scene; `fixed` are fields of the records."""
    state, origin = draw(st.sampled_from(["bound", "cancelled", "gone"])), draw(st.sampled_from(["created", "home"]))
    event = an_event(status=draw(st.sampled_from(["scheduled", "scheduled", "cancelled", "rescheduled"])))
    return Scene(
        event=event,
        bound=draw(st.sampled_from([None, a_bound(state=state, origin=origin)])),
        records=draw(st.lists(made_there(**fixed), min_size=1, max_size=3).map(tuple)),
        now=event.start_utc - timedelta(hours=draw(st.sampled_from([24 * 31, 72, 49, 48, 47, 1, -3]))),
    )


@briskly
@given(scenes(), st.booleans())
def test_plan_never_makes_a_webinar_that_a_record_names(scene: Scene, forced: bool) -> None:
    numbers = {record.webinar_id for record in scene.records} - {None}
    others = {other for record in scene.records for other in (record.owner, *record.others)} - {None}

    planned = scene.plan(records=without_waiting(scene.records) if forced else scene.records)

    created = [action for action in planned.actions if isinstance(action, CreateWebinar)]
    adopted = [action.webinar_id for action in planned.actions if isinstance(action, AdoptWebinar)]
    unsaid = [record for record in scene.records if record.unclear == "unsaid"]
    assert not (created and (numbers or unsaid))
    assert not (adopted and unsaid)
    assert not adopted or (numbers == set(adopted) and not others)


@briskly
@given(scenes(number=None, unclear=[None, "unknown"]))
def test_plan_makes_none_while_one_is_awaited(scene: Scene) -> None:
    until = awaited_until(scene.event, scene.records)
    assert until is not None
    asks = any(record.otherwise == "ask" or record.unclear for record in scene.records)

    created = [action for action in scene.plan().actions if isinstance(action, CreateWebinar)]

    assert not created or (scene.now >= until and not asks)


@briskly
@given(scenes())
def test_plan_does_not_depend_on_the_order_of_records(scene: Scene) -> None:
    assert scene.plan() == scene.plan(records=scene.records[::-1])


@briskly
@given(scenes())
def test_webinar_of_a_home_is_deleted_only_if_an_operator_says_so(scene: Scene) -> None:
    planned = scene.plan()

    guarded = guard_plan(planned, scene.bound, Precedent(), scene.now)

    deleted = [action for action in guarded.actions if isinstance(action, CancelWebinar)]
    assert not deleted or (scene.bound is not None and scene.bound.origin == "created")


@pytest.mark.parametrize(
    ("records", "before", "says"),
    [
        ((NAMED,), LATE, ("adopt", "")),
        ((NAMED, INDICO), EARLY, ("adopt", "")),
        ((replace(NAMED, others=("tides-2", "tides-3")),), EARLY, ("asks", "that of tides-2, tides-3, too")),
        ((replace(NAMED, owner="tides-2", others=("tides-2",)),), EARLY, ("asks", "which event tides-2 has")),
        ((NAMED, replace(INDICO, webinar_id=OTHER)), EARLY, ("asks", "name several webinars")),
        ((INDICO,), EARLY, ("waits", "Indico (home city) makes the webinar: it is awaited until")),
        ((INDICO,), LATE, ("asks", "and names none. Make it there.")),
        ((replace(INDICO, otherwise="make"),), EARLY, ("waits", "it is awaited until")),
        ((replace(INDICO, otherwise="make"),), LATE, ("create", "")),
        ((replace(INDICO, otherwise="make", unclear="unknown"),), EARLY, ("waits", "it is awaited until")),
        ((replace(INDICO, otherwise="make", unclear="unknown"),), LATE, ("asks", "does not tell whether it has")),
        ((replace(INDICO, otherwise="make", unclear="unsaid"),), EARLY, ("asks", "does not say which one is its own")),
        ((replace(INDICO, unclear="unsaid"), NAMED), LATE, ("asks", "does not say which one is its own")),
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
        ("home", (replace(INDICO, unclear="unsaid"),), "two_webinars"),
        ("created", (replace(INDICO, unclear="unsaid"),), "two_webinars"),
        ("adopted", (replace(INDICO, unclear="unsaid"),), None),
        ("created", (replace(INDICO, otherwise="make", unclear="unknown"),), "webinar_not_named"),
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
    assert planned.refused[0].kind is say.GONE
