"""`zoom-ops completion`: the script for a shell."""

from typing import Annotated

import typer


def print_completion(
    shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish", help="The shell that you use.")],
) -> None:
    """Print the script by which a shell completes commands, options and ids.

    Nothing is installed by this. For bash or zsh put this line into ~/.bashrc or ~/.zshrc: source <(zoom-ops completion
    bash). For fish: zoom-ops completion fish | source.
    """
    from .completion import script_of

    typer.echo(script_of(shell))
