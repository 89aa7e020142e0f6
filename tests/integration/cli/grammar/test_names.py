"""Ids by their beginning, and completion of ids from the database."""

import pytest

from tests.builders import EVENT_ID, HOST, an_event
from tests.integration.command_line import CommandLine
from tests.integration.service import Service
from zoom_ops.engine.listing import STATES
from zoom_ops.identity import Scope, add_token
from zoom_ops.store.audit import Actor

SHELL = "_ZOOM_OPS_COMPLETE"


@pytest.fixture
def known(service: Service) -> Service:
    """A service with four events: `tides`, `tides-1`, `tides-2` and `wave`."""
    for name in ("tides", "tides-1", "tides-2", "wave"):
        service.add(an_event(id=name, name=f"Talk: of {name}\n"))
    return service


@pytest.mark.usefixtures("known")
def test_event_is_found_by_the_beginning_of_its_id(command_line: CommandLine) -> None:
    assert command_line.run("events", "show", "tides-2", "--json").json["id"] == "tides-2"
    assert command_line.run("events", "show", "wa", "--json").json["id"] == "wave"
    assert command_line.run("plan", "tides-1", "wav").out == command_line.run("plan", "tides-1", "wave").out


@pytest.mark.usefixtures("known")
def test_id_that_is_the_beginning_of_another_wins(command_line: CommandLine) -> None:
    assert command_line.run("events", "show", "tides", "--json").json["id"] == "tides"


@pytest.mark.usefixtures("known")
def test_beginning_of_several_is_refused_with_their_ids(command_line: CommandLine) -> None:
    ended = command_line.run("events", "cancel", "tides-", code=2)

    assert ended.err == "'tides-' is the beginning of several: tides-1, tides-2. Type more of it."


def test_beginning_of_many_is_refused_with_a_few(service: Service, command_line: CommandLine) -> None:
    for number in range(10, 20):
        service.add(an_event(id=f"tides-{number}", name=f"Tides {number}"))

    ended = command_line.run("events", "show", "ti", code=2)

    assert ended.err.count("tides-") == 5
    assert ended.err.endswith(" and more. Type more of it.")


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("unknown", ["tides-3", "ides", "%", "_", "TIDES", "", "'"])
def test_unknown_id_gets_the_sentence_of_the_command(command_line: CommandLine, unknown: str) -> None:
    assert command_line.run("events", "show", unknown, code=2).err.startswith("There is no event")


@pytest.mark.usefixtures("known")
def test_what_cannot_be_undone_names_the_whole_id(command_line: CommandLine) -> None:
    ended = command_line.run("events", "cancel", "wa", "--yes")

    assert "\nwave is cancelled." in ended.out


@pytest.mark.usefixtures("service")
def test_job_and_account_are_found_by_their_beginning(command_line: CommandLine) -> None:
    assert command_line.run("jobs", "pause", "create_w", "--note", "a look").out.startswith(
        "create_webinars does not run by itself now."
    )
    assert command_line.run("accounts", "pause", "ma", "--note", "a look").out.startswith("Account main is paused")
    assert command_line.run("jobs", "pause", "re", "--note", "x", code=2).err.startswith(
        "'re' is the beginning of several"
    )


def test_second_removal_of_a_user_or_a_token_removes_no_other(service: Service, command_line: CommandLine) -> None:
    for name in ("deploy", "deploy-prod"):
        add_token(service.app.database, Actor(name="Amara Diallo"), name, [Scope.EVENTS_READ], None)
    for name in ("ab", "abc"):
        command_line.run("users", "add", name, "--generate")
    for removal in (("tokens", "revoke", "deploy"), ("users", "remove", "ab")):
        command_line.run(*removal)

        assert command_line.run(*removal, code=2).out == ""

    assert [token["name"] for token in command_line.run("tokens", "--json").json] == ["deploy-prod"]
    assert [user["login"] for user in command_line.run("users", "--json").json] == ["abc"]


def test_new_name_is_never_taken_for_a_beginning(service: Service, command_line: CommandLine) -> None:
    by = Actor(name="Amara Diallo")
    add_token(service.app.database, by, "website", [Scope.EVENTS_READ], None)

    command_line.run("tokens", "add", "web", "--scope", "events:read")

    assert {token["name"] for token in command_line.run("tokens", "--json").json} == {"web", "website"}


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("zoom-ops events show ti", ["tides", "tides-1", "tides-2"]),
        ("zoom-ops events show 'ti", ["tides", "tides-1", "tides-2"]),
        ("zoom-ops plan tides w", ["wave"]),
        ("zoom-ops apply --event=w", ["--event=wave"]),
        ("zoom-ops run create_webinars --event w", ["wave"]),
        ("zoom-ops jobs resume create", ["create_webinars"]),
        ("zoom-ops accounts ", ["list", "pause", "resume", "show"]),
        ("zoom-ops accounts show ", ["main"]),
        ("zoom-ops events move tides --host ", [HOST]),
        ("zoom-ops events --pa", ["--past"]),
        ("zoom-ops events --past --js", ["--json"]),
        ("zoom-ops users add --role op", ["operator"]),
        ("zoom-ops completion f", ["fish"]),
        ("zoom-ops events import --profile d", ["default"]),
        ("zoom-ops runs --state ", sorted(STATES)),
        ("zoom-ops people remove am", ["amara@example.org"]),
        ("zoom-ops nonsense ", []),
        ("zoom-ops events show zz", []),
        ("zoom-ops --version eve", ["events"]),
    ],
)
def test_shell_completes_from_the_database(
    command_line: CommandLine, monkeypatch: pytest.MonkeyPatch, line: str, offered: list[str]
) -> None:
    command_line.run("people", "add", "Amara Diallo", "--email", "amara@example.org")
    monkeypatch.setenv(SHELL, "fish")
    monkeypatch.setenv("COMP_LINE", line)

    ended = command_line.run()

    assert sorted(row.partition("\t")[0] for row in ended.out.splitlines() if row) == offered
    assert ended.err == ""


@pytest.mark.usefixtures("known")
def test_shell_shows_what_an_id_stands_for(command_line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMP_LINE", "zoom-ops events show wa")
    shown = {}
    for shell in ("bash", "zsh", "fish"):
        monkeypatch.setenv(SHELL, shell)
        shown[shell] = command_line.run().out

    assert shown == {"bash": "wave\n", "zsh": "wave:Talk: of wave\n", "fish": "wave\tTalk: of wave\n"}


@pytest.mark.parametrize(("word", "offered"), [("webinars@ex", HOST), ("@ex", "@example.org"), ("ex", "example.org")])
@pytest.mark.usefixtures("known")
def test_bash_gets_the_rest_of_a_word_that_it_divides(
    command_line: CommandLine, monkeypatch: pytest.MonkeyPatch, word: str, offered: str
) -> None:
    monkeypatch.setenv(SHELL, "bash")
    monkeypatch.setenv("COMP_LINE", "zoom-ops events move tides --host webinars@ex")
    monkeypatch.setenv("COMP_WORD", word)

    assert command_line.run().out == f"{offered}\n"


def test_shell_completes_files_itself(command_line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHELL, "zsh")
    monkeypatch.setenv("COMP_LINE", "zoom-ops events import ~/ev")

    assert command_line.run(code=3).out == ""


def test_run_is_completed_with_what_it_did(
    service: Service, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.add()
    service.settle()
    run = next(run for run in service.runs() if run.job == "create_webinars")
    monkeypatch.setenv(SHELL, "fish")
    monkeypatch.setenv("COMP_LINE", "zoom-ops runs show ")

    assert f"{run.id}\tcreate_webinars {EVENT_ID} done" in command_line.run().out.splitlines()
