"""Whether an event is recorded, what stands in the way, and when Zoom is asked again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import (
    END,
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
    an_observed,
    an_observed_webinar,
    some_fields,
)
from zoom_ops.messages import effects
from zoom_ops.messages import plans as say
from zoom_ops.planning import AUTO_RECORDING, Bound, CreateWebinar, Plan, UpdateWebinar, find_obstacles, plan
from zoom_ops.planning.base import Fields
from zoom_ops.webinars import CloudStorage

DAY = timedelta(days=1)
FULL = CloudStorage(used_percentage=100, told_at=NOW)
ROOM = CloudStorage(used_percentage=99, told_at=NOW)
LEFT_TO_ZOOM = {"drift": (("settings", "zoom"),)}


def with_recording(kept: str, **changes: Any) -> Bound:
    """Build the event's webinar with another auto_recording than the one asked for."""
    return a_bound(known=changed(kept), **changes)


def refused(kept: str = "none", **changes: Any) -> Bound:
    """Build the event's webinar, for which Zoom dropped auto_recording = cloud just now."""
    return with_recording(kept, **{"refused": ((AUTO_RECORDING, "cloud"),), "recording_refused_at": NOW} | changes)


def changed(kept: str) -> Fields:
    return tuple(sorted({**dict(some_fields()), AUTO_RECORDING: kept}.items()))


def plan_of(bound: Bound, **how: Any) -> Plan:
    """Plan the event with this webinar."""
    profile, storage = a_profile(**how.get("profile", {})), how.get("storage")
    observed = an_observed_webinar(bound=bound, storage=storage)
    return plan(how.get("event", an_event()), profile, observed, how.get("now", NOW))


def sentences(current: Plan) -> list[str]:
    return [notice.sentence for notice in current.notices]


@pytest.mark.parametrize(
    ("bound", "how", "words"),
    [
        (
            refused(),
            {},
            "Zoom dropped auto_recording = cloud, as it does under a lock, and keeps auto_recording = none.",
        ),
        (refused("local"), {}, "keeps auto_recording = local; a local recording stays on the host's computer."),
        (refused(host_records=False), {}, f"{HOST} has no right to record to the cloud. A Zoom administrator gives it"),
        (a_bound(host_records=False), {}, f"{HOST} has no right to record to the cloud."),
        (a_bound(), {"storage": FULL}, "the cloud storage of its Zoom account is full."),
        (refused(), {"storage": FULL}, "keeps auto_recording = none; the cloud storage of its Zoom account is full."),
        (with_recording("none"), {"profile": LEFT_TO_ZOOM}, "somebody changed it at Zoom to auto_recording = none."),
    ],
)
def test_each_reason_has_its_sentence(bound: Bound, how: dict[str, Any], words: str) -> None:
    (sentence,) = sentences(plan_of(bound, **how))

    assert sentence.startswith(
        f"The event is to be recorded, and Zoom will not record webinar {WEBINAR_ID} of {HOST}: "
    )
    assert words in sentence


@pytest.mark.parametrize(
    ("bound", "how"),
    [
        (a_bound(), {}),
        (a_bound(host_records=True), {"storage": ROOM}),
        (with_recording("none"), {}),  # it is about to be put back
        (refused(), {"event": an_event(consent="do_not_record")}),
        (refused(), {"event": an_event(status="cancelled")}),
        (refused(), {"event": an_event(status="postponed")}),
        (refused(), {"now": END}),
        (refused(), {"profile": {"settings": (("auto_recording", "local"),)}}),
        (a_bound(known=tuple(pair for pair in some_fields() if pair[0] != AUTO_RECORDING)), {}),
    ],
)
def test_there_is_no_notice_without_a_reason(bound: Bound, how: dict[str, Any]) -> None:
    assert sentences(plan_of(bound, **how)) == []


@pytest.mark.parametrize(
    ("bound", "later", "asks"),
    [
        (refused(), timedelta(), False),
        (refused(), DAY - timedelta(seconds=1), False),
        (refused(), DAY, True),
        (refused(recording_refused_at=None), timedelta(), True),
        (refused(host_records=False), DAY, False),
        (a_bound(), DAY, False),
    ],
)
def test_a_refused_recording_is_asked_for_again_after_a_day(bound: Bound, later: timedelta, asks: bool) -> None:
    actions = plan_of(bound, now=NOW + later).actions

    assert [(type(action), [change.field for change in action.changes()]) for action in actions] == (
        [(UpdateWebinar, [AUTO_RECORDING])] if asks else []
    )
    assert all(action.reason.kind is effects.ASKED_AGAIN for action in actions)


def test_another_refused_field_is_never_asked_for_again() -> None:
    known = tuple(sorted({**dict(some_fields()), "settings.approval_type": 0}.items()))
    bound = a_bound(known=known, refused=(("settings.approval_type", 2),))

    assert plan_of(bound, now=NOW + 5 * DAY).actions == ()


def test_a_webinar_that_is_still_to_be_created_is_told_of() -> None:
    host = a_host_on_offer(records=False)

    current = plan(an_event(), a_profile(), an_observed(hosts=(host,), storage=FULL), NOW)

    (sentence,) = sentences(current)
    assert f"a webinar of {HOST}: {HOST} has no right to record to the cloud; the cloud storage" in sentence
    assert [type(action) for action in current.actions] == [CreateWebinar]


@pytest.mark.parametrize(("consent", "expected"), [("record", OTHER_HOST), ("do_not_record", HOST)])
def test_a_host_that_may_record_is_preferred_where_it_matters(consent: str, expected: str) -> None:
    hosts = (a_host_on_offer(records=False), a_host_on_offer(email=OTHER_HOST, left_today=5))

    (create,) = plan(an_event(consent=consent), a_profile(), an_observed(hosts=hosts), NOW).actions

    assert isinstance(create, CreateWebinar)
    assert create.host == expected


def test_what_the_operator_does_next_is_in_every_obstacle() -> None:
    locked = replace(refused(), host=OTHER_HOST)
    for records in (None, True, False):
        for obstacle in find_obstacles(EVENT_ID, OTHER_HOST, records, FULL, locked):
            assert obstacle.remedy.kind in (say.UNLOCK, say.GIVE_THE_RIGHT, say.MAKE_ROOM)
            assert obstacle.retry in (None, say.ASKED_DAILY(event=EVENT_ID))


def test_an_operator_asks_at_once_and_nobody_asks_while_it_is_live() -> None:
    assert plan_of(refused(live=True), now=NOW + 5 * DAY).actions == ()
    assert plan_of(refused(), now=START - timedelta(minutes=15)).actions == ()
    assert [type(action) for action in plan_of(refused(host_records=False, ask_again=True)).actions] == [UpdateWebinar]
    assert sentences(plan_of(a_bound(host_records=False, ask_again=True))) != []
