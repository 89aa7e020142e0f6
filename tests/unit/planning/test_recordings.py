"""Which recordings are published, as which part, and what blocks a recording."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import (
    BASE_URL,
    END,
    EVENT_ID,
    START,
    UUID,
    a_note,
    a_profile,
    a_publication,
    a_recording_seen,
    an_attachment,
    an_event,
    an_observed_webinar,
)
from zoom_ops.events import Event, Publication
from zoom_ops.messages import effects, plans
from zoom_ops.messages import recordings as say
from zoom_ops.planning import ObservedRecording, Plan, PublishRecording, WithdrawRecording, plan
from zoom_ops.planning.recordings.planned import choose_recordings, needs_approval, visibility_of
from zoom_ops.profiles import Profile

AFTER = END + timedelta(hours=2)
HOUR = timedelta(hours=1)
MEMBERS_ONLY = (an_attachment(visibility="members"),)


def plan_of(
    recordings: tuple[ObservedRecording, ...],
    publications: tuple[Publication, ...] = (),
    *,
    event: Event | None = None,
    profile: Profile | None = None,
    approved: bool = False,
    holds_elsewhere: bool = False,
) -> Plan:
    observed = an_observed_webinar(
        recordings=recordings,
        publications=publications,
        recording_approved=approved,
        holds_elsewhere=holds_elsewhere,
    )
    return plan(event or an_event(), profile or a_profile(), observed, AFTER)


def published(plan: Plan) -> list[tuple[str, int, str, str]]:
    actions = [action for action in plan.actions if isinstance(action, PublishRecording)]
    return sorted(((a.recording_uuid, a.part, a.title, a.visibility) for a in actions), key=lambda row: row[1])


def test_recording_that_is_ready_is_published_at_our_own_address() -> None:
    made = plan_of((a_recording_seen(),))

    publish = PublishRecording(
        event=EVENT_ID,
        account="main",
        recording_uuid=UUID,
        part=1,
        title="Recording",
        url=f"{BASE_URL}/events/{EVENT_ID}/recording",
        visibility="public",
        reason=effects.READY(),
    )
    assert made == Plan(event=EVENT_ID, actions=(publish,))


def test_recording_published_as_it_is_needs_nothing() -> None:
    assert plan_of((a_recording_seen(),), (a_publication(),)) == Plan(event=EVENT_ID)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "processing"},
        {"state": "trashed"},
        {"withheld": True},
        {"playable": False},
        {"duration": 0},
    ],
    ids=str,
)
def test_recording_that_is_not_for_readers_is_left_out(changes: dict[str, object]) -> None:
    assert plan_of((a_recording_seen(**changes),)) == Plan(event=EVENT_ID)


def test_crumb_is_what_is_shorter_than_the_profile_says() -> None:
    short, enough = a_recording_seen(uuid="short", duration=4), a_recording_seen(uuid="enough", duration=5)

    observed = an_observed_webinar(recordings=(short, enough))
    assert choose_recordings(an_event(), observed, a_profile(min_recording_minutes=5)) == ((enough,), ())


def test_recordings_become_parts_in_the_order_they_were_held() -> None:
    second, first, unknown = (
        a_recording_seen(uuid="a", start=START + HOUR),
        a_recording_seen(uuid="z", start=START),
        a_recording_seen(uuid="m", start=None),
    )

    assert published(plan_of((second, unknown, first))) == [
        ("z", 1, "Recording, part 1", "public"),
        ("a", 2, "Recording, part 2", "public"),
        ("m", 3, "Recording, part 3", "public"),
    ]


def test_second_part_renames_the_first() -> None:
    made = plan_of((a_recording_seen(), a_recording_seen(uuid="second", start=START + HOUR)), (a_publication(),))

    assert [title for _, _, title, _ in published(made)] == ["Recording, part 1", "Recording, part 2"]


def test_published_part_keeps_its_place_while_zoom_shows_it_not() -> None:
    first = a_publication(title="Recording, part 1")
    second = a_publication(recording_uuid="second", part=2, title="Recording, part 2", start=START + HOUR,
                           url=f"{first.url}?part=2")  # fmt: skip
    recording = a_recording_seen(uuid="second", start=START + HOUR)

    assert plan_of((recording,), (first, second)) == Plan(event=EVENT_ID)
    assert plan_of((a_recording_seen(state="processing"), recording), (first, second)) == Plan(event=EVENT_ID)
    assert plan_of((), (first, second)) == Plan(event=EVENT_ID)


@pytest.mark.parametrize("state", ["trashed", "deleted"])
def test_recording_taken_away_at_zoom_is_withdrawn(state: str) -> None:
    made = plan_of((a_recording_seen(state=state),), (a_publication(),))

    withdraw = WithdrawRecording(
        event=EVENT_ID,
        account="main",
        recording_uuid=UUID,
        reason={"trashed": effects.TRASHED, "deleted": effects.DELETED}[state](),
    )
    assert made == Plan(event=EVENT_ID, actions=(withdraw,))
    assert plan_of((a_recording_seen(state=state),), (a_publication(state="withdrawn"),)).actions == ()


def test_recording_brought_back_at_zoom_is_published_again() -> None:
    assert len(published(plan_of((a_recording_seen(),), (a_publication(state="withdrawn"),)))) == 1


def test_recording_is_for_members_if_any_entry_for_it_says_so() -> None:
    event = an_event(attachments=(an_attachment(), *MEMBERS_ONLY))
    slides_only = an_event(attachments=(an_attachment(), an_attachment(kind="slides", visibility="members")))

    assert visibility_of(event) == "members"
    assert visibility_of(slides_only) == "public"
    assert published(plan_of((a_recording_seen(),), event=event))[0][3] == "members"


def test_recording_shown_to_too_many_is_put_right_whatever_it_waits_for() -> None:
    event = an_event(attachments=MEMBERS_ONLY, needs_review=(a_note(field="recording"),))

    made = plan_of((a_recording_seen(),), (a_publication(),), event=event)

    assert published(made) == [(UUID, 1, "Recording", "members")]
    assert made.actions[0].changes()[1].old == "public"


def test_recording_is_not_shown_to_more_while_it_waits_for_approval() -> None:
    event = an_event(needs_review=(a_note(field="recording"),))

    made = plan_of((a_recording_seen(),), (a_publication(visibility="members"),), event=event)

    assert made.actions == ()
    assert len(made.refused) == 1


def test_recording_waits_for_approval_where_the_event_or_profile_says_so() -> None:
    doubtful = an_event(needs_review=(a_note(field="recording"),))
    asked = an_event(consent="ask")
    reviewed = a_profile(review="required")

    assert needs_approval(doubtful, a_profile())
    assert needs_approval(asked, a_profile())
    assert needs_approval(an_event(), reviewed)
    assert not needs_approval(an_event(needs_review=(a_note(),)), a_profile())


def test_approval_lets_the_recording_through() -> None:
    event = an_event(consent="ask")

    held = plan_of((a_recording_seen(),), event=event)
    approved = plan_of((a_recording_seen(),), event=event, approved=True)

    assert held.refused == (say.WAITS_FOR_APPROVAL(event=EVENT_ID),)
    assert len(published(approved)) == 1


def test_consent_against_recording_is_not_overruled_by_an_approval() -> None:
    made = plan_of((a_recording_seen(),), event=an_event(consent="do_not_record"), approved=True)

    assert made.actions == ()
    assert made.refused == (say.NO_CONSENT(),)


def test_consent_that_is_taken_back_withdraws_what_is_published() -> None:
    refusing = an_event(consent="do_not_record")
    known, unknown = a_publication(), a_publication(recording_uuid="b==", part=2)

    made = plan_of((a_recording_seen(),), (known, unknown), event=refusing, approved=True)
    after = plan_of((a_recording_seen(),), (a_publication(state="withdrawn"),), event=refusing, approved=True)

    assert [(action.kind, getattr(action, "recording_uuid", ""), action.reason) for action in made.actions] == [
        ("WithdrawRecording", known.recording_uuid, effects.NO_CONSENT()),
        ("WithdrawRecording", "b==", effects.NO_CONSENT()),
    ]
    assert after.actions == ()
    assert after.refused == made.refused == (say.NO_CONSENT(),)


def test_recording_is_published_so_long_after_the_end_as_the_profile_says() -> None:
    early, due = a_profile(publish_after_minutes=121), a_profile(publish_after_minutes=120)

    waiting = plan_of((a_recording_seen(),), profile=early)

    assert waiting.actions == ()
    assert waiting.waits == (say.PUBLISHED_FROM(due=datetime(2040, 1, 31, 16, 46, tzinfo=UTC)),)
    assert waiting.blockers[0].until == END + timedelta(minutes=121)
    assert len(published(plan_of((a_recording_seen(),), profile=due))) == 1


def test_recording_waits_for_the_transcript_of_every_part() -> None:
    profile = a_profile(wait_for_transcript=True)
    with_it, without = a_recording_seen(transcript=True), a_recording_seen(uuid="second", start=START + HOUR)

    assert plan_of((with_it, without), profile=profile).waits == (say.WAITS_FOR_TRANSCRIPT(),)
    assert len(published(plan_of((with_it,), profile=profile))) == 1


FOREIGN = a_recording_seen(playable=False, foreign_host="video.example.org")
SECOND, SHOWN = a_publication(recording_uuid="second", part=2), a_publication(title="Recording, part 1")


@pytest.mark.parametrize("holds", [False, True])
def test_recording_that_leads_elsewhere_is_withdrawn_unless_those_of_many_events_do(holds: bool) -> None:
    made = plan_of((FOREIGN,), (a_publication(),), holds_elsewhere=holds)

    assert [action.kind for action in made.actions] == ([] if holds else ["WithdrawRecording"])
    assert any(wait.kind is plans.MANY_ELSEWHERE for wait in made.waits) is holds
    assert made.refused == ()  # it waits for a corrected setting


def test_good_recording_is_published_beside_one_that_leads_elsewhere_and_is_held() -> None:
    good = a_recording_seen(uuid="second", start=START + HOUR)

    first = plan_of((FOREIGN, good), (a_publication(),), holds_elsewhere=True)
    again = plan_of((FOREIGN, good), (SHOWN, SECOND), holds_elsewhere=True)

    assert published(first) == [
        (UUID, 1, "Recording, part 1", "public"),
        ("second", 2, "Recording, part 2", "public"),
    ]
    assert len(first.actions) == 2
    assert any(wait.kind is plans.MANY_ELSEWHERE for wait in first.waits)
    assert [action.kind for action in again.actions if action.kind == "WithdrawRecording"] == []


@pytest.mark.parametrize(("shown", "asked"), [("members", "public"), ("public", "members")])
def test_recording_that_leads_elsewhere_and_is_held_is_narrowed_but_never_widened(shown: str, asked: str) -> None:
    entries = (
        [{"kind": "recording", "title": "Recording", "state": "expected", "visibility": "members"}]
        if asked == "members"
        else []
    )
    good = a_recording_seen(uuid="second", start=START + HOUR)
    publications = SHOWN.model_copy(update={"visibility": shown}), SECOND.model_copy(update={"visibility": shown})

    made = plan_of((FOREIGN, good), publications, event=an_event(attachments=entries), holds_elsewhere=True)

    changed = {part: audience for _, part, _, audience in published(made)}
    assert changed == ({2: "public"} if asked == "public" else {1: "members", 2: "members"})


@pytest.mark.parametrize("why", ["consent", "deleted", "withheld"])
def test_other_reasons_withdraw_beside_links_that_lead_elsewhere_and_are_held(why: str) -> None:
    changes: dict[str, object] = {"deleted": {"state": "deleted"}, "withheld": {"withheld": True}}.get(why, {})
    event = an_event(consent="do_not_record") if why == "consent" else an_event()

    made = plan_of(
        (FOREIGN, a_recording_seen(uuid="second", **changes)), (SHOWN, SECOND), event=event, holds_elsewhere=True
    )

    withdrawn = {action.recording_uuid for action in made.actions if isinstance(action, WithdrawRecording)}
    assert withdrawn == ({UUID, "second"} if why == "consent" else {"second"})
