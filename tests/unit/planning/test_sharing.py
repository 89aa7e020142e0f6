"""What a visitor meets, what is held back for it, and when Zoom is asked about it."""

from datetime import timedelta
from typing import Any, Literal

import pytest

from tests.builders import END, START, UUID, a_profile, a_publication, a_recording_seen, an_event, an_observed_webinar
from zoom_ops.planning import Plan, PublishRecording, WithdrawRecording, is_asked, plan
from zoom_ops.webinars import Hurdle, Recording, RecordingFile, Sharing, hurdle_of

AFTER = END + timedelta(hours=2)
DAY = timedelta(days=1)
OPEN = Sharing(shared="publicly", needs_passcode=True)


@pytest.mark.parametrize(
    ("sharing", "passcode", "hurdle"),
    [
        (OPEN, "in_link", "passcode_in_link"),
        (OPEN, "typed", "passcode_typed"),
        (OPEN, None, "passcode_unknown"),
        (Sharing(shared="publicly"), None, "passcode_unknown"),
        (Sharing(shared="publicly", needs_passcode=False), None, "open"),
        (Sharing(shared="publicly", on_demand=True), "in_link", "registration"),
        (Sharing(shared="publicly", on_demand=True, sign_in=True), "in_link", "sign_in"),
        (Sharing(sign_in=True), None, "sign_in"),
        (Sharing(shared="internally", sign_in=True, on_demand=True), "in_link", "account_only"),
        (Sharing(shared="none", sign_in=True, on_demand=True), "in_link", "not_shared"),
        (Sharing(), "in_link", "unknown"),
        (None, "in_link", "unknown"),
    ],
)
def test_the_hardest_hurdle_counts(
    sharing: Sharing | None, passcode: Literal["in_link", "typed"] | None, hurdle: Hurdle
) -> None:
    assert hurdle_of(sharing, passcode) == hurdle


def plan_of(sharing: Sharing | None, *, published: bool = False, hold: bool = False, **seen: Any) -> Plan:
    observed = an_observed_webinar(
        recordings=(a_recording_seen(sharing=sharing, **{"passcode": "in_link", **seen}),),
        publications=(a_publication(),) if published else (),
    )
    return plan(an_event(), a_profile(restricted_recordings="hold" if hold else "publish"), observed, AFTER)


def kinds(plan: Plan) -> list[type]:
    return [type(action) for action in plan.actions if isinstance(action, PublishRecording | WithdrawRecording)]


def test_recording_that_is_no_longer_shared_is_withdrawn() -> None:
    made = plan_of(Sharing(shared="none"), published=True)
    assert kinds(made) == [WithdrawRecording]
    assert (len(made.refused), made.notices) == (1, ())


def test_recording_of_which_zoom_was_not_asked_is_published_without_a_notice() -> None:
    made = plan_of(None, hold=True)
    assert (kinds(made), made.refused, made.notices) == ([PublishRecording], (), ())


def test_unknown_answer_withdraws_nothing() -> None:
    made = plan_of(None, published=True, hold=True, sharing_failure="Zoom refused.")
    assert (kinds(made), made.refused) == ([], ())
    assert [notice.notice for notice in made.notices] == ["sharing_unknown"]


def test_restricted_recording_is_withdrawn_where_the_profile_holds_it() -> None:
    assert kinds(plan_of(Sharing(shared="internally"), published=True)) == []
    assert kinds(plan_of(Sharing(shared="internally"), published=True, hold=True)) == [WithdrawRecording]


def test_nobody_is_told_of_the_sharing_of_what_is_never_published() -> None:
    observed = an_observed_webinar(recordings=(a_recording_seen(sharing=Sharing(sign_in=True)),))
    assert plan(an_event(consent="do_not_record"), a_profile(), observed, AFTER).notices == ()


def a_recording(**changes: Any) -> Recording:
    file = RecordingFile(
        id="f", file_type="MP4", recording_type=None, extension="MP4", size=1, status="completed", start=None, end=None
    )
    fields = {"uuid": UUID, "webinar_id": 1, "type": 5, "topic": "", "start": START, "duration": 75}
    return Recording(**{**fields, "share_url": "https://zoom.us/s", "passcode": "p", "files": (file,), **changes})


@pytest.mark.parametrize(
    ("held", "reported", "known", "asked", "expected"),
    [
        (None, a_recording(), False, None, True),
        (None, a_recording(files=()), False, None, False),  # Zoom is still processing it
        (a_recording(), a_recording(), True, AFTER - 40 * DAY, False),
        (a_recording(), a_recording(), False, None, True),
        (a_recording(), a_recording(), False, AFTER - DAY / 2, False),
        (a_recording(), a_recording(), False, AFTER - DAY, True),
        (a_recording(), a_recording(passcode="q"), True, AFTER, True),
        (a_recording(), a_recording(passcode=None), True, AFTER, False),
        (a_recording(), a_recording(share_url="https://zoom.us/t"), True, AFTER, True),
    ],
)
def test_zoom_is_asked_once_and_again_when_something_has_changed(
    held: Recording | None, reported: Recording, known: bool, asked: Any, expected: bool
) -> None:
    assert is_asked(held, reported, known, asked, AFTER) is expected
