"""Completion of the command line by bash, zsh and fish."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, get_args

from typer._click.shell_completion import CompletionItem, ShellComplete

from ...errors import BadInputError

if TYPE_CHECKING:
    from typer.core import TyperGroup

Shell = Literal["bash", "zsh", "fish"]

_ASKED = "_ZOOM_OPS_COMPLETE"  # the variable in which a shell says that it wants completions
_FILES = 3  # the exit code that says: here belongs the name of a file

# A script hands over the line up to the cursor; bash also the word that it will replace. Nothing of an answer is ever
# evaluated: titles of events are written by others.
_SCRIPTS: dict[Shell, str] = {
    "bash": """\
_zoom_ops_completion() {
    local answer line
    COMPREPLY=()
    answer=$(COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORD="$2" _ZOOM_OPS_COMPLETE=bash "$1" 2>/dev/null)
    if [ $? -eq 3 ]; then
        compopt -o default 2>/dev/null
    fi
    while IFS= read -r line; do
        [ -n "$line" ] && COMPREPLY+=("$line")
    done <<<"$answer"
}
complete -F _zoom_ops_completion zoom-ops""",
    "zsh": """\
#compdef zoom-ops
_zoom_ops_completion() {
    local answer code
    local -a lines
    answer=$(COMP_LINE="${(j: :)words[1,CURRENT]}" _ZOOM_OPS_COMPLETE=zsh zoom-ops 2>/dev/null)
    code=$?
    if (( code == 3 )); then
        _files
    elif [[ -n $answer ]]; then
        lines=("${(@f)answer}")
        _describe -V zoom-ops lines
    fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _zoom_ops_completion "$@"
else
    compdef _zoom_ops_completion zoom-ops
fi""",
    "fish": """\
function _zoom_ops_completion
    set -lx COMP_LINE (commandline -cp)
    set -lx _ZOOM_OPS_COMPLETE fish
    set -l answer (zoom-ops 2>/dev/null)
    if test $status -eq 3
        __fish_complete_path (commandline -ct)
    else if test (count $answer) -gt 0
        printf '%s\\n' $answer
    end
end
complete --no-files --command zoom-ops --arguments '(_zoom_ops_completion)'""",
}


def script_of(shell: str) -> str:
    """Return the script that makes a shell complete our commands; raise BadInputError for another shell."""
    known = next((name for name in get_args(Shell) if name == shell), None)
    if known is None:
        raise BadInputError(f"SHELL is bash, zsh or fish, not {shell!r}.")
    return _SCRIPTS[known]


def answer_shell(commands: TyperGroup) -> None:
    """If a shell asks for completions, print them and end the process. Whatever goes wrong, nothing is printed."""
    environment = os.environ  # noqa: TID251  # this is how a shell asks, and not a setting
    shell = environment.get(_ASKED)
    if not shell:
        return
    line, word = environment.get("COMP_LINE", ""), environment.get("COMP_WORD")
    items: list[CompletionItem] = []
    silent = io.StringIO()
    with (
        contextlib.suppress(Exception, SystemExit),
        contextlib.redirect_stdout(silent),
        contextlib.redirect_stderr(silent),
    ):
        items = _Words(commands, line).get_all()
    if any(item.type == "file" for item in items):
        sys.exit(_FILES)
    for offered in _write(shell, items, line, word):
        print(offered)  # noqa: T201  # this is for the shell
    sys.exit(0)


class _Words(ShellComplete):
    """The words of a line, up to the cursor."""

    def __init__(self, commands: TyperGroup, line: str) -> None:
        super().__init__(commands, {}, "zoom-ops", _ASKED)
        self._line = line

    def get_all(self) -> list[CompletionItem]:
        return self.get_completions(*self.get_completion_args())

    def get_completion_args(self) -> tuple[list[str], str]:
        words = split(self._line)
        return words[1:-1], words[-1]

    def format_completion(self, item: CompletionItem) -> str:
        return str(item.value)

    def source_vars(self) -> dict[str, object]:
        return {}


def split(line: str) -> list[str]:
    """Split a line into words, as a shell does; the last one is the one at the cursor, and may be empty."""
    lexer = shlex.shlex(line, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    try:
        words.extend(lexer)
    except ValueError:  # a quotation mark is open
        return [*words, lexer.token.lstrip("'\"")]
    return words if words and not line[-1].isspace() else [*words, ""]


def _write(shell: str, items: Iterable[CompletionItem], line: str, word: str | None) -> Iterable[str]:
    """Render completions, one a line, with their help where the shell shows it."""
    typed = split(line)[-1]
    option = typed.partition("=")[0] + "=" if typed.startswith("-") and "=" in typed else ""
    for item in items:
        value, said = str(item.value), _one_line(item.help or "")
        if not value.isprintable():
            continue
        if shell == "bash":
            yield _rest(value, typed.removeprefix(option), word)
        elif shell == "zsh":
            escaped = f"{option}{value}".replace("\\", "\\\\").replace(":", "\\:")
            yield f"{escaped}:{said}" if said else escaped
        else:
            yield f"{option}{value}\t{said}" if said else f"{option}{value}"


def _rest(value: str, typed: str, word: str | None) -> str:
    """Leave out what bash keeps of a value, because for it another word begins at an @ or a colon."""
    word = typed if word is None else "" if word in ("=", ":") else word
    kept = typed[: len(typed) - len(word)] if typed.endswith(word) else ""
    if kept and value.startswith(kept):
        return value.removeprefix(kept)
    return value if re.fullmatch(r"[\w@%+=:,./-]+", value) else shlex.quote(value)


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
