"""The links, commands, options and settings in the pages exist, and the pages name nothing of the author's machine."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from tests.docs.pages import PAGES, ROOT, anchors, iter_code, iter_links, read
from tests.docs.write_configuration import describe_settings
from zoom_ops.cli.grammar.groups import Group
from zoom_ops.cli.main import app

COMMANDS = typer.main.get_command(app)
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))

_SETTING = re.compile(r"ZOOM_OPS_[A-Z][A-Z0-9_]*(?:<NAME>\w+)?")
_OF_A_MACHINE = re.compile(r"(?<![\w./])/(?:work|root|home|Users|tmp)/\w|\b[\w.-]+\.internal\b")
_OF_A_REGISTRY = re.compile(r"(?i)pypi\.|pythonhosted|registry\.(?!py\b)|npmjs|/simple\b|--(?:extra-)?index-url")


@each_page
def test_links_of_page_lead_to_files_and_headings(page: Path) -> None:
    inner = [link for link in iter_links(read(page)) if not link.startswith(("https://", "http://"))]

    lost = [link for link in inner if not _leads_somewhere(page, link)]

    assert lost == []


@each_page
def test_commands_of_page_exist_with_their_options(page: Path) -> None:
    wrong = [complaint for line in iter_code(read(page)) for complaint in _complaints(line)]

    assert wrong == []


def test_commands_that_do_not_exist_are_found() -> None:
    lines = (
        "zoom-ops evnts list", "zoom-ops runs lst", "zoom-ops plan --forse", "zoom-ops runs --faild",
        "$ zoom-ops runs show RUN --json",
    )  # fmt: skip

    assert [list(_complaints(line)) for line in lines] == [
        ["zoom-ops evnts"],
        ["zoom-ops runs lst"],
        ["zoom-ops plan --forse"],
        ["zoom-ops runs --faild"],
        [],
    ]


@each_page
def test_settings_of_page_exist(page: Path) -> None:
    known = {_as_written(row.name) for row in describe_settings()}
    secret_files = {f"{_as_written(row.name)}_FILE" for row in describe_settings() if row.secret}

    named = {_as_written(name) for name in _SETTING.findall(read(page))} - {"ZOOM_OPS_ACCOUNTS__"}

    assert named - known - secret_files == set()


@each_page
def test_page_holds_nothing_of_the_machine_it_was_written_on(page: Path) -> None:
    assert _OF_A_MACHINE.findall(read(page)) == []
    assert _OF_A_REGISTRY.findall(read(page)) == []


def test_every_page_is_in_the_index() -> None:
    listed = {(ROOT / "docs" / link).resolve() for link in iter_links(read(ROOT / "docs" / "README.md"))}

    assert set(PAGES) - listed == {ROOT / "docs" / "README.md"}


def _as_written(name: str) -> str:
    """Write the name of a setting with the account, or the webhook, of the pages."""
    return name.replace("WEBHOOKS__<NAME>", "WEBHOOKS__CMS").replace("<NAME>", "MAIN")


def _leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in anchors(read(target)))


def _complaints(line: str) -> Iterator[str]:
    """Yield the parts of a `zoom-ops` line that the command line does not have."""
    for call in re.findall(r"(?:^|[\s/(])zoom-ops(?! zoom-ops)((?: [^`|;&)#<]+)?)", line.partition("  #")[0]):
        yield from _complaints_of_call(_words(call))


def _words(call: str) -> list[str]:
    try:
        return shlex.split(call)
    except ValueError:  # an apostrophe in a sentence
        return call.split()


def _complaints_of_call(words: list[str]) -> Iterator[str]:
    command, path = COMMANDS, "zoom-ops"
    for word in words:
        if word.startswith("-") and isinstance(command, Group) and command.alone:
            command = command.commands[command.alone]
        known = {
            "-h",
            "--help",
            *(option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)),
        }
        if word.startswith("-"):
            if word.rstrip(".,:") not in known and word != "-":
                yield f"{path} {word}"
        elif isinstance(command, TyperGroup):
            subcommand = command.commands.get(word.rstrip(".,:"))
            if subcommand is None:
                yield f"{path} {word}"
                return
            command, path = subcommand, f"{path} {word}"
