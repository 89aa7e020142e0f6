"""`events import`: what it stores, what a dry run shows, and the mistakes of the command itself."""

from pathlib import Path

from tests.integration.command_line import CommandLine
from tests.integration.service import Service

TALK = """\
title: Tides of Tomorrow
date: 03/04/2040
time: 14:30-15:45
tz: Europe/Zurich
speakers: [Ada Lovelace]
"""


def test_dry_run_shows_fields_sources_and_choices_and_stores_nothing(
    service: Service, command_line: CommandLine, tmp_path: Path
) -> None:
    (file := tmp_path / "a.yaml").write_text(TALK)

    shown = command_line.run("events", "import", str(file), "--dry-run")
    document = command_line.run("events", "import", str(file), "--dry-run", "--json").json
    listed = command_line.run("events", "list")

    lines = [" ".join(line.split()) for line in shown.out.splitlines()]
    assert lines == [
        "tides-of-tomorrow: would be created, a draft",
        "name Tides of Tomorrow [line 1]",
        "start 2040-04-03T14:30:00+02:00 [line 2: 03/04/2040] [line 3: 14:30-15:45]",
        "end 2040-04-03T15:45:00+02:00 [line 3: 14:30-15:45]",
        "timezone Europe/Zurich [line 4]",
        "performers Ada Lovelace [line 5]",
        "Nothing was stored. 1 would be created.",
    ]
    assert "this may be 3 April 2040 or 4 March 2040" in shown.err
    assert "Choices: 2040-04-03T14:30 | 2040-03-04T14:30." in shown.err
    assert [event["action"] for event in document["events"]] == ["created"]
    assert document["events"][0]["held"] is True
    assert "There are no events" in listed.out


def test_list_without_events_says_where_others_are(service: Service, command_line: CommandLine) -> None:
    none, none_past, no_drafts, no_past_drafts = (
        command_line.run("events", "list", *options).out.strip()
        for options in ((), ("--past",), ("--drafts",), ("--drafts", "--past"))
    )

    assert none == "There are no events to come. Begin with: zoom-ops events import FILE"
    assert none_past == "There are no events that are over. Those to come: zoom-ops events list"
    assert no_drafts == "There are no drafts to come. Those that are over: zoom-ops events list --drafts --past"
    assert no_past_drafts == "There are no drafts that are over. Those to come: zoom-ops events list --drafts"


def test_dry_run_of_a_table_says_which_columns_are_left_out(
    service: Service, command_line: CommandLine, tmp_path: Path
) -> None:
    (file := tmp_path / "a.csv").write_text("Title,Date,Time,Zone,PIN\nTides,2040-04-03,14:30-15:45,UTC,4711\n")

    shown = command_line.run("events", "import", str(file), "--dry-run")

    assert [line for line in shown.out.splitlines() if line.startswith("column 'P")] == ["column 'PIN' is left out"]
    assert "4711" not in shown.out + shown.err


def test_question_of_a_dry_run_is_its_exit_code(service: Service, command_line: CommandLine, tmp_path: Path) -> None:
    (file := tmp_path / "a.yaml").write_text(TALK.replace("03/04", "13/04"))
    (moved := tmp_path / "b.yaml").write_text(TALK.replace("03/04", "14/04"))
    command_line.run("events", "import", str(file))

    shown = command_line.run("events", "import", str(moved), "--dry-run", code=3)

    assert "is known with another date (2040-04-13). Same event as tides-of-tomorrow?" in shown.err


def test_other_files_are_imported_and_every_mistake_is_printed(
    service: Service, command_line: CommandLine, tmp_path: Path
) -> None:
    (good := tmp_path / "a.yaml").write_text(TALK)
    (bad := tmp_path / "b.yaml").write_text("name: x\nhost: y\n")
    (binary := tmp_path / "c.bin").write_bytes(bytes(range(256)))

    done = command_line.run("events", "import", str(bad), str(good), str(tmp_path), str(binary), code=2)

    assert done.out.startswith("tides-of-tomorrow: created")
    assert "This is a folder: name the files in it." in done.err
    assert f"{bad}:2: host: an event has no such key" in done.err
    assert f"{binary}:" in done.err


def test_mistakes_of_the_command_are_told(service: Service, command_line: CommandLine) -> None:
    nothing = command_line.run("events", "import", code=2)
    wrong = command_line.run("events", "import", "--template", "pdf", code=2)
    both = command_line.run("events", "import", "--template", "csv", "a.csv", code=2)

    assert nothing.err.startswith("Name the FILE to import, or - for input.")
    assert wrong.err == "--template is csv or xlsx, not 'pdf'."
    assert both.err == "--template prints a table and imports nothing: leave FILE out."


def test_approval_that_publishes_a_draft_says_so(service: Service, command_line: CommandLine, tmp_path: Path) -> None:
    text = '{"id": "tides", "name": "Tides", "start": "2040-04-03T14:30", "end": "2040-04-03T15:30", "timezone": "UTC"}'
    (file := tmp_path / "a.json").write_text(text[:-1] + ', "needs_review": [{"field": "start", "reason": "Is it?"}]}')
    command_line.run("events", "import", str(file))

    approved = command_line.run("events", "approve", "tides")

    assert approved.out.strip() == "Approved: start. It is published: everybody sees it."
