"""Mistakes in calling a command: one sentence each, which says what to write instead."""

import pytest
from typer.testing import CliRunner

from zoom_ops.cli.main import app
from zoom_ops.errors import BadInputError


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("runs show abc", "RUN is a whole number, not 'abc'. zoom-ops runs show -h shows how."),
        ("runs --limit x", "--limit is a whole number from 1 to 10000, not 'x'. zoom-ops runs list -h shows how."),
        ("runs --limit 0", "--limit is a whole number from 1 to 10000, not '0'. zoom-ops runs list -h shows how."),
        ("runs --limit", "--limit takes a value: how many at most. zoom-ops runs list -h shows how."),
        ("audit --limit 0", "--limit is a whole number of at least 1, not '0'. zoom-ops audit list -h shows how."),
        ("runs show", "zoom-ops runs show needs RUN: the number of the run. zoom-ops runs show -h shows how."),
        (
            "accounts pause main",
            "zoom-ops accounts pause needs --note: why, for everybody who sees the pause. "
            "zoom-ops accounts pause -h shows how.",
        ),
        ("runs show 1 2 3", "zoom-ops runs show takes less: 2 3 is too much. zoom-ops runs show -h shows how."),
        ("plan --jsn", "There is no option --jsn of zoom-ops plan. Did you mean --json? zoom-ops plan -h shows how."),
        ("plan --json=yes", "--json takes no value: print JSON. zoom-ops plan -h shows how."),
        ("-x", "There is no option -x of zoom-ops. zoom-ops -h shows how."),
        ("evnts", "There is no command zoom-ops evnts. Did you mean events? zoom-ops -h lists the commands."),
        (
            "runs shw 3",
            "There is no command zoom-ops runs shw. Did you mean show? zoom-ops runs -h lists the commands.",
        ),
        ("db zebra", "There is no command zoom-ops db zebra. zoom-ops db -h lists the commands."),
        (
            "completion",
            "zoom-ops completion needs bash|zsh|fish: the shell that you use. zoom-ops completion -h shows how.",
        ),
        ("completion tcsh", "SHELL is bash, zsh or fish, not 'tcsh'."),
    ],
)
def test_mistake_is_told_in_a_sentence(words: str, sentence: str) -> None:
    ended = CliRunner().invoke(app, words.split(), prog_name="zoom-ops")

    assert isinstance(ended.exception, BadInputError)
    assert str(ended.exception) == sentence
    assert ended.output == ""
