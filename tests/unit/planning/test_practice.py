"""Practice is a doubt: a recording's time decides, and an operator where that leaves a doubt."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import END, EVENT_ID, START, UUID, a_profile, a_publication, a_recording_seen, an_event
from tests.builders import an_observed_webinar as observed_with
from tests.setup.examples import examples
from zoom_ops.messages import recordings as say
from zoom_ops.planning import Plan, PublishRecording, is_rehearsal, plan, span_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AFTER = END + 2 * HOUR
EARLY: dict[str, Any] = {"uuid": "early", "start": START - 45 * MINUTE, "duration": 18}
APPROVE = f"zoom-ops events approve {EVENT_ID} --field"
briskly = settings(max_examples=examples(300), deadline=None, derandomize=True)
SAID = st.sampled_from([None, False, True])


def plan_of(*recordings: Any, now: datetime = AFTER, profile: Any = None, event: Any = None, **observed: Any) -> Plan:
    return plan(event or an_event(), profile or a_profile(), observed_with(recordings=recordings, **observed), now)


def published(plan: Plan) -> list[str]:
    actions = [action for action in plan.actions if isinstance(action, PublishRecording)]
    return [action.recording_uuid for action in sorted(actions, key=lambda action: action.part)]


@st.composite
def recordings(draw: st.DrawFn) -> Any:
    start = draw(st.none() | st.integers(-600, 600).map(lambda minutes: START + minutes * MINUTE))
    begin = start + draw(st.integers(0, 90)) * MINUTE if start and draw(st.booleans()) else None
    return a_recording_seen(
        start=start,
        duration=draw(st.integers(1, 300)),
        practice=draw(SAID),
        files_begin=begin,
        files_end=begin + draw(st.integers(1, 300)) * MINUTE if begin else None,
    )


@briskly
@given(recordings(), st.integers(0, 60))
def test_what_overlaps_the_event_is_published_whatever_zoom_calls_it(recording: Any, minutes: int) -> None:
    if recording.begin is None or not (recording.begin < END and recording.end >= START):
        recording = replace(recording, start=START - minutes * MINUTE, duration=minutes + 1, files_begin=None,
                            files_end=None)  # fmt: skip

    made = plan_of(recording)

    assert published(made) == [UUID]
    assert [blocker for blocker in made.blockers if blocker.approval] == []


@briskly
@given(recordings(), st.integers(1, 600))
def test_what_ended_before_the_event_is_never_published_unasked(recording: Any, minutes: int) -> None:
    end = START - minutes * MINUTE
    recording = replace(recording, files_begin=end - recording.duration * MINUTE, files_end=end)

    made = plan_of(recording)

    assert made.actions == ()
    assert [(b.approval, b.refused, b.recording) for b in made.blockers] == [("practice", True, UUID)]


@briskly
@given(recordings())
def test_nothing_is_held_back_for_practice_once_an_operator_has_approved(recording: Any) -> None:
    made = plan_of(recording, practice_approved=True)

    assert published(made) == [UUID]
    assert [blocker for blocker in made.blockers if blocker.approval] == []


@briskly
@given(recordings(), st.sampled_from(["publish", "hold"]))
def test_what_begins_early_is_noticed_or_held_and_never_published_in_silence(recording: Any, how: Any) -> None:
    made = plan_of(recording, profile=a_profile(early_recording=how), practice_approved=True)

    early = recording.begin is not None and recording.begin < START - 10 * MINUTE and recording.end >= START
    early = early and (START - recording.begin) // MINUTE > 10
    assert [blocker.notice for blocker in made.notices] == (
        ["rehearsal_in_recording"] if early and how == "publish" else []
    )
    assert published(made) == ([] if early and how == "hold" else [UUID])


@pytest.mark.parametrize(
    ("practice", "said"),
    [
        (True, "Zoom calls it a practice session."),
        (False, "Zoom says that it was no practice session."),
        (None, "Zoom has not said whether it was a practice session."),
    ],
)
def test_operator_reads_both_times_and_zooms_word(practice: bool | None, said: str) -> None:
    made = plan_of(a_recording_seen(**EARLY, practice=practice))

    finding = f"Recorded 07:45 to 08:03 (18 min), before the event (08:30 to 09:45, America/New_York). {said}"
    assert tuple(map(str, made.refused)) == (
        f"{finding} Watch it. If it is the event: {APPROVE} practice; "
        f"if it is not: zoom-ops events withhold {EVENT_ID} early",
    )
    assert str(made.blockers[0].finding) == finding


def test_times_are_dated_where_the_days_differ() -> None:
    (sentence,) = plan_of(a_recording_seen(uuid="early", start=START - 33 * HOUR, duration=60)).refused

    assert "Recorded 2040-01-29 23:30 to 2040-01-30 00:30 (1 h), before the event " in str(sentence)
    assert "(2040-01-31 08:30 to 09:45, America/New_York)" in str(sentence)


def test_recording_that_ended_when_the_event_began_is_the_events() -> None:
    until_the_start = a_recording_seen(start=START - 30 * MINUTE, duration=30, practice=True)

    assert published(plan_of(until_the_start)) == [UUID]


def test_nobody_is_asked_before_the_event_is_over() -> None:
    assert plan_of(a_recording_seen(**EARLY), now=START - 20 * MINUTE) == Plan(event=EVENT_ID)


def test_recording_after_the_event_is_asked_about_only_where_zoom_calls_it_practice() -> None:
    late = {"start": END + HOUR, "duration": 20}

    (asked,) = plan_of(a_recording_seen(**late, practice=True)).refused
    assert [each.kind for each in asked.parts()][1] is say.AFTER_THE_EVENT
    assert published(plan_of(a_recording_seen(**late, practice=False))) == [UUID]
    assert published(plan_of(a_recording_seen(**late, practice=None))) == [UUID]


def test_recording_at_an_unknown_time_is_asked_about_only_where_zoom_calls_it_practice() -> None:
    (blocker,) = plan_of(a_recording_seen(start=None, practice=True)).blockers
    assert blocker.finding == say.AT_UNKNOWN_TIME(length=timedelta(minutes=75), called=say.CALLED_PRACTICE())
    assert published(plan_of(a_recording_seen(start=None, practice=None))) == [UUID]


def test_beside_the_events_own_recording_the_question_stays_and_nothing_waits_for_it() -> None:
    made = plan_of(a_recording_seen(**EARLY), a_recording_seen())

    assert published(made) == [UUID]
    assert made.refused == ()
    assert [(b.approval, b.over, b.recording) for b in made.blockers] == [("practice", True, "early")]


def test_what_was_left_out_can_be_approved_after_another_part_was_published() -> None:
    early, real = a_recording_seen(**EARLY, practice=True), a_recording_seen()

    held = plan_of(early, real, publications=(a_publication(),))
    approved = plan_of(early, real, publications=(a_publication(),), practice_approved=True)

    assert (held.actions, [b.approval for b in held.blockers]) == ((), ["practice"])
    assert published(approved) == ["early", UUID]


def test_what_an_operator_keeps_back_is_asked_about_no_more() -> None:
    assert plan_of(a_recording_seen(**EARLY, withheld=True)) == Plan(event=EVENT_ID)


def test_rehearsal_of_an_event_without_consent_needs_no_decision() -> None:
    made = plan_of(a_recording_seen(**EARLY), event=an_event(consent="do_not_record"))

    assert made.refused == (say.NO_CONSENT(),)


def test_recording_that_begins_long_before_the_event_is_published_with_a_notice() -> None:
    early = a_recording_seen(start=START - 30 * MINUTE, duration=105)

    made = plan_of(early)

    assert published(made) == [UUID]
    assert [(blocker.about, blocker.notice, blocker.sentence) for blocker in made.blockers] == [
        (
            "recording",
            "rehearsal_in_recording",
            "Recorded 08:00 to 09:45 (1 h 45 min), from 30 min before the event (08:30 to 09:45, "
            "America/New_York) on: a rehearsal may be in it. The profile publishes it all the same. "
            "Watch its beginning; to cut it, open it at Zoom under Recordings, and trim it there. "
            f"If it may be seen as it is, or once it is cut: {APPROVE} early_start; "
            f"to take it off the page: zoom-ops events withhold {EVENT_ID} {UUID}",
        )
    ]
    assert plan_of(early, publications=(a_publication(),)).notices == made.notices
    assert plan_of(early, early_start_approved=True).blockers == ()
    assert plan_of(replace(early, withheld=True)).blockers == ()


def test_recording_that_begins_early_is_held_where_the_profile_says_so() -> None:
    early, holding = a_recording_seen(start=START - 30 * MINUTE, duration=105), a_profile(early_recording="hold")

    held = plan_of(early, profile=holding)

    assert (held.actions, [(b.approval, b.refused) for b in held.blockers]) == ((), [("early_start", True)])
    assert [each.kind for each in held.refused[0].parts()][-1] is say.HELD_EARLY
    assert published(plan_of(early, profile=holding, early_start_approved=True)) == [UUID]
    assert plan_of(early, profile=holding, practice_approved=True).actions == ()


@pytest.mark.parametrize(
    ("minutes", "early", "noticed"), [(10, 10, False), (10, 11, True), (60, 59, False), (0, 1, True)]
)
def test_profile_says_what_is_early(minutes: int, early: int, noticed: bool) -> None:
    recording = a_recording_seen(start=START - early * MINUTE, duration=100)

    made = plan_of(recording, profile=a_profile(trim_notice_minutes=minutes))

    assert bool(made.notices) is noticed


def test_files_tell_when_a_recording_of_a_longer_instance_began() -> None:
    broadcast_only = a_recording_seen(start=START - HOUR, duration=135, files_begin=START, files_end=END)
    rehearsal_only = a_recording_seen(start=START - HOUR, duration=135, files_begin=START - HOUR,
                                      files_end=START - 40 * MINUTE)  # fmt: skip

    assert (published(plan_of(broadcast_only)), plan_of(broadcast_only).notices) == ([UUID], ())
    assert plan_of(rehearsal_only).actions == ()


def test_span_of_files_leaves_implausible_times_out() -> None:
    year_ago, century_on = START - timedelta(days=365), START + timedelta(days=36500)
    week_later = START + timedelta(days=7)

    assert span_of(START, [(START, END), (START + MINUTE, END + MINUTE)]) == (START, END + MINUTE)
    assert span_of(START, [(year_ago, year_ago + HOUR), (END, START), (START, century_on), (None, END)]) == (None, None)
    assert span_of(START, [(week_later, week_later + HOUR)]) == (None, None)
    assert span_of(None, [(START, END)]) == (START, END)


@pytest.mark.parametrize(
    ("practice", "ended", "rehearsal"),
    [
        (True, START - MINUTE, True),
        (True, START + MINUTE, True),
        (True, END, False),
        (True, END + HOUR, False),
        (False, START - MINUTE, False),
        (None, None, False),
    ],
)
def test_instance_that_ended_late_in_the_event_was_no_rehearsal(
    practice: bool | None, ended: datetime | None, rehearsal: bool
) -> None:
    assert is_rehearsal(practice, ended, START, END) is rehearsal
