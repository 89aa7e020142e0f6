"""The tree of commands."""

from collections.abc import Iterator

from typer.core import TyperGroup
from typer.main import get_command

from zoom_ops.cli.grammar.groups import Command, Group
from zoom_ops.cli.main import app

Path = tuple[str, ...]


def all_commands() -> Group:
    """Build the group of all commands."""
    commands = get_command(app)
    assert isinstance(commands, Group)
    return commands


def iter_tree(group: Group | None = None, path: Path = ()) -> Iterator[tuple[Path, Group | Command]]:
    """Yield every group and command that people see, with the words that call it."""
    group = group or all_commands()
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            assert isinstance(command, Group), f"{name} is to be a Noun"
            yield from iter_tree(command, (*path, name))
        elif not command.hidden:
            assert isinstance(command, Command), f"{name} is to be a command of a Noun"
            yield (*path, name), command
