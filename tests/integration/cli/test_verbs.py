"""Verbs that ask first: whom Zoom mails is shown, nothing is changed without a yes, and scripts say --yes."""

import webbrowser

import pytest

from tests.builders import AMARA, EVENT_ID, HOST, JONAS, OTHER_HOST, YUSUF, an_event
from tests.integration.command_line import CommandLine
from tests.integration.service import MakeService, Service

NOBODY = "Nothing was changed: there is no terminal to ask at. Add --yes to do it.\n"


@pytest.fixture
def seated(service: Service) -> Service:
    """A service with an event that has its webinar and panelists."""
    service.add(an_event(performers=(AMARA, JONAS)))
    service.settle()
    return service


def test_cancel_without_a_terminal_says_whom_zoom_mails_and_changes_nothing(
    seated: Service, command_line: CommandLine
) -> None:
    number = seated.zoom.webinar()["id"]

    shown = command_line.run("events", "cancel", EVENT_ID, code=2)
    document = command_line.run("events", "cancel", EVENT_ID, "--json", code=2).json

    effect = f"Deletes webinar {number} at Zoom, which mails its 2 panelists and whoever has registered."
    effects = [effect, "Panelists: Amara Diallo, Jonas Lindqvist."]
    assert (shown.out.splitlines(), shown.err) == (effects, NOBODY)
    assert document == {"id": EVENT_ID, "status": "scheduled", "effects": effects}
    assert seated.event().status == "scheduled"


def test_cancel_asks_at_a_terminal(seated: Service, command_line: CommandLine) -> None:
    declined = command_line.run("events", "cancel", EVENT_ID, answer="n", code=1)
    kept = seated.event().status
    agreed = command_line.run("events", "cancel", EVENT_ID, answer="y")

    assert "which mails its 2 panelists" in declined.out
    assert declined.err.endswith("Nothing was changed.\n")
    assert kept == "scheduled"
    assert agreed.out.endswith(f"{EVENT_ID} is cancelled. What is left to do: zoom-ops plan {EVENT_ID}\n")
    assert seated.event().status == "cancelled"


def test_end_of_input_at_a_question_is_a_no(seated: Service, command_line: CommandLine) -> None:
    left = command_line.run("events", "cancel", EVENT_ID, answer="perhaps", code=1)

    assert left.err.endswith("\nNothing was changed.\n")
    assert seated.event().status == "scheduled"


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("command", [("add",), ("set", "--password")])
def test_password_without_a_terminal_names_the_other_ways(command_line: CommandLine, command: tuple[str, ...]) -> None:
    ended = command_line.run("users", *command, "amara", code=2)

    assert ended.out == ""
    assert ended.err == "There is no terminal to ask for a password at. Add --password-stdin or --generate."


@pytest.mark.usefixtures("service")
def test_password_is_asked_for_twice_and_end_of_input_is_a_no(command_line: CommandLine) -> None:
    password = "a long password"
    command_line.run("users", "add", "amara", answer=f"{password}\n{password}")
    left = command_line.run("users", "add", "jonas", answer=password, code=1)

    assert left.err.endswith("\nNothing was changed.\n")
    assert [user["login"] for user in command_line.run("users", "--json").json] == ["amara"]


def test_password_that_cannot_be_taken_is_asked_for_again(service: Service, command_line: CommandLine) -> None:
    good = "a long way to the harbour"
    typed = ["short", "Amara@example.org1!", "Password1234!", good, "another one, again", good, good]

    ended = command_line.run("users", "add", "amara@example.org", answer="\n".join(typed))

    for sentence in ("at least 12 characters", "only the login", "easy to guess", "These are two different passwords."):
        assert ended.err.count(sentence) == 1
    assert ended.out.strip() == "amara@example.org may sign in as member."
    assert not any(password in ended.out + ended.err for password in typed[1:])


def test_cancel_with_yes_asks_nobody_and_again_is_harmless(seated: Service, command_line: CommandLine) -> None:
    first = command_line.run("events", "cancel", EVENT_ID, "--yes", "--json").json
    again = command_line.run("events", "cancel", EVENT_ID)

    assert first["status"] == "cancelled"
    assert again.out == f"{EVENT_ID} is cancelled already. What is left to do: zoom-ops plan {EVENT_ID}\n"


def test_move_to_another_time_is_shown_and_done_with_yes(seated: Service, command_line: CommandLine) -> None:
    asked = ("events", "move", EVENT_ID, "--to", "2040-02-01 16:00", "--zone", "Europe/Paris", "--length", "90m")

    shown = command_line.run(*asked, code=2)
    before = seated.event().start
    command_line.run(*asked, "--yes")
    seated.settle()

    assert "2 panelists hold invitations with the old time." in shown.out
    assert f"Moves {EVENT_ID} from 2040-01-31 08:30-09:45 to 2040-02-01 10:00-11:30 (America/New_York)" in shown.out
    assert shown.err == NOBODY
    assert seated.zoom.webinar()["start_time"] == "2040-02-01T15:00:00Z"
    assert seated.event().start != before


@pytest.mark.parametrize("old_name", [False, True])
def test_move_to_another_host_has_its_old_name_too(
    make_service: MakeService, monkeypatch: pytest.MonkeyPatch, *, old_name: bool
) -> None:
    service = make_service(hosts=(HOST, OTHER_HOST))
    service.add()
    service.settle()
    (other,) = {HOST, OTHER_HOST} - {service.zoom.webinar()["host"]}
    command = ("events", "move-host", EVENT_ID, other) if old_name else ("events", "move", EVENT_ID, "--host", other)
    command_line = CommandLine(service, monkeypatch)

    shown = command_line.run(*command, code=2)
    done = command_line.run(*command, "--yes")
    service.settle()

    assert f"Creates a webinar on {other}" in shown.out
    assert f"zoom-ops apply --event {EVENT_ID} does it now." in done.out
    assert service.zoom.webinar()["host"] == other


def test_open_prints_the_page_and_opens_it_only_for_somebody(
    seated: Service, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_asked: object) -> bool:
        raise AssertionError("no browser is opened where nobody is at a terminal")

    monkeypatch.setattr(webbrowser, "get", fail)
    number, base = seated.zoom.webinar()["id"], seated.context.base_url

    assert command_line.run("events", "open", EVENT_ID).out == f"{base}/events/{EVENT_ID}\n"
    assert command_line.run("events", "open", EVENT_ID, "--console").out == f"{base}/-/events/{EVENT_ID}\n"
    assert command_line.run("events", "open", EVENT_ID, "--webinar").out == f"https://zoom.us/webinar/{number}\n"
    assert command_line.run("events", "open", EVENT_ID, "--print", "--json").json["opened"] is False
    assert "Open one page" in command_line.run("events", "open", EVENT_ID, "--webinar", "--console", code=2).err
    assert "There is no event 'tide'" in command_line.run("events", "open", "tide", code=2).err


def test_open_of_an_event_without_a_webinar_names_the_plan(service: Service, command_line: CommandLine) -> None:
    service.write(an_event())

    refused = command_line.run("events", "open", EVENT_ID, "--webinar", code=3)

    assert refused.err == f"{EVENT_ID} has no webinar: zoom-ops plan {EVENT_ID}"


def test_person_who_is_added_is_seated_and_the_events_are_named(service: Service, command_line: CommandLine) -> None:
    service.add(an_event(performers=(YUSUF,)))
    service.settle()
    number = service.zoom.webinar()["id"]

    added = command_line.run("people", "add", YUSUF.name, "--email", "Yusuf.Demir@example.org")
    again = command_line.run("people", "add", YUSUF.name, "--email", "yusuf.demir@example.org", "--json").json
    service.settle()

    assert added.out == (
        f"{YUSUF.name} <yusuf.demir@example.org> is in the address book. {EVENT_ID} has the address now.\n"
        f"Mails 1 person an invitation to webinar {number}: {YUSUF.name}.\n"
    )
    assert (again["action"], again["events"], again["effects"]) == ("unchanged", [], [])
    assert service.zoom.panelists() == ["yusuf.demir@example.org"]
    assert YUSUF.name in command_line.run("people").out
    assert "expected an e-mail address" in command_line.run("people", "add", "Ada", "--email", "ada", code=2).err


def test_person_is_removed_by_name_or_address_once_agreed_to(service: Service, command_line: CommandLine) -> None:
    service.introduce(
        (JONAS.name, "jonas@example.org"), (JONAS.name, "jonas.2@example.org"), ("Ada", "ada@example.org")
    )
    service.add(an_event(performers=(AMARA.model_copy(update={"email": "ada@example.org"}),)))

    several = command_line.run("people", "remove", JONAS.name, code=2)
    shown = command_line.run("people", "remove", "ada", code=2)
    left = command_line.run("people", "list", "--json").json
    command_line.run("people", "remove", "ADA@example.org", "--yes")
    command_line.run("people", "remove", "jonas@example.org", answer="y")

    assert several.err == f"{JONAS.name} is 2 people: jonas.2@example.org, jonas@example.org. Give the address."
    assert shown.out == (
        f"1 coming event names ada@example.org and keeps the address and the seat: {EVENT_ID}.\n"
        "Events that are imported from now on do not get the address.\n"
    )
    assert shown.err == NOBODY
    assert len(left) == 3
    assert [row["email"] for row in command_line.run("people", "list", "--json").json] == ["jonas.2@example.org"]
    assert "There is no entry of the address book 'ada'." in command_line.run("people", "remove", "ada", code=2).err


def test_job_has_its_turns_by_a_cron_line_in_a_zone(service: Service, command_line: CommandLine) -> None:
    job = ("jobs", "schedule", "fetch_recordings")

    changed = command_line.run(*job, "0 6 * * 1-5", "--zone", "Europe/Paris")
    listed = command_line.run("jobs")
    apart = command_line.run(*job, "0", "6", "*", "*", "1-5", "--json").json
    back = command_line.run(*job, "--as-written").out

    words = "at 06:00 on Monday through Friday, Europe/Paris"
    assert changed.out == f"fetch_recordings has its turn {words} from now on.\n"
    assert f"{words}  " in listed.out
    assert " 05:00 (" in listed.out
    assert " 06:00 CET)" in listed.out
    assert apart == {"name": "fetch_recordings", "every_s": None, "at": "0 6 * * 1-5", "zone": "UTC"}
    assert back == "fetch_recordings has its turn every 30 minutes from now on.\n"
    for words, sentence in (
        (("0 0 30 2 *",), "'0 0 30 2 *' never comes: no month that it names has such a day."),
        (("every", "5s"), "'every 5s' is no interval from 10 seconds to 7 days"),
        (("0 6 * * *", "--zone", "Paris"), "Did you mean Europe/Paris"),
        (("10m", "--zone", "Europe/Paris"), "An interval is the same in every time zone"),
        ((), "or --as-written for the turns of the job's file."),
    ):
        assert sentence in command_line.run(*job, *words, code=2).err
