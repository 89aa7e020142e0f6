"""The command line as a whole: errors of usage in our words, and colours only where they are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer._click.exceptions import UsageError

from .groups import Group
from .terminal import color_default

if TYPE_CHECKING:
    from typer._click import Context


class Root(Group):
    """The group of all commands."""

    def _main_shell_completion(self, *_given: Any, **_named: Any) -> None:
        """Answer a shell that asks for completions."""
        from .completion import answer_shell

        answer_shell(self)

    def make_context(
        self, info_name: str | None, args: list[str], parent: Context | None = None, **extra: Any
    ) -> Context:
        """Read the options before the command; raise BadInputError for a mistake."""
        try:
            return super().make_context(info_name, args, parent, **{"color": color_default(), **extra})
        except UsageError as error:
            from .mistakes import explain

            raise explain(error) from error

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Parse the words of the command line: without any, show the help."""
        if not args and not ctx.resilient_parsing:
            args = ["--help"]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Context) -> Any:
        """Run the command; raise BadInputError for a mistake in how it was called."""
        try:
            return super().invoke(ctx)
        except UsageError as error:
            from .mistakes import explain

            raise explain(error) from error
