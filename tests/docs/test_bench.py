"""The commands that the documents give for measuring are those that there are."""

import re
import shlex

from tests.bench.__main__ import arguments
from tests.root import ROOT

_COMMAND = re.compile(r'make bench ARGS="([^"]*)"')


def test_commands_in_the_documents_can_be_given() -> None:
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    commands = {command for document in documents for command in _COMMAND.findall(document.read_text("utf-8"))}

    asked = [arguments().parse_args(shlex.split(command)) for command in commands]

    assert len(asked) > 3
