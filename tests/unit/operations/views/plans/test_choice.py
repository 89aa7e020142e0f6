"""Which part of the plan is chosen: together all parts are the plan, and nothing that is held slips through."""

from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import ACCOUNT, END, EVENT_ID, HOST, NOW, START, WEBINAR_ID, an_event
from tests.setup.examples import examples
from tests.unit.planning.worlds import World, worlds
from zoom_ops.messages import as_said
from zoom_ops.operations.views.plans.choices.choice import (
    ALL,
    KINDS,
    SUBJECTS,
    PlanQuery,
    Together,
    admits,
    choose,
    follows,
    may_hold,
)
from zoom_ops.operations.views.plans.choices.prints import compare_prints, prints_of
from zoom_ops.planning import (
    Action,
    AddPanelists,
    Blocker,
    CreateWebinar,
    FieldChange,
    Plan,
    Precedent,
    RemovePanelist,
    UpdateWebinar,
    digest_of,
    guard_plan,
    plan,
)
from zoom_ops.planning.actions import Replaced, Seat

DAY = timedelta(days=1)
OTHER_HOST = "host-9@example.org"
briskly = settings(
    max_examples=examples(60), deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
SETS = st.frozensets(st.sampled_from(KINDS), max_size=3)
GROUPS = st.lists(st.builds(lambda own, more: Together(own=own, all=own | more), SETS, SETS), max_size=4)


def guarded(world: World) -> Plan:
    """Plan a world as the daemon does, with the guard."""
    whole = plan(world.event, world.profile, world.observed, world.now)
    return guard_plan(whole, world.observed.bound, Precedent(), world.now)


@briskly
@given(worlds())
def test_all_parts_together_are_the_plan(world: World) -> None:
    whole = guarded(world)

    by_subject = [choose(PlanQuery(kind=subject), whole) for subject in SUBJECTS]
    by_kind = [choose(PlanQuery(kind=kind), whole) for kind in KINDS]

    for parts in (by_subject, by_kind):
        assert {action for part in parts for action in part.actions} == set(whole.actions)
        assert {str(blocker) for part in parts for blocker in part.blockers} == {str(each) for each in whole.blockers}
        assert all(not set(one.actions) & set(other.actions) for one, other in combinations(parts, 2))


@briskly
@given(worlds(), st.sampled_from((*SUBJECTS, *KINDS)), GROUPS)
def test_nothing_that_is_held_slips_through_and_what_is_done_together_is_chosen_together(
    world: World, kind: str, together: list[Together]
) -> None:
    whole = guarded(world)

    chosen = choose(PlanQuery(kind=kind), whole, together=together)

    kinds = {action.kind for action in chosen.actions}
    assert list(chosen.actions) == [action for action in whole.actions if action.kind in kinds]
    assert set(chosen.blockers) <= set(whole.blockers)
    for each in together:
        if each.own & kinds:
            assert {action.kind for action in whole.actions} & each.all <= kinds


@briskly
@given(worlds())
def test_whole_plan_is_chosen_where_nothing_is_asked_for(world: World) -> None:
    assert choose(ALL, guarded(world)) == guarded(world)


def test_change_brings_along_what_the_same_run_does() -> None:
    whole = Plan(event=EVENT_ID, actions=(an_update(), a_seat(), a_removal()))
    followed = Together(own=frozenset({"UpdateWebinar"}), all=frozenset({"UpdateWebinar", "AddPanelists"}))
    seats = Together(own=frozenset({"AddPanelists", "RemovePanelist"}), all=frozenset({"AddPanelists"}))
    alone, bringing = (choose(PlanQuery(kind="webinar"), whole, together=each) for each in ((), (followed, seats)))

    assert alone.actions == (an_update(),)
    assert bringing.actions == (an_update(), a_seat())
    assert [follows(PlanQuery(kind="webinar"), action) for action in bringing.actions] == [False, True]
    assert choose(PlanQuery(kind="panelists"), whole, together=(followed,)).actions == (a_seat(), a_removal())


@pytest.mark.parametrize(
    ("asked", "bound", "chosen"),
    [
        (HOST, HOST, True),  # a panelist is added where the webinar is
        (OTHER_HOST, HOST, False),
        (HOST, "", False),
    ],
)
def test_host_is_that_of_the_webinar(asked: str, bound: str, chosen: bool) -> None:
    whole = Plan(event=EVENT_ID, actions=(a_seat(),))

    assert bool(choose(PlanQuery(host=asked), whole, bound).actions) == chosen


def test_move_is_of_the_old_and_of_the_new_host() -> None:
    moved = Plan(event=EVENT_ID, actions=(a_move(),))

    found = [bool(choose(PlanQuery(host=host), moved).actions) for host in (HOST, OTHER_HOST, "host-3@example.org")]

    assert found == [True, True, False]


def test_blocker_is_chosen_with_what_it_holds_back() -> None:
    held = Blocker(about="webinar", message=as_said("No host is free."))
    whole = Plan(event=EVENT_ID, actions=(a_seat(),), blockers=(held,))

    assert choose(PlanQuery(kind="CreateWebinar"), whole) == Plan(event=EVENT_ID, blockers=(held,))
    assert choose(PlanQuery(kind="panelists"), whole) == Plan(event=EVENT_ID, actions=(a_seat(),))


@pytest.mark.parametrize(
    ("query", "is_meant"),
    [
        (ALL, True),
        (PlanQuery(events=(EVENT_ID,)), True),
        (PlanQuery(events=("another",)), False),
        (PlanQuery(without=(EVENT_ID,)), False),
        (PlanQuery(account=ACCOUNT), True),
        (PlanQuery(account="other"), False),
        (PlanQuery(profile="default"), True),
        (PlanQuery(profile="lecture"), False),
        (PlanQuery(series="TIDES"), True),
        (PlanQuery(series="ebb"), False),
        (PlanQuery(days=int((START - NOW) / DAY) + 1), True),
        (PlanQuery(days=0), False),
    ],
)
def test_event_is_meant_by_its_record(query: PlanQuery, is_meant: bool) -> None:
    assert admits(query, an_event(series="Tides and Tables"), ACCOUNT, NOW) == is_meant


@briskly
@given(worlds(), st.sampled_from(("", *SUBJECTS, *KINDS)), st.sampled_from(("", HOST, OTHER_HOST)))
def test_event_that_is_not_planned_has_nothing_that_is_meant(world: World, kind: str, host: str) -> None:
    bound, query = world.observed.bound, PlanQuery(kind=kind, host=host)
    has_webinar = bound is not None and bound.state == "bound"
    hosts = (bound.host, bound.move_to, bound.left and bound.left.host) if bound and has_webinar else None

    chosen = choose(query, guarded(world), bound.host if bound and has_webinar else "")

    if not may_hold(query, hosts, recorded=bool(world.observed.recordings)):
        assert chosen == Plan(event=world.event.id)


def test_only_an_event_with_a_recording_or_a_webinar_is_planned_for_such_changes() -> None:
    queries = PlanQuery(kind="recording"), PlanQuery(kind="PublishRecording"), PlanQuery(kind="AddPanelists")
    elsewhere, anywhere = PlanQuery(host=OTHER_HOST), PlanQuery(kind="webinar")

    assert not any(may_hold(query, None, recorded=False) for query in queries)
    assert all(may_hold(query, (HOST, None, None), recorded=True) for query in queries)
    assert [may_hold(elsewhere, hosts, recorded=False) for hosts in (None, (HOST, None), (HOST, OTHER_HOST))] == [
        True, False, True,
    ]  # fmt: skip
    assert may_hold(anywhere, None, recorded=False)


def test_event_that_is_over_is_not_ahead() -> None:
    over = an_event(start=START - 9 * DAY, end=END - 9 * DAY)

    assert admits(PlanQuery(days=30), over, ACCOUNT, NOW) == (END - 9 * DAY > NOW)
    assert not admits(PlanQuery(days=30), over, ACCOUNT, END)


def test_digest_of_a_part_does_not_change_with_the_rest() -> None:
    before = Plan(event=EVENT_ID, actions=(an_update(), a_seat()))
    after = Plan(event=EVENT_ID, actions=(an_update("Another name"), a_seat()))

    digests = [digest_of(choose(PlanQuery(kind="panelists"), each).actions) for each in (before, after)]
    wholes = [digest_of(each.actions) for each in (before, after)]

    assert digests[0] == digests[1]
    assert wholes[0] != wholes[1]


def test_query_is_written_as_it_is_read() -> None:
    query = PlanQuery(events=("a", "b"), without=("c",), kind="webinar", host=HOST, days=0)

    assert query.pairs == (
        ("event", "a"), ("event", "b"), ("without", "c"), ("kind", "webinar"), ("host", HOST), ("days", "0"),
    )  # fmt: skip
    assert (ALL.pairs, ALL.narrows, query.narrows) == ((), False, True)


def test_what_has_changed_since_one_looked_is_said_event_by_event() -> None:
    other = an_update("Another name")
    seen = prints_of((an_update(), a_seat(event="gone"), a_seat(event="same")))
    now = prints_of((other, a_seat(event="new"), a_seat(event="same")))

    assert compare_prints(seen, now) == {
        EVENT_ID: "is changed in another way now",
        "new": "is new in the plan",
        "gone": "has nothing to be changed any more",
    }


def an_update(topic: str = "Tides of Today") -> Action:
    """Build a change of the webinar."""
    return UpdateWebinar(
        event=EVENT_ID, account=ACCOUNT, webinar_id=WEBINAR_ID, host=HOST, booked_from=START, booked_until=END,
        fields=(FieldChange(field="topic", old="Tides of Tomorrow", new=topic),),
    )  # fmt: skip


def a_seat(event: str = EVENT_ID) -> Action:
    """Build a change that seats somebody."""
    seats = (Seat(email="mei@example.org", name="Mei"),)
    return AddPanelists(event=event, account=ACCOUNT, webinar_id=WEBINAR_ID, seats=seats)


def a_removal() -> Action:
    """Build a change that takes a seat away."""
    return RemovePanelist(
        event=EVENT_ID, account=ACCOUNT, webinar_id=WEBINAR_ID, email="jonas@example.org", name="Jonas"
    )


def a_move() -> Action:
    """Build a move from one host to another."""
    return CreateWebinar(
        event=EVENT_ID, account=ACCOUNT, host=OTHER_HOST, marker="", booked_from=START, booked_until=END, fields=(),
        replaces=Replaced(webinar_id=WEBINAR_ID, host=HOST, tell_people=False),
    )  # fmt: skip
