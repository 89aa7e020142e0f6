"""The commands for measurements in the documents exist."""

import re
import shlex

from tests.bench.__main__ import arguments
from tests.root import ROOT

_COMMAND = re.compile(r'make bench ARGS="([^"]*)"')


def test_commands_in_the_documents_can_be_given() -> None:
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    commands = {command for document in documents for command in _COMMAND.findall(document.read_text("utf-8"))}

    options = [arguments().parse_args(shlex.split(command)) for command in commands]

    assert len(options) > 3
