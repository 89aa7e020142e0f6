"""The stages of an event's life: whatever the facts, each stage is told with its reason, and nothing late is silent."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ACCOUNT, AMARA, EVENT_ID, HOST, START, a_note, an_event
from zoom_ops.events import Publication
from zoom_ops.messages import as_said
from zoom_ops.messages import stages as say
from zoom_ops.planning import Blocker, Bound, CreateWebinar, Observed, ObservedRecording, Plan, plan
from zoom_ops.profiles import Profile
from zoom_ops.stages import (
    NAMES,
    AccountStop,
    EventFacts,
    Instance,
    RunFacts,
    ServiceFacts,
    Stage,
    find_unexplained,
    stages_of,
    troubles_of,
)

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LONG_AGO = START - 60 * DAY
SERVICE = ServiceFacts()
BOUND = Bound(webinar_id=84406416750, host=HOST, state="bound", origin="created", known=(), asked=())
RECORDED = Profile(name="default", settings=(("auto_recording", "cloud"),), min_recording_minutes=5)


def facts(now: datetime, bound: Bound | None = None, **changes: Any) -> EventFacts:
    """Build the facts of an event whose webinar is planned; with `bound`, of one that has its own."""
    event = changes.pop("event", an_event(performers=()))
    observed = changes.pop("observed", Observed(account=ACCOUNT, bound=bound, host=HOST if bound else ""))
    create = CreateWebinar(
        event=EVENT_ID,
        account=ACCOUNT,
        host=HOST,
        marker="",
        booked_from=START,
        booked_until=START,
        fields=(),
        reason="",
    )
    values = {
        "now": now,
        "event": event,
        "profile": RECORDED,
        "observed": observed,
        "plan": Plan(event=EVENT_ID, actions=() if bound or event.status == "cancelled" else (create,)),
        "service": SERVICE,
        "created_at": LONG_AGO,
        "updated_at": LONG_AGO,
        "bound_at": LONG_AGO if bound else None,
    }
    return EventFacts(**(values | changes))


def stage(known: EventFacts, name: str) -> Stage:
    return next(found for found in stages_of(known) if found.name == name)


def a_run(job: str = "create_webinars", **changes: Any) -> RunFacts:
    return RunFacts(
        **({"id": 7, "job": job, "state": "failed", "error": as_said("Zoom refused it."), "since": LONG_AGO} | changes)
    )


def a_recording(**changes: Any) -> ObservedRecording:
    return ObservedRecording(**({"uuid": "u==", "start": START, "duration": 70, "state": "completed"} | changes))


NO_HOST = Blocker(about="webinar", message=as_said("No host is free at that time."))
DOUBT = a_note(field="start", reason="The hour is not said.")
WAITING = a_run(state="active", waiting=True, error=as_said("The day's changes are used up."), next_at=START - 19 * DAY)


@pytest.mark.parametrize(
    ("before", "state", "critical"),
    [(8 * DAY, "ahead", False), (7 * DAY, "late", False), (24 * HOUR, "late", True), (HOUR, "late", True)],
)
def test_webinar_is_late_a_week_before_and_critical_a_day_before(before: timedelta, state: str, critical: bool) -> None:
    webinar = stage(facts(START - before), "webinar")

    assert (webinar.state, webinar.is_critical) == (state, critical)
    then = say.AT_ONCE(job="create_webinars", event=EVENT_ID)
    assert webinar.message == say.UNFINISHED(what=say.NO_WEBINAR(), then=then)


@pytest.mark.parametrize(("came", "late"), [(40, 10), (8, 2), (600, 60)])
def test_event_that_came_late_has_a_quarter_of_the_time_that_is_left(came: int, late: int) -> None:
    at = START - came * MINUTE
    states = [
        stage(facts(at + after * MINUTE, created_at=at, updated_at=at), "webinar").state for after in (late - 1, late)
    ]

    assert states == ["ahead", "late"]


def test_event_that_was_over_without_a_webinar_is_told_for_three_days() -> None:
    end = an_event().end_utc
    found = [stage(facts(end + after), "webinar") for after in (MINUTE, 3 * DAY)]
    late_import = facts(end + DAY, created_at=end + HOUR, updated_at=end + HOUR)

    assert [one.state for one in found] == ["late", "skipped"]
    assert f"zoom-ops events adopt {EVENT_ID} WEBINAR_ID" in found[0].action
    assert stage(late_import, "webinar").state == "skipped"


def test_retry_that_comes_after_the_start_is_told_at_once() -> None:
    run = a_run(state="active", waiting=True, error=as_said("Today's calls are used up."), next_at=START + HOUR)

    assert stage(facts(START - 8 * DAY, runs={"create_webinars": run}), "webinar").state == "stuck"


def test_stage_whose_run_is_under_way_says_which() -> None:
    run = a_run(state="active", error=None)

    webinar = stage(facts(START - 30 * DAY, runs={"create_webinars": run}), "webinar")

    assert (webinar.state, webinar.action) == ("ahead", "Run 7 does it now.")


def test_failed_run_is_told_before_the_deadline() -> None:
    webinar = stage(facts(START - 30 * DAY, runs={"create_webinars": a_run()}), "webinar")

    assert (webinar.state, webinar.since) == ("stuck", LONG_AGO)
    assert "Zoom refused it." in webinar.reason
    assert "zoom-ops runs retry 7" in webinar.action


@pytest.mark.parametrize(("failures", "state"), [(1, "waits"), (2, "stuck")])
def test_run_that_is_tried_again_is_told_after_its_second_failure(failures: int, state: str) -> None:
    run = a_run(state="active", failures=failures, next_at=START - 20 * DAY)

    assert stage(facts(START - 30 * DAY, runs={"create_webinars": run}), "webinar").state == state


def test_stopped_account_is_the_reason_and_its_own_alert_tells_it_until_the_event_is_late() -> None:
    stop = AccountStop(
        account=ACCOUNT, message=as_said("Zoom account main is stopped: the secret is wrong."), since=LONG_AGO
    )
    service = ServiceFacts(stops=(stop,))
    early, late = (stage(facts(START - before, service=service), "webinar") for before in (20 * DAY, DAY))

    assert (early.state, late.state) == ("waits", "late")
    assert troubles_of(facts(START - 20 * DAY, service=service), (early,)) == ()
    assert early.reason == late.reason == str(stop.message)


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({"plan": Plan(event=EVENT_ID, blockers=(NO_HOST,))}, "webinar", NO_HOST.sentence),
        ({"runs": {"create_webinars": WAITING}}, "webinar", "The day's changes are used up."),
        (
            {"service": ServiceFacts(paused_jobs={"create_webinars": ""})},
            "webinar",
            "The job create_webinars is paused.",
        ),
        ({"service": ServiceFacts(is_performing=False)}, "webinar", "No process performs runs."),
        ({"event": an_event(visibility="draft"), "rests": True}, "record", "It is a draft."),
        ({"event": an_event(visibility="draft", needs_review=(DOUBT,))}, "record", "The event needs review"),
        ({"event": an_event(needs_review=(DOUBT,))}, "record", "The event needs review"),
        ({"event": an_event(status="postponed")}, "record", "The event is postponed"),
    ],
)
def test_stage_that_something_holds_up_waits_and_says_for_what(changes: dict[str, Any], name: str, reason: str) -> None:
    known = facts(START - 20 * DAY, **changes)

    states = {found.name: found.state for found in stages_of(known)}

    assert [found for found, state in states.items() if state == "waits"] == [name]
    assert stage(known, name).reason.startswith(reason)
    assert troubles_of(known, stages_of(known)) == ()


def test_recording_that_nobody_has_approved_waits_until_it_is_late() -> None:
    blocker = Blocker(about="recording", message=as_said("The recording waits for approval."), approval="recording")
    observed = Observed(account=ACCOUNT, bound=BOUND, host=HOST, recordings=(a_recording(),))
    known = {"observed": observed, "plan": Plan(event=EVENT_ID, blockers=(blocker,)), "fetched_at": START + HOUR}

    states = [stage(facts(START + after, BOUND, **known), "published").state for after in (4 * HOUR, 4 * DAY)]

    assert states == ["waits", "late"]


def test_two_recordings_that_are_too_short_are_a_reason_with_their_lengths() -> None:
    recordings = (a_recording(duration=1), a_recording(uuid="v==", duration=2))
    observed = Observed(account=ACCOUNT, bound=BOUND, host=HOST, recordings=recordings)
    known = facts(START + 5 * DAY, BOUND, observed=observed, fetched_at=START + HOUR)

    published = stage(known, "published")

    assert published.state == "late"
    assert published.message
    assert published.message.code == "stages.too_short"
    lengths = (MINUTE, 2 * MINUTE)
    assert published.message.values["what"] == say.ONLY_SHORT(count=2, least=5, profile="default", lengths=lengths)


def test_webinar_that_has_not_begun_is_critical_ten_minutes_after_its_start() -> None:
    states = [stage(facts(START + after, BOUND), "started") for after in (MINUTE, 10 * MINUTE)]

    assert [found.state for found in states] == ["ahead", "late"]
    assert states[1].is_critical
    assert states[1].message == say.NOT_STARTED(webinar=BOUND.webinar_id, start=START, host=HOST)


def test_start_is_not_missed_where_zoom_notifies_us_of_nothing() -> None:
    assert stage(facts(START + 20 * MINUTE, BOUND, hears=False), "started").state == "unknown"


def test_speakers_without_an_address_are_late_a_day_before() -> None:
    event = an_event(performers=(AMARA.model_copy(update={"email": None}),))
    states = [stage(facts(START - before, BOUND, event=event), "speakers") for before in (2 * DAY, 20 * HOUR)]

    assert [found.state for found in states] == ["waits", "late"]
    assert states[1].message == say.NO_ADDRESS(people=(AMARA.name,), count=1)


def test_cancelled_event_has_no_stage_but_its_webinar() -> None:
    found = stages_of(facts(START - DAY, event=an_event(status="cancelled")))

    assert {known.state for known in found} == {"done", "skipped"}


def test_deadlines_are_the_profiles() -> None:
    patient = RECORDED.model_copy(update={"webinar_due_days": 2, "start_due_minutes": 30, "recording_due_hours": 1})

    assert stage(facts(START - 3 * DAY, profile=patient), "webinar").state == "ahead"
    assert stage(facts(START + 20 * MINUTE, BOUND, profile=patient), "started").state == "ahead"
    assert facts(START, BOUND, profile=patient).late_from == an_event().end_utc + 2 * 75 * MINUTE + HOUR


def test_events_with_one_cause_have_the_same_words_for_it() -> None:
    causes = set()
    for number in range(3):
        run = a_run(id=number + 7, error=as_said(f"Zoom refused webinar {number}81234567 of talk-{number}."))
        event = an_event(id=f"talk-{number}", performers=())
        known = facts(START - DAY, event=event, runs={"create_webinars": run})
        (problem,) = troubles_of(known, stages_of(known))
        causes.add((problem.kind, problem.cause))

    assert len(causes) == 1


def test_run_that_no_stage_accounts_for_is_a_problem_of_its_own() -> None:
    known = facts(START - 20 * DAY, BOUND, runs={"report_stray_webinars": a_run("report_stray_webinars")})

    (problem,) = troubles_of(known, stages_of(known))

    assert problem.kind == "run_failed"
    assert (problem.message.code, problem.message.values["job"]) == ("holdups.run_failed", "report_stray_webinars")


runs = st.builds(
    a_run,
    st.just("create_webinars") | st.just("register_panelists") | st.just("publish_recordings") | st.just("other"),
    state=st.sampled_from(["active", "parked", "failed", "cancelled"]),
    failures=st.integers(0, 3),
    waiting=st.booleans(),
    error=st.sampled_from([None, as_said("Zoom refused it.")]),
)
recordings = st.lists(
    st.builds(
        a_recording,
        uuid=st.sampled_from(["u==", "v=="]),
        duration=st.integers(0, 90),
        state=st.sampled_from(["processing", "completed", "trashed", "gone"]),
        withheld=st.booleans(),
        playable=st.booleans(),
    ),
    max_size=2,
    unique_by=lambda recording: recording.uuid,
)
events = st.builds(
    an_event,
    status=st.sampled_from(["scheduled", "rescheduled", "postponed", "cancelled"]),
    consent=st.sampled_from(["record", "do_not_record", "ask"]),
    performers=st.sampled_from([(), (AMARA,), (AMARA.model_copy(update={"email": None}),)]),
)
a_publication = Publication(
    recording_uuid="u==", title="Recording", url="https://x.example.org", visibility="public", state="published",
    published_at=START + DAY,
)  # fmt: skip


@given(
    minutes=st.integers(-60 * 24 * 60, 60 * 24 * 40),
    event=events,
    bound=st.sampled_from([None, BOUND, replace(BOUND, state="gone"), replace(BOUND, state="cancelled")]),
    found=recordings,
    known_runs=st.lists(runs, max_size=3, unique_by=lambda run: run.job),
    published=st.booleans(),
    began=st.booleans(),
    refused=st.booleans(),
    stopped=st.booleans(),
)
def test_whatever_the_facts_every_stage_is_told(
    minutes: int, event: Any, bound: Bound | None, found: list[ObservedRecording], known_runs: list[RunFacts],
    published: bool, began: bool, refused: bool, stopped: bool,
) -> None:  # fmt: skip
    now = START + minutes * MINUTE
    observed = Observed(
        account=ACCOUNT, bound=bound, host=HOST, recordings=tuple(found) if bound else (),
        publications=(a_publication,) if published else (),
    )  # fmt: skip
    current = plan(event, RECORDED, observed, now)
    if refused:
        blocker = Blocker(about="webinar", message=as_said("The guard refuses it."), refused=True)
        current = current.model_copy(update={"blockers": (*current.blockers, blocker)})
    stop = AccountStop(account=ACCOUNT, message=as_said("Zoom account main is stopped."), since=LONG_AGO)
    known = facts(
        now, bound, event=event, observed=observed, plan=current, runs={run.job: run for run in known_runs},
        instances=(Instance(started_at=START, ended_at=None),) if began else (),
        service=ServiceFacts(stops=(stop,) if stopped else ()),
    )  # fmt: skip

    stages = stages_of(known)

    assert [found_stage.name for found_stage in stages] == list(NAMES)
    for one in stages:
        assert one.state != "late" or (one.deadline is not None and one.deadline <= now)
        assert not one.is_trouble or (one.reason and one.cause and one.sentence.endswith((".", "?", one.action)))
        assert one.is_trouble or not one.is_critical
        assert one.state not in ("skipped", "unknown") or one.reason
    assert stages_of(known) == stages
    explained = {job for one in stages if one.is_trouble for job in one.jobs}
    assert all(run.job not in explained for run in find_unexplained(known, stages))
    told = " ".join(str(problem.message) for problem in troubles_of(known, stages))
    for run in known_runs:
        if run.state in ("failed", "parked") and run.error and not stopped and run.job == "other":
            assert f"zoom-ops runs retry {run.id}" in told
