"""The links in the records of homes: written once, changed, taken back, left as people made them."""

from contextlib import AbstractContextManager
from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.builders import AN_OPERATOR, BASE_URL, END, EVENT_ID, an_attachment
from tests.integration.memory_home import MemoryHome, add_home, add_record, lose_record
from tests.integration.service import SETTLED, MakeService, Service
from zoom_ops.engine.runs import Run
from zoom_ops.errors import AmbiguousError, BadInputError, ParkedError
from zoom_ops.homes import (
    CannotHideError,
    Capabilities,
    ConflictError,
    Entry,
    HomeDownError,
    MissingRightError,
    Shown,
    StrangeAnswerError,
    UnauthorizedError,
)
from zoom_ops.homes.checks import missing
from zoom_ops.homes.pace import Pace
from zoom_ops.messages import Step
from zoom_ops.messages.plans import LINK_CHANGED
from zoom_ops.operations.admin.configured import Changed, follow_configuration
from zoom_ops.operations.homes.admin import check_home
from zoom_ops.operations.reconcile.link_decisions import leave_links, restore_links
from zoom_ops.operations.reconcile.linked import link_json
from zoom_ops.planning import Blocker, say_changed
from zoom_ops.store.alerts import list_alerts
from zoom_ops.store.homes.entries import load_entries

ADDRESS = f"{BASE_URL}/events/{EVENT_ID}/recording"
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """An event with its webinar, just before the recording is made."""
    service = make_service()
    service.add()
    service.settle()
    return service


def record(service: Service) -> str:
    """Hold the webinar, and let the recording be published; return its uuid."""
    if service.clock.now() < END:
        service.clock.advance(END - service.clock.now())
    uuid = str(service.zoom.hold()[0]["uuid"])
    service.settle()
    return uuid


def withdraw(service: Service, uuid: str) -> None:
    """Move a recording to Zoom's trash, and let its publication be withdrawn."""
    service.zoom.call("DELETE", f"/meetings/{quote(quote(uuid, safe=''), safe='')}/recordings?action=trash")
    service.settle()


def link_runs(service: Service, home: str = "site") -> list[Run]:
    return [run for run in service.runs() if run.job == "publish_links" and run.subject.id == f"{home}/{EVENT_ID}"]


def test_link_is_written_once_and_a_second_run_writes_nothing(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)

    uuid = record(service)
    service.ask("publish_links", EVENT_ID)
    service.later(DAY)
    service.tick("publish_links")
    service.settle()

    shown = Shown(key=uuid, title="Recording", url=ADDRESS, visibility="public", external_id="1")
    assert home.records == {EVENT_ID: {uuid: shown}}
    assert home.writes == [("publish", EVENT_ID, uuid)]
    assert home.looks == 2  # `publish` looks by itself
    assert [run.state for run in link_runs(service)] == ["done"] * 3
    assert "link_published" in service.happened()
    with service.app.database.read() as connection:
        (entry,) = load_entries(connection, EVENT_ID)
    assert entry.written == entry.seen == tuple(sorted((link_json(shown) or {}).items()))


def test_part_that_is_new_beside_a_link_that_people_changed_is_written_and_the_change_is_told(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    first = record(service)
    home.edit(EVENT_ID, first, title="Watch it")

    second = record(service)

    assert home.writes == [("publish", EVENT_ID, first), ("publish", EVENT_ID, second)]
    assert home.records[EVENT_ID][first].title == "Watch it"
    assert link_runs(service)[0].state == "parked"


def test_link_of_several_homes_fails_in_one_alone(service: Service) -> None:
    down = add_home(service, MemoryHome("down"), EVENT_ID)
    closed = add_home(service, MemoryHome("closed"), EVENT_ID)
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    down.errors = [("publish", HomeDownError("down does not answer: connection refused."))]
    closed.errors = [("publish", UnauthorizedError("closed does not accept the credentials (HTTP 401)."))]

    uuid = record(service)
    before = [len(each.writes) for each in (home, down, closed)]
    states = {run.subject.id.partition("/")[0]: run.state for run in service.runs() if run.job == "publish_links"}
    service.later(5 * MINUTE)

    assert before == [1, 0, 0]
    assert states == {"site": "done", "down": "active", "closed": "active"}
    assert [each.writes for each in (down, closed)] == [[("publish", EVENT_ID, uuid)]] * 2


def test_link_whose_answer_was_lost_is_looked_up_and_written_once(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    home.errors = [("publish done", AmbiguousError("site: the answer was lost."))]

    uuid = record(service)
    service.later(SETTLED)

    assert home.writes == [("publish", EVENT_ID, uuid)]
    assert link_runs(service)[0].state == "done"
    assert service.happened().count("link_published") == 1


def test_copy_of_a_write_that_came_late_is_removed_and_asks_nobody(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = record(service)
    home.edit(EVENT_ID, uuid, copies=2)

    service.ask("publish_links", EVENT_ID)

    assert home.records[EVENT_ID][uuid].copies == 1
    assert home.writes == [("publish", EVENT_ID, uuid)] * 2
    assert link_runs(service)[0].state == "done"


def test_write_that_came_after_the_link_was_taken_back_is_taken_back_within_a_day(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = record(service)
    late = home.records[EVENT_ID][uuid]
    withdraw(service, uuid)
    home.records[EVENT_ID][uuid] = late

    service.later(DAY)
    service.tick("publish_links")
    service.settle()

    assert home.records == {EVENT_ID: {}}
    assert [verb for verb, *_ in home.writes] == ["publish", "withdraw", "withdraw"]


def test_write_that_was_broken_off_in_the_middle_is_finished(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    home.errors = [("publish", AmbiguousError("site: the answer was lost."))]
    uuid = record(service)
    half = Shown(key=uuid, title="Recording", url=ADDRESS, visibility="members", external_id="1", digest="bare")
    home.records[EVENT_ID][uuid] = half

    service.later(SETTLED)

    assert list(home.records[EVENT_ID].values()) == [
        Shown(key=uuid, title="Recording", url=ADDRESS, visibility="public", external_id="1")
    ]
    assert home.writes == [("publish", EVENT_ID, uuid)]


def test_link_that_people_changed_stays_until_an_operator_wants_ours(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = record(service)
    home.edit(EVENT_ID, uuid, title="Watch it")
    service.ask("publish_links", EVENT_ID)
    parked, kept = link_runs(service)[0], home.records[EVENT_ID][uuid].title

    restore_links(service.context, EVENT_ID, AN_OPERATOR)
    service.settle()

    assert (parked.state, kept) == ("parked", "Watch it")
    assert str(parked.error).endswith(f"it stays so. To decide: zoom-ops homes show {EVENT_ID}")
    assert home.records[EVENT_ID][uuid].title == "Recording"


@pytest.mark.both_databases
def test_title_that_no_database_takes_holds_up_no_plan(service: Service) -> None:
    """A home may say anything: on PostgreSQL a NUL in JSON would break every query of it."""
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = record(service)
    home.edit(EVENT_ID, uuid, title="Wa\0tch\ud800 it " + "z" * 100_000)
    service.ask("publish_links", EVENT_ID)

    assert not service.plan().is_idle
    with service.app.database.read() as connection:
        (entry,) = load_entries(connection, EVENT_ID)
    assert len(dict(entry.seen or ())["title"]) == 2_000
    restore_links(service.context, EVENT_ID, AN_OPERATOR)
    service.settle()
    assert home.records[EVENT_ID][uuid].title == "Recording"


def test_link_that_people_removed_is_not_written_again(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = record(service)
    home.edit(EVENT_ID, uuid)

    service.later(DAY)
    service.tick("publish_links")
    service.settle()

    parked = link_runs(service)[0].state
    leave_links(service.context, EVENT_ID, AN_OPERATOR)
    service.settle()
    with pytest.raises(BadInputError, match="Nobody has changed a link"):
        leave_links(service.context, EVENT_ID, AN_OPERATOR)

    assert (parked, link_runs(service)[0].state) == ("parked", "done")
    assert home.writes == [("publish", EVENT_ID, uuid)]
    assert home.records == {EVENT_ID: {}}
    assert service.plan(EVENT_ID).is_idle


def test_change_by_people_while_ours_is_written_is_seen_and_kept(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = record(service)
    service.change(attachments=[an_attachment(title="Recording", kind="recording", visibility="members")])
    service.context.rings.replace({})  # our own page alone follows
    service.ask("publish_recordings", EVENT_ID)
    looked = home.entries

    def edited_after_the_look(record_id: str) -> tuple[Shown, ...]:
        shown = looked(record_id)
        home.edit(EVENT_ID, uuid, title="Watch it")
        home.entries = looked  # type: ignore[method-assign]
        return shown

    home.entries = edited_after_the_look  # type: ignore[method-assign]
    service.ask("publish_links", EVENT_ID)

    # it narrows: what visitors must not see any more is changed all the same, and is ours again
    assert home.records[EVENT_ID][uuid].visibility == "members"
    assert home.records[EVENT_ID][uuid].title == "Recording"
    assert link_runs(service)[0].state == "done"


def test_withdrawn_recording_is_taken_back_though_people_changed_it(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = record(service)
    home.edit(EVENT_ID, uuid, title="Watch it")

    withdraw(service, uuid)

    assert home.records == {EVENT_ID: {}}
    assert home.writes[1:] == [("withdraw", EVENT_ID, uuid)]
    assert "link_withdrawn" in service.happened()


def test_recording_for_members_is_not_shown_where_visitors_would_see_it(service: Service) -> None:
    open_home = add_home(service, MemoryHome("open", Capabilities(audiences=("public",))), EVENT_ID)
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    service.change(attachments=[an_attachment(title="Recording", kind="recording", visibility="members", url=None)])

    uuid = record(service)

    assert open_home.writes == []
    assert home.records[EVENT_ID][uuid].visibility == "members"
    assert [run.state for run in link_runs(service, "open")] == ["done"]
    with service.app.database.read() as connection:
        kinds = [row.kind for row in list_alerts(connection, limit=10)]
    assert kinds == ["link_not_hidden"]


def test_record_that_is_gone_holds_nothing_up(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    del home.records[EVENT_ID]

    record(service)

    assert [run.state for run in link_runs(service)] == ["done"]
    assert service.plan(EVENT_ID).is_idle


def test_link_that_no_ring_asked_for_is_written_at_the_next_turn(service: Service) -> None:
    uuid = record(service)
    home = add_home(service, MemoryHome("site"), EVENT_ID)

    planned = service.plan()
    asked = service.tick("publish_links"), service.tick("publish_links")
    service.settle()
    again = service.tick("publish_links")

    assert [action.kind for action in planned.actions] == ["PublishLink"]
    assert (asked, again) == ((1, 0), 0)
    assert home.writes == [("publish", EVENT_ID, uuid)]
    assert service.plan().is_idle


def test_home_that_is_down_is_told_after_its_second_failure(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    home.errors = [("publish", HomeDownError("site does not answer: connection refused."))] * 2
    record(service)

    service.later(11 * SECOND)
    (run,) = link_runs(service)
    service.tick("watch_events")
    service.settle()
    with service.app.database.read() as connection:
        kinds = [row.kind for row in list_alerts(connection, limit=10)]
    service.later(5 * MINUTE)

    assert (run.failures, run.state) == (2, "active")
    assert kinds == ["links_late"]
    assert len(home.writes) == 1


def hide(service: Service) -> None:
    """Let the recordings of the event be for members."""
    service.change(attachments=[an_attachment(title="Recording", kind="recording", visibility="members", url=None)])
    service.settle()


@pytest.mark.parametrize(
    ("error", "state"), [(CannotHideError("Visitors read it."), "failed"), (MissingRightError("No group."), "active")]
)
def test_link_that_a_home_does_not_hide_is_taken_back(service: Service, error: Exception, state: str) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = record(service)
    home.errors = [("publish", error)]

    hide(service)

    assert home.records == {EVENT_ID: {}}
    assert home.writes[1:] == [("withdraw", EVENT_ID, uuid)]
    assert (link_runs(service)[0].state, str(link_runs(service)[0].error)) == (state, str(error))
    service.ask("publish_links", EVENT_ID)
    assert home.records[EVENT_ID][uuid].visibility == "members"


def test_event_that_is_for_members_from_now_on_hides_its_recording_at_once(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = record(service)

    hide(service)

    assert home.records[EVENT_ID][uuid].visibility == "members"
    assert "recording_changed" in service.happened()


def test_consent_that_is_taken_back_withdraws_the_recording_everywhere_until_it_is_given(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    record(service)

    service.change(consent="do_not_record")
    service.settle()
    withdrawn = dict(home.records[EVENT_ID]), service.published()
    service.change(consent="record")
    service.settle()

    assert withdrawn == ({}, [])
    assert service.published() == [ADDRESS]
    assert [shown.url for shown in home.records[EVENT_ID].values()] == [ADDRESS]


def test_link_for_members_that_people_opened_to_everybody_is_taken_back(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    hide(service)
    uuid = record(service)
    home.edit(EVENT_ID, uuid, visibility="public")  # such as by publishing the private page
    home.errors = [("publish", CannotHideError("Visitors may read this page."))]

    service.ask("publish_links", EVENT_ID)

    assert home.records == {EVENT_ID: {}}
    assert str(link_runs(service)[0].error) == "Visitors may read this page."


@pytest.mark.parametrize("error", [MissingRightError("Not this one."), ConflictError("Again and again.")])
def test_link_that_cannot_be_written_keeps_no_other_back(service: Service, error: Exception) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    add_record(service, "site", "another record", EVENT_ID)
    home.records["another record"] = {}
    home.errors = [("publish", error)]

    record(service)

    assert len(home.writes) == 1
    assert str(link_runs(service)[0].error) == str(error)


def test_link_in_a_record_that_a_home_lists_no_more_is_taken_back(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = record(service)
    lose_record(service, "site", EVENT_ID)  # Indico lists no events that are long over

    withdraw(service, uuid)

    assert home.records == {EVENT_ID: {}}
    assert service.plan(EVENT_ID).is_idle


def test_link_in_a_record_that_is_deleted_there_is_done(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = record(service)
    del home.records[EVENT_ID]

    withdraw(service, uuid)

    assert [run.state for run in link_runs(service)] == ["done"] * 2
    assert service.plan(EVENT_ID).is_idle


def test_withdrawn_recording_that_no_ring_told_of_is_taken_back_within_the_hour(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    uuid = record(service)
    homes = dict(service.context.homes)
    service.context.homes.replace({})  # its file is away
    withdraw(service, uuid)
    service.context.homes.replace(homes)

    service.later(timedelta(hours=1))
    service.tick("publish_links")
    service.settle()

    assert home.records == {EVENT_ID: {}}


def test_credentials_that_are_refused_let_all_runs_wait_and_go_on_by_themselves(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    home.errors = [("publish", UnauthorizedError("site does not accept the credentials (HTTP 401)."))]

    record(service)
    (waiting,) = link_runs(service)
    service.later(5 * MINUTE)

    assert (waiting.state, waiting.waiting, waiting.failures) == ("active", True, 0)
    assert str(waiting.error) == "site does not accept the credentials (HTTP 401)."
    assert len(home.writes) == 1


@pytest.mark.parametrize("granted", ["by itself", "check", "file"])
def test_link_that_a_home_refuses_is_written_once_it_is_granted(service: Service, granted: str) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    home.errors = [("publish", MissingRightError("site does not allow this (HTTP 403)."))]

    record(service)
    service.later(5 * HOUR)
    (waiting,) = link_runs(service)
    if granted == "by itself":
        service.later(HOUR + SECOND)
    elif granted == "check":
        check_home(service.context, "site")
    else:
        follow_configuration(service.context, (), Changed(homes=("site",)))
    service.settle()

    assert (waiting.state, waiting.waiting, waiting.attempts) == ("active", True, 1)
    assert len(home.writes) == 1


def test_check_that_misses_something_wakes_nothing(service: Service) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    home.errors = [("publish", MissingRightError("site does not allow this (HTTP 403)."))]
    home.check = lambda: iter((missing("writing", "It may not write."),))  # type: ignore[method-assign]
    record(service)

    check_home(service.context, "site")
    service.settle()

    assert home.writes == []


@pytest.mark.parametrize(
    ("verb", "error"),
    [
        ("entries", MissingRightError("Not this one.")),
        ("entries", StrangeAnswerError("No list.")),
        ("entries", HomeDownError("HTTP 500.")),
        ("publish", HomeDownError("HTTP 503.")),
        ("publish", AmbiguousError("HTTP 500.")),
    ],
)
def test_record_that_always_fails_keeps_no_other_record_of_the_event_back(
    service: Service, verb: str, error: Exception
) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    add_record(service, "site", "zz", EVENT_ID)
    home.records["zz"] = {}
    home.broken = {EVENT_ID: (verb, error)}

    uuid = record(service)
    in_one_attempt = list(home.writes)
    service.later(MINUTE)

    assert home.writes == [("publish", "zz", uuid)]
    assert in_one_attempt == ([] if isinstance(error, AmbiguousError) else home.writes)
    home.broken = {}
    service.later(6 * HOUR)
    assert sorted(home.writes) == [("publish", EVENT_ID, uuid), ("publish", "zz", uuid)]


@pytest.mark.parametrize(("retry_after_s", "asked"), [(None, 2), (60, 1)])
def test_home_that_answers_for_no_record_is_asked_for_two_and_less_where_it_forbids_it(
    service: Service, retry_after_s: int | None, asked: int
) -> None:
    home = add_home(service, MemoryHome("site"), EVENT_ID)
    for name in ("x", "y"):
        add_record(service, "site", name, EVENT_ID)
    down = HomeDownError("HTTP 503.", retry_at=END + timedelta(seconds=retry_after_s) if retry_after_s else None)
    home.errors = [("publish", down)] * 3

    record(service)

    assert len(home.errors) == 3 - asked
    assert (link_runs(service)[0].state, str(link_runs(service)[0].error)) == ("active", str(down))


class PacedHome(MemoryHome):
    """A home with limits of its own: a look is one request, and a write five."""

    def __init__(self, name: str, pace: Pace) -> None:
        super().__init__(name)
        self.pace = pace

    def calling(self) -> AbstractContextManager[None]:
        return self.pace.call(0)

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        self.pace.count()
        return super().entries(record_id)

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        for _ in range(5):
            self.pace.count()
        return super().publish(record_id, entry, before)


def test_run_that_waits_for_its_turn_at_a_home_comes_to_its_end(service: Service) -> None:
    pace = Pace("site", service.clock, requests_a_minute=30, at_once=1)
    home = add_home(service, PacedHome("site", pace), EVENT_ID)
    uuid = record(service)
    with pace.call(0):
        for _ in range(15):
            pace.count()

    hide(service)
    waiting = link_runs(service)[0]
    for _ in range(10):
        service.later(4.1 * SECOND)  # the home may be asked once meanwhile

    assert (waiting.state, waiting.failures) == ("active", 0)
    assert home.records[EVENT_ID][uuid].visibility == "members"


def test_long_id_of_an_event_leaves_the_way_to_decide_whole() -> None:
    changed = LINK_CHANGED(title="x" * 200, place="home site")
    blocker = Blocker(about="link", message=changed, finding=changed)

    error = ParkedError(say_changed([blocker, blocker], "e" * 100))

    assert error.why.step == Step("homes.decide", {"event": "e" * 100})
