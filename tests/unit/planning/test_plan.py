"""Plans as values: the actions of each case, by example."""

from datetime import timedelta

import pytest

from tests.builders import (
    ACCOUNT,
    AMARA,
    END,
    EVENT_ID,
    HOST,
    INSTALLATION,
    JONAS,
    MEI,
    NOW,
    START,
    WEBINAR_ID,
    YUSUF,
    a_booking,
    a_bound,
    a_note,
    a_performer,
    a_profile,
    a_publication,
    a_recording_seen,
    an_event,
    an_observed,
    an_observed_webinar,
    some_fields,
    some_seats,
)
from zoom_ops.messages import as_said, effects, stages
from zoom_ops.messages import plans as say
from zoom_ops.planning import (
    AddPanelists,
    Blocker,
    CancelWebinar,
    CreateWebinar,
    FieldChange,
    Observed,
    ObservedSeat,
    Plan,
    RemovePanelist,
    UpdateWebinar,
    action_from_json,
    digest_of,
    plan,
)
from zoom_ops.planning.actions import Seat
from zoom_ops.planning.desired import desired_fields, desired_seats

HALF_BUFFER = timedelta(minutes=7, seconds=30)


def plan_of(observed: Observed, **changes: object) -> Plan:
    return plan(an_event(**changes), a_profile(), observed, NOW)


def test_event_without_a_webinar_gets_one() -> None:
    made = plan_of(an_observed())

    create = CreateWebinar(
        event=EVENT_ID,
        account=ACCOUNT,
        host=HOST,
        marker=f"Reference: zoom_ops/{INSTALLATION}/{EVENT_ID}",
        booked_from=START - HALF_BUFFER,
        booked_until=END + HALF_BUFFER,
        fields=some_fields(),
        reason=effects.HAS_NONE(),
    )
    assert made == Plan(event=EVENT_ID, actions=(create,))


def test_event_whose_webinar_was_cancelled_gets_a_new_one() -> None:
    made = plan_of(an_observed(bound=a_bound(state="cancelled")))

    assert [action.kind for action in made.actions] == ["CreateWebinar"]


def test_event_as_its_webinar_is_needs_nothing() -> None:
    assert plan_of(an_observed_webinar()) == Plan(event=EVENT_ID)


def test_changed_time_and_name_change_these_fields_only() -> None:
    made = plan_of(an_observed_webinar(), name="Tides of Today", start=START - timedelta(minutes=30))

    update = UpdateWebinar(
        event=EVENT_ID,
        account=ACCOUNT,
        webinar_id=WEBINAR_ID,
        host=HOST,
        booked_from=START - timedelta(minutes=30) - HALF_BUFFER,
        booked_until=END + HALF_BUFFER,
        fields=(
            FieldChange(field="duration", old=75, new=105),
            FieldChange(field="start", old="2040-01-31T13:30:00Z", new="2040-01-31T13:00:00Z"),
            FieldChange(field="topic", old="Tides of Tomorrow", new="Tides of Today"),
        ),
        reason=effects.HAS_CHANGED(),
    )
    assert made == Plan(event=EVENT_ID, actions=(update,))


def test_change_at_zoom_is_put_back_and_named() -> None:
    known = dict(some_fields()) | {"topic": "Changed by hand"}

    made = plan_of(an_observed_webinar(bound=a_bound(known=tuple(known.items()))))

    assert made.actions[0].changes() == (FieldChange(field="topic", old="Changed by hand", new="Tides of Tomorrow"),)
    assert made.actions[0].reason == effects.PUT_BACK(fields=("topic",))


def test_change_at_zoom_stays_where_the_profile_leaves_it_to_zoom() -> None:
    known = dict(some_fields()) | {"topic": "Changed by hand"}
    observed = an_observed_webinar(bound=a_bound(known=tuple(known.items())))

    made = plan(an_event(), a_profile(drift=(("topic", "zoom"),)), observed, NOW)

    assert made.actions == ()


def test_change_of_ours_is_made_also_where_the_profile_leaves_the_field_to_zoom() -> None:
    profile = a_profile(drift=(("topic", "zoom"),))

    made = plan(an_event(name="Tides of Today"), profile, an_observed_webinar(), NOW)

    assert [change.field for change in made.actions[0].changes()] == ["topic"]


def test_value_that_zoom_refused_is_asked_again_only_when_it_changes() -> None:
    known = dict(some_fields()) | {"settings.approval_type": 0}
    bound = a_bound(known=tuple(known.items()), refused=(("settings.approval_type", 2),))
    another = a_profile(settings=(("approval_type", 1), *a_profile().settings[1:]))

    same = plan(an_event(), a_profile(), an_observed_webinar(bound=bound), NOW)
    changed = plan(an_event(), another, an_observed_webinar(bound=bound), NOW)

    assert same.actions == ()
    assert changed.actions[0].changes() == (FieldChange(field="settings.approval_type", old=0, new=1),)


def test_person_added_is_seated_and_nobody_else_invited() -> None:
    made = plan_of(an_observed_webinar(), performers=(MEI, AMARA, JONAS, YUSUF))

    seats = (Seat(email=MEI.email, name=MEI.name),)
    reason = effects.NOT_SEATED()
    add = AddPanelists(event=EVENT_ID, account=ACCOUNT, webinar_id=WEBINAR_ID, seats=seats, reason=reason)
    assert made == Plan(event=EVENT_ID, actions=(add,))


def test_person_taken_off_is_removed_unless_seated_by_hand() -> None:
    by_hand = ObservedSeat(email="guest@example.org", name="Guest", ours=False)

    made = plan_of(an_observed_webinar(seats=(*some_seats(), by_hand)), performers=(AMARA,))

    remove = RemovePanelist(
        event=EVENT_ID,
        account=ACCOUNT,
        webinar_id=WEBINAR_ID,
        email=JONAS.email,
        name=JONAS.name,
        reason=effects.NOT_NAMED(),
    )
    assert made == Plan(event=EVENT_ID, actions=(remove,))


def test_changed_name_alone_seats_nobody_again() -> None:
    renamed = a_performer(name="Jonas Lindqvist-Berg", role="Dean")

    made = plan_of(an_observed_webinar(), performers=(AMARA, renamed))

    assert made.actions == ()


def test_address_in_other_case_or_twice_is_one_seat() -> None:
    twice = a_performer(email="Jonas.Lindqvist@EXAMPLE.org ", name="J. Lindqvist")

    seats = desired_seats(an_event(performers=(JONAS, twice, AMARA)), a_profile())

    assert [(seat.email, seat.name) for seat in seats] == [(JONAS.email, JONAS.name), (AMARA.email, AMARA.name)]
    assert plan_of(an_observed_webinar(), performers=(AMARA, JONAS, twice)).actions == ()


@pytest.mark.parametrize(("people", "calls"), [(0, []), (1, [1]), (30, [30]), (31, [30, 1]), (70, [30, 30, 10])])
def test_panelists_are_seated_30_at_a_time(people: int, calls: list[int]) -> None:
    crowd = tuple(a_performer(name=f"Speaker {n}", email=f"speaker.{n}@example.org") for n in range(people))

    made = plan_of(an_observed_webinar(seats=()), performers=crowd)

    assert [len(action.seats) for action in made.actions if isinstance(action, AddPanelists)] == calls


def test_cancelled_event_loses_its_webinar_and_nothing_else_happens() -> None:
    made = plan_of(an_observed_webinar(seats=()), status="cancelled", name="Tides of Today")

    cancel = CancelWebinar(
        event=EVENT_ID, account=ACCOUNT, webinar_id=WEBINAR_ID, tell_people=True, reason=effects.CANCELLED()
    )
    assert made == Plan(event=EVENT_ID, actions=(cancel,))


def test_cancelled_event_that_is_over_keeps_its_webinar() -> None:
    made = plan(an_event(status="cancelled"), a_profile(), an_observed_webinar(), END)

    assert made.actions == ()


def test_cancelled_event_that_is_over_and_was_never_held_loses_its_webinar_and_nobody_is_mailed() -> None:
    made = plan(an_event(status="cancelled"), a_profile(), an_observed(bound=a_bound(never_held=True)), END)

    (action,) = made.actions
    assert isinstance(action, CancelWebinar)
    assert not action.tell_people


def test_event_that_is_over_and_was_never_held_keeps_its_webinar_until_it_is_cancelled() -> None:
    assert plan(an_event(), a_profile(), an_observed(bound=a_bound(never_held=True)), END).actions == ()


@pytest.mark.parametrize("state", ["cancelled", "gone"])
def test_cancelled_event_whose_webinar_is_gone_needs_nothing(state: str) -> None:
    assert plan_of(an_observed(bound=a_bound(state=state)), status="cancelled") == Plan(event=EVENT_ID)


def test_event_that_is_over_gets_no_webinar() -> None:
    before = plan(an_event(), a_profile(), an_observed(), END - timedelta(seconds=1))
    after = plan(an_event(), a_profile(), an_observed(), END)

    assert len(before.actions) == 1
    assert after.actions == ()
    assert [(blocker.sentence, blocker.over) for blocker in after.blockers] == [
        ("The event was over on 2040-01-31 14:45 UTC: it gets no webinar.", True)
    ]


def test_event_postponed_keeps_its_webinar_as_it_is() -> None:
    made = plan_of(an_observed_webinar(), status="postponed", name="Tides, some day")

    assert made.actions == ()
    assert made.waits == (stages.POSTPONED(),)


def test_doubt_about_the_start_holds_the_webinar_back() -> None:
    made = plan_of(an_observed(), needs_review=(a_note(field="start", reason="Two times are written."), a_note()))

    assert made.actions == ()
    assert made.waits == (say.NEEDS_REVIEW(doubts=(say.DOUBT(field="start", reason="Two times are written."),)),)


def test_doubt_about_a_performer_holds_nothing_back() -> None:
    assert len(plan_of(an_observed(), needs_review=(a_note(),)).actions) == 1


def test_event_without_an_account_waits() -> None:
    assert plan_of(an_observed(account=None)).waits == (say.NO_ACCOUNT(),)


def test_webinar_deleted_at_zoom_waits_for_an_operator() -> None:
    made = plan_of(an_observed(bound=a_bound(state="gone")))

    assert made.actions == ()
    assert made.refused == (say.GONE(webinar=WEBINAR_ID, event=EVENT_ID),)


def test_move_onto_another_event_of_the_host_waits_for_an_operator() -> None:
    later = START + timedelta(hours=3)
    taken = a_booking(start=later, end=later + timedelta(hours=1))

    made = plan_of(an_observed_webinar(bookings=(taken,)), start=later, end=later + timedelta(hours=1))

    assert made.actions == ()
    assert made.refused == (say.OVERLAPS(others=("harbour-talks-deep-water",)),)


def test_change_of_the_topic_alone_needs_no_free_host() -> None:
    made = plan_of(an_observed_webinar(bookings=(a_booking(),)), name="Tides of Today")

    assert [change.field for change in made.actions[0].changes()] == ["topic"]
    assert made.blockers == ()


def test_interpreter_taken_off_is_taken_out_of_the_webinar_too() -> None:
    profile = a_profile(settings=(("language_interpretation.enable", True),))
    interpreter = a_performer(kind="interpreter", role="English-French", email="ines@example.org")
    with_her = desired_fields(an_event(performers=(AMARA, interpreter)), profile, INSTALLATION)

    made = plan(
        an_event(performers=(AMARA,)), profile, an_observed_webinar(bound=a_bound(known=with_her, asked=with_her)), NOW
    )

    update = made.actions[0].changes()
    assert [(change.field, change.new) for change in update] == [("settings.language_interpretation.interpreters", ())]


def test_event_that_must_not_be_recorded_is_not_recorded() -> None:
    fields = dict(some_fields(an_event(consent="do_not_record")))

    assert fields["settings.auto_recording"] == "none"


def test_actions_free_a_host_first_and_write_to_people_last() -> None:
    observed = an_observed_webinar(
        seats=some_seats(an_event(performers=(MEI,))),
        recordings=(a_recording_seen(), a_recording_seen(uuid="old", state="trashed")),
        publications=(a_publication(recording_uuid="old"),),
    )

    made = plan_of(observed, name="Tides of Today")

    assert [action.kind for action in made.actions] == [
        "UpdateWebinar",
        "RemovePanelist",
        "AddPanelists",
        "WithdrawRecording",
        "PublishRecording",
    ]


def test_digest_names_what_is_done_and_not_why() -> None:
    made = plan_of(an_observed())
    explained = made.model_copy(
        update={"actions": tuple(action.model_copy(update={"reason": "because"}) for action in made.actions)}
    )
    another = plan_of(an_observed(), name="Tides of Today")

    assert digest_of(explained.actions) == digest_of(made.actions)
    assert digest_of(another.actions) != digest_of(made.actions)
    assert len(digest_of(made.actions)) == 16


def test_plan_reduced_to_kinds_keeps_the_holds_about_them() -> None:
    webinar, recording = (
        Blocker(about="webinar", message=as_said("w")),
        Blocker(about="recording", message=as_said("r"), refused=True),
    )
    made = plan_of(an_observed()).model_copy(update={"blockers": (webinar, recording)})

    assert made.only(["CreateWebinar", "UpdateWebinar"]).blockers == (webinar,)
    assert made.only(["PublishRecording"]) == Plan(event=EVENT_ID, blockers=(recording,))
    assert made.only(["AddPanelists"]) == Plan(event=EVENT_ID)


def test_action_is_parsed_from_its_json() -> None:
    (action,) = plan_of(an_observed_webinar(), status="cancelled").actions

    assert action_from_json(action.model_dump(mode="json")) == action


@pytest.mark.parametrize(
    "stored", ["it was so", {"code": "effects.no_more", "values": {}, "sentence": "it was so"}], ids=["text", "code"]
)
def test_reason_of_another_version_is_read_as_it_was_said(stored: object) -> None:
    action = CancelWebinar(event=EVENT_ID, account=ACCOUNT, webinar_id=WEBINAR_ID, tell_people=True)

    read = action_from_json(action.model_dump(mode="json") | {"reason": stored})

    assert read.reason == as_said("it was so")
