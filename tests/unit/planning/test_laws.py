"""The five laws of planning, over generated worlds: reaches, settles, identity, resumes, deterministic."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.setup.examples import examples
from tests.unit.planning.worlds import World, so_already, worlds
from tests.unit.planning.zoom_model import perform
from zoom_ops.messages import plans as say
from zoom_ops.planning import (
    AddPanelists,
    CreateWebinar,
    Observed,
    Plan,
    PublishRecording,
    RemovePanelist,
    UpdateWebinar,
    WithdrawRecording,
    action_from_json,
    digest_of,
    plan,
)
from zoom_ops.planning.desired import desired_fields, desired_seats
from zoom_ops.planning.differ import same
from zoom_ops.planning.recordings.planned import choose_recordings
from zoom_ops.planning.render import marker_of
from zoom_ops.planning.zones import ZOOM_ZONES

briskly = settings(
    max_examples=examples(80), deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
ANY_FIELD = st.sampled_from(["topic", "agenda", "start", "duration", "timezone", "settings.auto_recording",
                             "settings.approval_type", "settings.language_interpretation.interpreters"])  # fmt: skip


@briskly
@given(worlds())
def test_plan_reaches_what_is_desired(world: World) -> None:
    reached = converge(world)

    assert_webinar_reached(world, reached)
    assert_recordings_reached(world, reached)


@briskly
@given(worlds())
def test_plan_settles(world: World) -> None:
    reached = converge(world)

    assert plan_of(world, reached).actions == ()


@briskly
@given(worlds(status="scheduled"))
def test_plan_of_what_is_so_already_is_empty(world: World) -> None:
    already = so_already(world.event, world.profile, world.observed)

    assert plan_of(world, already).actions == ()


@briskly
@given(worlds(), st.data())
def test_plan_cut_anywhere_is_finished_by_the_next(world: World, data: st.DataObject) -> None:
    first = plan_of(world, world.observed)
    cut = data.draw(st.integers(0, len(first.actions)))
    observed = perform(first.actions[:cut], world.observed)
    if cut < len(first.actions) and isinstance(half := first.actions[cut], AddPanelists):
        arrived = data.draw(st.integers(0, len(half.seats)))  # Zoom has seated some of them when the connection breaks
        observed = perform([half.model_copy(update={"seats": half.seats[:arrived]})], observed)

    resumed = converge(world, observed)

    assert_webinar_reached(world, resumed)
    assert_recordings_reached(world, resumed)
    assert sorted_seats(resumed) == sorted_seats(converge(world))


@briskly
@given(worlds())
def test_plan_of_equal_input_has_equal_bytes(world: World) -> None:
    first = plan_of(world, world.observed)
    other = plan_of(
        world, replace(world.observed, seats=world.observed.seats[::-1], publications=world.observed.publications[::-1])
    )

    assert first.model_dump_json() == other.model_dump_json()
    assert digest_of(first.actions) == digest_of(other.actions)


@briskly
@given(worlds(), st.sets(ANY_FIELD))
def test_plan_settles_where_zoom_drops_fields_in_silence(world: World, drops: set[str]) -> None:
    observed, writes = world.observed, 0
    for _round in range(5):
        actions = plan_of(world, observed).actions
        writes += sum(isinstance(action, CreateWebinar | UpdateWebinar) for action in actions)
        observed = perform(actions, observed, drops=drops, now=world.now)

    assert plan_of(world, observed).actions == ()
    assert writes <= 1


@briskly
@given(worlds())
def test_plan_invites_nobody_who_is_seated(world: World) -> None:
    seated = {seat.email for seat in world.observed.seats}
    desired = {seat.email for seat in desired_seats(world.event, world.profile)}

    calls = [a for a in plan_of(world, world.observed).actions if isinstance(a, AddPanelists)]

    invited = [seat.email for call in calls for seat in call.seats]
    assert len(invited) == len(set(invited))
    assert set(invited) <= desired - seated
    assert all(1 <= len(call.seats) <= 30 for call in calls)
    assert all(seat.email == seat.email.lower() and 0 < len(seat.name) <= 64 for call in calls for seat in call.seats)


@briskly
@given(worlds(visibility="draft"))
def test_plan_of_a_draft_makes_no_webinar_and_invites_nobody(world: World) -> None:
    plan = plan_of(world, world.observed)

    assert not [action for action in plan.actions if isinstance(action, CreateWebinar | UpdateWebinar | AddPanelists)]
    without = world.observed.bound is None and world.event.status in ("scheduled", "rescheduled")
    if without and not world.event.blocking_notes() and world.event.end_utc > world.now:
        assert any(wait.kind in (say.DRAFT, say.DRAFT_IN_DOUBT) for wait in plan.waits)


@briskly
@given(worlds())
def test_plan_removes_only_those_we_seated(world: World) -> None:
    desired = {seat.email for seat in desired_seats(world.event, world.profile)}
    by_hand = {seat.email for seat in world.observed.seats if not seat.ours}

    removed = {a.email for a in plan_of(world, world.observed).actions if isinstance(a, RemovePanelist)}

    assert removed & (by_hand | desired) == set()


@briskly
@given(worlds())
def test_plan_publishes_nothing_that_is_not_shared(world: World) -> None:
    hurdles = {recording.uuid: recording.hurdle for recording in world.observed.recordings}
    observed = world.observed
    for _round in range(3):
        actions = plan_of(world, observed).actions
        published = {hurdles.get(action.recording_uuid) for action in actions if isinstance(action, PublishRecording)}
        assert "not_shared" not in published
        observed = perform(actions, observed)
    shown = {hurdles.get(p.recording_uuid) for p in observed.publications if p.state == "published"}
    assert "not_shared" not in shown
    if world.profile.restricted_recordings == "hold":
        assert shown & {"sign_in", "registration", "account_only"} == set()


@briskly
@given(worlds())
def test_plan_asks_zoom_only_for_what_zoom_takes(world: World) -> None:
    marker = marker_of(world.observed.installation, world.event.id)

    fields = dict(desired_fields(world.event, world.profile, world.observed.installation))
    written = [
        {change.field: change.new for change in action.changes()}
        for action in plan_of(world, world.observed).actions
        if isinstance(action, CreateWebinar | UpdateWebinar)
    ]

    for values in (fields, *written):
        assert len(values.get("topic", "topic")) in range(1, 201)
        assert "\n" not in values.get("topic", "")
        assert len(values.get("agenda", "")) <= 2000
        assert values.get("agenda", marker).split("\n")[-1] == marker
        assert values.get("agenda", marker).splitlines()[-1] == marker
        assert values.get("duration", 1) >= 1
        assert isinstance(values.get("duration", 1), int)
        assert values.get("timezone", "UTC") in ZOOM_ZONES
        assert values.get("start", "2040-01-01T00:00:00Z")[-1] == "Z"


@briskly
@given(worlds(), st.data())
def test_plan_never_withdraws_because_something_is_absent(world: World, data: st.DataObject) -> None:
    kept = tuple(recording for recording in world.observed.recordings if data.draw(st.booleans()))
    told_gone = {recording.uuid for recording in world.observed.recordings if recording.state in ("trashed", "deleted")}
    if world.event.consent == "do_not_record":
        told_gone |= {publication.recording_uuid for publication in world.observed.publications}

    before = withdrawn(plan_of(world, world.observed))
    after = withdrawn(plan_of(world, replace(world.observed, recordings=kept)))

    assert after <= before <= told_gone


@briskly
@given(worlds(consent="do_not_record"))
def test_plan_keeps_nothing_published_against_the_consent(world: World) -> None:
    published = {p.recording_uuid for p in world.observed.publications if p.state == "published"}

    made = plan_of(world, world.observed)

    assert not any(isinstance(action, PublishRecording) for action in made.actions)
    assert withdrawn(made) == published


@briskly
@given(worlds())
def test_action_survives_its_json(world: World) -> None:
    actions = plan_of(world, world.observed).actions

    back = [action_from_json(action.model_dump(mode="json")) for action in actions]

    assert [action.model_dump_json() for action in back] == [action.model_dump_json() for action in actions]
    assert digest_of(back) == digest_of(actions)


def plan_of(world: World, observed: Observed) -> Plan:
    return plan(world.event, world.profile, observed, world.now)


def converge(world: World, observed: Observed | None = None) -> Observed:
    """Perform two plans: the first makes the webinar, and the second seats the panelists."""
    reached = observed or world.observed
    for _round in range(2):
        reached = perform(plan_of(world, reached).actions, reached)
    return reached


def assert_webinar_reached(world: World, reached: Observed) -> None:
    bound, ended = reached.bound, world.event.end_utc <= world.now
    if ended or any(blocker.about == "webinar" for blocker in plan_of(world, reached).blockers):
        return
    if world.event.status == "cancelled":
        assert bound is None or bound.state != "bound"
        return
    assert bound is not None
    assert bound.state == "bound"
    known, asked, refused = dict(bound.known), dict(bound.asked), dict(bound.refused)
    for name, value in desired_fields(world.event, world.profile, reached.installation):
        left_to_zoom = world.profile.owner(name) == "zoom" and same(asked.get(name), value)
        assert same(known[name], value) or left_to_zoom or same(refused.get(name), value)
    desired = {seat.email for seat in desired_seats(world.event, world.profile)}
    assert desired <= {seat.email for seat in reached.seats}
    assert {seat.email for seat in reached.seats if seat.ours} <= desired


def assert_recordings_reached(world: World, reached: Observed) -> None:
    if any(blocker.about == "recording" for blocker in plan_of(world, reached).blockers):
        return
    published = [p for p in reached.publications if p.state == "published"]
    chosen = {recording.uuid for recording in choose_recordings(world.event, reached, world.profile)[0]}
    removed = {recording.uuid for recording in reached.recordings if recording.state in ("trashed", "deleted")}
    assert chosen <= {p.recording_uuid for p in published}
    assert removed & {p.recording_uuid for p in published} == set()
    assert sorted(p.part for p in published) == list(range(1, len(published) + 1))


def sorted_seats(observed: Observed) -> list[tuple[str, bool]]:
    return sorted((seat.email, seat.ours) for seat in observed.seats)


def withdrawn(plan: Plan) -> set[str]:
    return {action.recording_uuid for action in plan.actions if isinstance(action, WithdrawRecording)}
