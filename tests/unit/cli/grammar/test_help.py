"""Help of every command: whole sentences, none of them cut, on a terminal of 80 columns."""

import re

import pytest

from tests.unit.cli.grammar.tree import Path, all_commands, iter_tree
from zoom_ops.cli.grammar.groups import Group, first_sentence

TREE = dict(iter_tree())
GROUPS = [path for path, command in TREE.items() if isinstance(command, Group)]


def help_of(path: Path, capsys: pytest.CaptureFixture[str], option: str = "-h") -> str:
    assert not all_commands().main([*path, option], prog_name="zoom-ops", standalone_mode=False)
    return capsys.readouterr().out


@pytest.mark.parametrize("path", TREE, ids=" ".join)
def test_help_is_whole_sentences(path: Path) -> None:
    command = TREE[path]

    assert (command.help or "").strip().endswith("."), path
    for param in command.params:
        text = getattr(param, "help", None) or ""
        assert text.endswith("."), f"{' '.join(path)} {param.name}: {text!r}"


@pytest.mark.parametrize("path", TREE, ids=" ".join)
def test_h_shows_the_help_within_80_columns(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = help_of(path, capsys)

    assert shown.startswith(f"Usage: {' '.join(('zoom-ops', *path))} [OPTIONS]")
    assert "-h, --help" in shown
    assert [line for line in shown.splitlines() if len(line) > 80] == []
    assert re.findall(r"<(?:[a-z]|=)[^ ]*", shown) == []  # types of Python


@pytest.mark.parametrize("path", GROUPS, ids=" ".join)
def test_group_lists_its_commands_uncut(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = " ".join(help_of(path, capsys, "--help").split())

    for below, command in TREE.items():
        if below[:-1] == path and below:
            assert f"{below[-1]} {first_sentence(command.help or '')}" in shown


@pytest.mark.parametrize("path", GROUPS[1:], ids=" ".join)
def test_group_called_alone_does_one_of_its_commands(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    group = TREE[path]
    assert isinstance(group, Group)

    shown = " ".join(help_of(path, capsys).split())

    assert f"Without a command, this does zoom-ops {' '.join(path)} {group.alone}." in shown
    for param in group.commands[group.alone or ""].params:
        assert param.opts[0] in shown
