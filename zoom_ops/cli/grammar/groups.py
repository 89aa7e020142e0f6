"""The commands and their groups: `-h`, whole sentences in help, and a group that lists when it is called alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import typer
from typer._click.exceptions import UsageError
from typer.core import TyperCommand, TyperGroup
from typer.models import CommandFunctionType as Function

from .names import complete_ids, kind_of, offer

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter
    from typer._click.core import Command as AnyCommand
    from typer._click.core import Parameter
    from typer._click.shell_completion import CompletionItem

HELP = ("-h", "--help")
_TYPE = re.compile(r" <(int|str|path|list)[^>]*>")


class Noun(typer.Typer):
    """A group of commands. Called alone it does one of them, with its options: `list`, or what `alone` names."""

    def __init__(self, *, name: str, help: str, alone: str = "list") -> None:
        super().__init__(name=name, help=help, cls=type("Group", (Group,), {"alone": alone}))

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Function], Function]:
        """Add a command."""
        return super().command(name, **{"cls": Command, **settings})


class Command(TyperCommand):
    """A command. The metavar of a parameter says what it takes: an EVENT, a JOB… (names.py)."""

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        for param in self.params:
            if param._custom_shell_complete is None:
                param._custom_shell_complete = _complete  # what the library's `autocompletion` sets, too

    def invoke(self, ctx: Context) -> Any:
        """Do it. What is named by the beginning of its id is looked up first."""
        kinds = {param.name: kind for param in self.params if ctx.params.get(param.name) and (kind := kind_of(param))}
        if kinds:
            ctx.params |= complete_ids({name: ctx.params[name] for name in kinds}, kinds)
        return super().invoke(ctx)

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Parse the words after the command."""
        with _of(ctx):
            return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """Name what follows the command, without the braces of the library."""
        return [re.sub(r"\{(.*?)\}", r"\1", piece) for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write arguments and options."""
        records = [(param.param_type_name, param.get_help_record(ctx)) for param in self.get_params(ctx)]
        for heading, kind in (("Arguments", "argument"), ("Options", "option")):
            if rows := [row for known, row in records if row and known == kind]:
                with formatter.section(heading):
                    formatter.write_dl([(_TYPE.sub(_write_type, name), _write_range(text)) for name, text in rows])


class Group(TyperGroup):
    """A group of commands; `alone` is the one that it does when it is called without any."""

    alone: str | None = None

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Parse the words after the group. Without a command among them, they are those of `alone`."""
        is_asked = bool(args) or not ctx.resilient_parsing  # a completion after the group alone offers its commands
        if self.alone and is_asked and (not args or (args[0].startswith("-") and args[0] not in HELP)):
            args = [self.alone, *args]
        with _of(ctx):
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, AnyCommand | None, list[str]]:
        """Find a command; raise BadInputError with the nearest names."""
        if not args[0].startswith("-") and args[0] not in self.commands:
            from ...errors import BadInputError

            shown = [name for name, command in self.commands.items() if not command.hidden]
            near = get_close_matches(args[0], shown, n=2, cutoff=0.7)
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            path = ctx.command_path
            raise BadInputError(f"There is no command {path} {args[0]}. {hint}{path} -h lists the commands.")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a command, or an option of `alone`."""
        items = super().shell_complete(ctx, incomplete)
        for item in items:
            if command := self.commands.get(item.value):
                item.help = first_sentence(command.help or "")
        if self.alone and incomplete.startswith("-"):
            known = {item.value for item in items}
            items += [item for item in self._alone.shell_complete(ctx, incomplete) if item.value not in known]
        return items

    def format_help_text(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write what the group is for, and what it does alone."""
        super().format_help_text(ctx, formatter)
        if self.alone:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(f"Without a command, this does {ctx.command_path} {self.alone}.")

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the options, also those of `alone`, and the commands."""
        if not self.alone:
            return super().format_options(ctx, formatter)
        self._alone.format_options(ctx, formatter)
        return self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002  # the library gives it
        """Write each command with the first sentence of its help, whole."""
        shown = [(name, command) for name, command in self.commands.items() if not command.hidden]
        with formatter.section("Commands"):
            formatter.write_dl([(name, first_sentence(command.help or "")) for name, command in shown])

    @property
    def _alone(self) -> TyperCommand:
        command = self.commands[self.alone or ""]
        assert isinstance(command, TyperCommand)  # noqa: S101  # a group in a group lists by a command of its own
        return command


def _complete(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    from typer._click.shell_completion import CompletionItem

    if param.metavar == "FILE":
        return [CompletionItem(incomplete, type="file")]
    kind, event = kind_of(param), ctx.params.get("event")
    found = offer(kind, param.metavar or "", incomplete)
    if kind == "RECORDING" and event:
        found = [(uuid, whose) for uuid, whose in found if whose.startswith(event)]
    return [CompletionItem(name, help=more) for name, more in found]


@contextmanager
def _of(ctx: Context) -> Iterator[None]:
    """Name the command in errors of usage that do not."""
    try:
        yield
    except UsageError as error:
        error.ctx = error.ctx or ctx
        raise


def _write_type(found: re.Match[str]) -> str:
    """Render the type of a value, which the library writes as in Python. That of an argument says nothing new."""
    return (
        {"int": " NUMBER", "str": " TEXT", "path": " FILE", "list": " TEXT"}[found[1]]
        if found.string.startswith("-")
        else ""
    )


def _write_range(text: str) -> str:
    text = re.sub(r" *\[x<=\d{19}\]|x<=\d{19}; *", "", text)  # as many as the database can number
    text = re.sub(r"\b(\d+)<=x<=(\d+)", r"\1 to \2", text)
    return re.sub(r"\bx>=(\d+)", r"at least \1", text)


def first_sentence(text: str) -> str:
    """Return the first sentence of a help text, on one line."""
    line = " ".join(text.split("\n\n", 1)[0].split())
    return re.split(r"(?<=[.!?])\s", line, maxsplit=1)[0]
