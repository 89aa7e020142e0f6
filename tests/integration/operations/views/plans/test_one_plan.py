"""One plan: the command line, the API and the console show the same, and what holds it up."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import sqlalchemy

from tests.builders import (
    ACCOUNT,
    AMARA,
    AN_OPERATOR,
    END,
    EVENT_ID,
    HOST,
    JONAS,
    NOW,
    START,
    a_recording,
    a_webinar,
    an_event,
)
from tests.integration.command_line import CommandLine
from tests.integration.served import WITHOUT_TLS, in_console
from tests.integration.service import CREATE, MakeService, Service
from tests.integration.web.api.program import Api
from tests.web_site import Visitor
from zoom_ops.engine.heartbeat import write_heartbeat
from zoom_ops.messages import holdups
from zoom_ops.operations.admin.accounts import pause_account
from zoom_ops.operations.stages.facts import load_stages
from zoom_ops.operations.views.plans.overview import Overview
from zoom_ops.planning import digest_of
from zoom_ops.planning.desired import desired_fields
from zoom_ops.stages import Holdup
from zoom_ops.store.accounts.stops import Stop, grant_trials, save_stop
from zoom_ops.store.recordings import save_recording
from zoom_ops.store.webinars import save_binding

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOTHING = digest_of(())
ALL_TO_COME = "SELECT event.id \nFROM event \nWHERE event.end_at >"
STOPPED = (
    "Nothing will be carried out now: Zoom account main is stopped: Zoom refuses the client secret. "
    "Correct it; a variable needs a restart. Or: zoom-ops accounts resume main"
)


class Surfaces:
    """The three surfaces that show the plan of a service."""

    def __init__(self, api: Api, operator: Visitor, command_line: CommandLine) -> None:
        self.program, self.operator, self.command_line = api.program(), operator, command_line

    def digests(self, event: str = "") -> list[str]:
        """Return the digests that the command line, the API and the console show."""
        page = self.operator.get(f"/-/plan?event={event}").text
        shown = re.search(r'name="digest" value="(\w+)"', page)
        return [
            self.command_line.run("plan", *filter(None, [event]), "--json").json["digest"],
            self.program.ask("GET", f"/plan?event={event}" if event else "/plan")["digest"],
            shown[1] if shown else NOTHING,
        ]

    def say(self, sentence: str) -> bool:
        """Return whether both surfaces for people say a sentence."""
        return sentence in self.command_line.run("plan").out and in_console(sentence) in self.page()

    def page(self) -> str:
        """Return the console's page of the plan."""
        return unescape(re.sub(r"</?time[^>]*>", "", self.operator.get("/-/plan").text))


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent here."""
    return make_service(settings=WITHOUT_TLS)


@pytest.fixture
def surfaces(api: Api, operator: Visitor, command_line: CommandLine) -> Surfaces:
    """The command line, the API and the console of one service."""
    return Surfaces(api, operator, command_line)


def test_three_surfaces_show_one_digest(service: Service, surfaces: Surfaces) -> None:
    shown = {"nothing": surfaces.digests()}
    service.add()
    shown["a new event"] = surfaces.digests()
    stop(service)
    shown["a stopped account"] = surfaces.digests()
    resume(service)
    service.settle()
    shown["a webinar"] = surfaces.digests()
    change_profile(service)
    shown["a changed profile"] = surfaces.digests()

    assert {name: len(set(digests)) for name, digests in shown.items()} == dict.fromkeys(shown, 1)
    assert shown["nothing"] == shown["a webinar"] == [NOTHING] * 3
    assert shown["a new event"] == shown["a stopped account"] != shown["nothing"]
    assert shown["a changed profile"] == surfaces.digests(EVENT_ID) != shown["a webinar"]


def test_failed_create_is_shown_with_its_error_and_the_command_that_retries(
    service: Service, surfaces: Surfaces
) -> None:
    run = fail_create(service)

    digests, (failed,) = surfaces.digests(), surfaces.program.ask("GET", "/plan")["runs"]

    assert (len(set(digests)), NOTHING in digests) == (1, False)
    reason = f"Run {run} (create_webinars) has failed: Zoom refused to create webinar: Not so. (code 300)."
    action = f"Mend the cause, then: zoom-ops runs retry {run}"
    assert (failed["event"], failed["kind"], failed["reason"], failed["action"]) == (EVENT_ID, "failed", reason, action)
    assert surfaces.say(f"{reason} {action}")
    assert in_console(f"{reason} {action}") in unescape(surfaces.operator.get(f"/-/events/{EVENT_ID}").text)


def test_stopped_account_is_said_first_and_nothing_is_promised(service: Service, surfaces: Surfaces) -> None:
    service.add()
    service.plan()  # asks for the hosts
    write_heartbeat(service.app.database)
    stop(service)

    ended, document = surfaces.command_line.run("plan"), surfaces.program.ask("GET", "/plan")

    assert (ended.out.splitlines()[0], ended.err) == (STOPPED, "")
    assert ended.out.splitlines()[-1] == (
        "1 action, and none is carried out before the account works again. This mails 2 people. "
        f"Digest: {document['digest']}"
    )
    assert [holdup["kind"] for holdup in document["service"]] == ["account_stopped"]
    assert in_console(STOPPED) in surfaces.page()
    assert "1 of the actions waits until the account works again." in surfaces.page()


def test_plan_without_a_process_that_performs_it_says_so_first(service: Service, surfaces: Surfaces) -> None:
    service.add()
    write_heartbeat(service.app.database)
    alive = surfaces.command_line.run("plan")
    service.clock.advance(HOUR)

    ended = surfaces.command_line.run("plan")

    silent = "No process performs runs; the last sign of life was on 2040-01-24 12:00 UTC."
    assert ended.out == f"{silent} Start the daemon: zoom-ops serve\n{alive.out}"
    assert re.search(r"^1 action; zoom-ops apply \w{16} does that\. This mails 2 people\.$", ended.out, re.MULTILINE)
    assert surfaces.page().index(silent) < surfaces.page().index("Creates a webinar")


def test_plan_is_a_line_an_event_and_long_shows_the_fields(service: Service, command_line: CommandLine) -> None:
    service.add()
    write_heartbeat(service.app.database)

    short, long = command_line.run("plan").out, command_line.run("plan", "--long").out

    does = f"Creates a webinar on {HOST}, then seats 2 people in it, whom Zoom mails an invitation."
    assert short.splitlines()[0] == f"{EVENT_ID}: {does}"
    assert "    topic: Tides of Tomorrow" not in short
    assert long.splitlines()[:2] == [f"{EVENT_ID}: Create the webinar (the event has no webinar)", f"    {does}"]
    assert "    topic: Tides of Tomorrow" in long


def test_plan_as_json_has_a_digest_that_apply_takes_once(service: Service, command_line: CommandLine) -> None:
    service.add()
    service.settle()
    command_line.run("plan", "--exit-code")
    service.write(an_event(name="Tides of Today"))

    plan = command_line.run("plan", "--json", "--exit-code", code=4).json
    long = command_line.run("plan", "--long").out
    command_line.run("apply", plan["digest"], "--json")
    stale = command_line.run("apply", plan["digest"], code=3)

    assert set(plan) == {
        "digest", "service", "actions", "mails", "runs", "waiting", "refused", "notices", "late", "left_out",
    }  # fmt: skip
    (action,) = plan["actions"]
    assert set(action) == {"event", "action", "account", "does", "changes", "reason"}
    assert action["changes"] == [{"field": "topic", "old": "Tides of Tomorrow", "new": "Tides of Today"}]
    assert "    topic: Tides of Tomorrow → Tides of Today\n" in long
    assert long.splitlines()[-1] == f"1 action; zoom-ops apply {plan['digest']} does that."
    assert service.zoom.webinar()["topic"] == "Tides of Today"
    assert stale.err == "The plan is another one now than the one you saw: look at it again, then apply it."


def test_spent_budget_of_the_hosts_names_the_time_at_which_it_goes_on(service: Service, surfaces: Surfaces) -> None:
    service.use_up(HOST, 90)
    service.add()
    service.settle()

    waits = (
        f"Zoom allows 100 creates and updates a day for {HOST}; today's are used up, and the last 10 are kept for "
        "operators. It goes on at 00:00 UTC. It is tried again on 2040-01-25 00:00 UTC."
    )
    assert surfaces.say(waits)


def test_refused_change_names_the_command_that_carries_on(service: Service, command_line: CommandLine) -> None:
    service.add()
    service.settle()
    service.clock.advance(START - timedelta(minutes=10) - service.clock.now())
    service.change(start=START + HOUR, end=END + HOUR)
    service.settle()
    run = service.run("create_webinars")["id"]

    said = command_line.run("plan").out

    assert said.endswith(f"An operator may do it with --force. Then: zoom-ops runs retry {run} --force\n")


def test_plan_is_cut_at_the_same_event_everywhere_and_says_so(service: Service, surfaces: Surfaces) -> None:
    for number in range(3):
        service.write(on_day(number))

    ended = surfaces.command_line.run("plan", "--limit", "2")
    cut = surfaces.program.ask("GET", "/plan?limit=2")

    assert [action["event"] for action in cut["actions"]] == ["day-0", "day-1"]
    assert cut["left_out"] == 1
    assert "… 1 more events may need work: zoom-ops plan --limit 3" in ended.out
    assert f"zoom-ops apply {cut['digest']} --limit 2 does that." in ended.out


def test_plan_of_all_events_leaves_out_no_event_with_a_plan(service: Service) -> None:
    service.add(*(on_day(number) for number in range(6)), an_event(id="past", start=START - 9 * DAY, end=END - 9 * DAY))
    service.settle()
    service.write(on_day(1, name="Another name"))
    service.write(on_day(2, performers=(AMARA, JONAS)))
    service.write(on_day(3, status="cancelled"))
    service.write(on_day(4, status="postponed"))
    service.write(on_day(6))
    with service.app.database.begin() as connection:
        save_recording(connection, service.context.box, "past", a_recording(), "completed", service.clock.now())
    every = [*(f"day-{number}" for number in range(7)), "past"]

    overview, each = service.plan(), [service.plan(event_id) for event_id in every]

    assert overview.digest == digest_of(action for plan in sorted(each, key=_start) for action in plan.actions)
    assert len({action.event for action in overview.actions}) == 5
    assert [plan.event for plan in overview.plans] == ["past", "day-1", "day-2", "day-3", "day-4", "day-6"]


def test_published_link_of_a_former_address_is_written_again(service: Service) -> None:
    service.add(an_event(start=START - 9 * DAY, end=END - 9 * DAY, display_times=()))
    with service.app.database.begin() as connection:
        save_recording(connection, service.context.box, EVENT_ID, a_recording(), "completed", service.clock.now())
    service.apply()
    settled = service.plan()
    object.__setattr__(service.context, "base_url", "https://programme.example.org")

    moved = service.plan()

    assert (settled.actions, settled.plans) == ((), ())
    assert [action.kind for action in moved.actions] == ["PublishRecording"]


def test_cost_of_the_plan_does_not_grow_with_events_that_are_as_they_should_be(service: Service) -> None:
    plant(service, range(5))
    service.write(on_day(200))
    service.plan()  # asks for the hosts
    with statements(service) as few:
        service.plan()
    plant(service, range(5, 60))
    with statements(service) as many:
        overview = service.plan()

    with statements(service) as again:
        service.plan()
    for day in range(201, 204):
        service.write(on_day(day))
    with statements(service) as late:
        planned = service.plan()

    assert [action.event for action in overview.actions] == ["day-200"]
    assert len(few) == len(again) <= 36
    assert len(many) == len(late) == len(again) + 1
    assert len(planned.actions) == 4
    whole, part = ([sql for sql in look if sql.startswith(ALL_TO_COME)] for look in (many, again))
    assert (len(whole), part) == (1, [])  # nothing has changed: the others only


def test_apply_ends_with_the_counts(service: Service, command_line: CommandLine) -> None:
    service.add(on_day(0, performers=(AMARA,)), on_day(1, performers=(JONAS,)))
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Not so.")

    ended = command_line.run("apply", code=1)

    assert ended.out.splitlines()[-1] == "2 done, 1 failed: Zoom refused to create webinar: Not so. (code 300)."
    assert len(service.zoom.webinars()) == 1


def test_apply_on_a_stopped_account_says_so_first_and_ends_with_what_waits(
    service: Service, command_line: CommandLine
) -> None:
    service.add()
    service.plan()  # asks for the hosts
    stop(service)

    ended = command_line.run("apply", code=5)

    assert ended.out.startswith(STOPPED)
    assert ended.out.splitlines()[-1].startswith("1 waiting: Zoom account main is stopped: ")
    assert service.zoom.webinars() == []


def test_account_that_was_stopped_before_anything_was_planned_holds_up_all_events(
    service: Service, command_line: CommandLine
) -> None:
    service.add(on_day(0), on_day(1))
    stop(service)

    plan, applied = command_line.run("plan"), command_line.run("apply", code=5)

    assert plan.out.splitlines()[-1] == f"{STOPPED} 2 events wait for that: day-0, day-1"
    assert applied.out.splitlines()[-1] == "Nothing was carried out: 2 events wait."


def test_events_that_wait_for_no_account_are_not_counted_with_what_holds_up_the_service() -> None:
    silent = Holdup(kind="no_process", message=holdups.NO_PROCESS())

    said = Overview(plans=(), service=(silent,), unplanned=(EVENT_ID,)).warn_of(silent)

    assert said == str(silent.message)


def test_event_that_is_late_is_nothing_to_carry_out(
    service: Service, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Overview(plans=(), raised=((EVENT_ID, "No recording has come."),))
    monkeypatch.setattr("zoom_ops.operations.views.plans.plan.plan_events", lambda *_, **__: late)
    write_heartbeat(service.app.database)

    planned, applied = command_line.run("plan").out, command_line.run("apply").out

    assert planned == f"{EVENT_ID} is late: No recording has come.\n"
    assert applied == f"{planned}No event needs a change.\n"


def test_apply_counts_also_what_it_could_not_carry_out(service: Service, command_line: CommandLine) -> None:
    service.add(on_day(0), on_day(1))
    service.write(on_day(1, profile="gone"))

    ended, again = command_line.run("apply", code=3), command_line.run("apply", code=3)

    assert ended.out.splitlines()[-2:] == ["2 done.", "Not carried out: 1 event is refused."]
    assert again.out.splitlines()[-1] == "Nothing was carried out: 1 event is refused."


@pytest.mark.parametrize("known", [True, False])
def test_event_that_is_late_on_a_paused_account_has_one_reason_everywhere_at_once(
    service: Service, surfaces: Surfaces, known: bool
) -> None:
    """Nothing has watched the events yet, so there is no alert; the hosts are known to us, or not."""
    service.add(an_event(start=NOW + 7 * DAY + 2 * HOUR, end=NOW + 7 * DAY + 3 * HOUR))
    if known:
        service.plan()
    pause_account(service.context, ACCOUNT, "Zoom moves us", AN_OPERATOR)
    service.clock.advance(2 * HOUR + timedelta(seconds=1))
    write_heartbeat(service.app.database)

    plan, one, applied = (
        surfaces.command_line.run(*words, code=code)
        for words, code in ((("plan",), 0), (("plan", EVENT_ID), 0), (("apply",), 5))
    )

    reason = "Zoom account main is paused by an operator: “Zoom moves us”. To go on: zoom-ops accounts resume main"
    document = surfaces.program.ask("GET", "/plan")
    (stage,) = (stage for stage in load_stages(service.context, EVENT_ID) if stage.is_trouble)
    assert stage.sentence == reason
    assert {entry["reason"] for entry in (*document["waiting"], *document["late"])} == {reason}
    assert plan.out.partition("\n\n")[0] == one.out.partition("\n\n")[0]
    assert all(ended.out.startswith(f"Nothing will be carried out now: {reason}") for ended in (plan, one, applied))
    assert (f"{EVENT_ID} is late: {reason}" in plan.out) == known
    assert applied.out.splitlines()[-1] == (
        f"1 waiting: {reason}." if known else "Nothing was carried out: 1 event waits."
    )
    assert in_console(reason) in surfaces.page()
    assert "Nothing is to be done" not in surfaces.page()


def on_day(number: int, **changes: Any) -> Any:
    """Build an event on a day of its own."""
    days = number * DAY
    event = {"id": f"day-{number}", "name": f"Day {number}", "performers": (), "start": START + days, "end": END + days}
    return an_event(**event | {"display_times": ()} | changes)


def plant(service: Service, numbers: range) -> None:
    """Write events with their webinars, without asking the practice Zoom for them."""
    context = service.context
    for number in numbers:
        event = on_day(number)
        service.write(event)
        fields = desired_fields(event, context.profiles["default"], context.installation)
        with context.database.begin() as connection:
            webinar = a_webinar(id=80_000_000_000 + number)
            values = {"known": fields, "asked": fields, "refused": (), "origin": "created"}
            save_binding(connection, context.box, event.id, webinar, service.clock.now(), **values)


@contextmanager
def statements(service: Service) -> Iterator[list[str]]:
    """Collect the statements of the block."""
    collected: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_further: Any) -> None:
        collected.append(statement)

    sqlalchemy.event.listen(service.app.database.engine, "before_cursor_execute", note)
    yield collected
    sqlalchemy.event.remove(service.app.database.engine, "before_cursor_execute", note)


def change_profile(service: Service) -> None:
    """Change the profile of the service, as if its file had changed."""
    profile = service.context.profiles["default"]
    settings = dict(profile.settings) | {"question_and_answer.enable": False}
    changed = profile.model_copy(update={"settings": tuple(sorted(settings.items()))})
    object.__setattr__(service.context, "profiles", {"default": changed})


def fail_create(service: Service) -> int:
    """Let Zoom refuse the webinar of the event. Return the id of the run."""
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Not so.")
    service.add()
    service.settle()
    return int(service.run("create_webinars")["id"])


def stop(service: Service) -> None:
    """Stop the account: Zoom refuses its credentials."""
    now, fingerprint = service.clock.now(), service.context.gateways[ACCOUNT].fingerprint
    sentence = "Zoom refuses the client secret."
    with service.app.database.begin() as connection:
        save_stop(
            connection,
            Stop(account=ACCOUNT, cause="credentials", sentence=sentence, since=now, fingerprint=fingerprint),
        )


def resume(service: Service) -> None:
    """Let the account go on."""
    with service.app.database.begin() as connection:
        grant_trials(connection, ACCOUNT, service.clock.now())


def _start(overview: Overview) -> Any:
    return [action.event != "past" for action in overview.actions][:1], [action.event for action in overview.actions]
