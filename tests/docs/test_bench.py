"""The commands for measurements in the documents exist."""

import re
import shlex

from tests.bench.__main__ import arguments
from tests.bench.figure import Figure
from tests.bench.page import PAGE, with_figures
from tests.root import ROOT

_COMMAND = re.compile(r'make bench ARGS="([^"]*)"')


def test_commands_in_the_documents_can_be_given() -> None:
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    commands = {command for document in documents for command in _COMMAND.findall(document.read_text("utf-8"))}

    options = [arguments().parse_args(shlex.split(command)) for command in commands]

    assert len(options) > 3


def test_figures_take_the_place_of_those_that_were_measured_in_the_same_way() -> None:
    def figure(what: str, measured: float) -> Figure:
        return Figure(what=what, measured=measured, unit="s", budget=2, at_least=False)

    page = "before\n<!-- make bench -->\n| |\n| --- |\n<!-- end -->\nafter\n"
    for by, *figures in (
        ("news", figure("p50", 1), figure("p99", 1)),
        ("news --workers 2", figure("p50", 1)),
        ("news", figure("p99", 3)),
    ):
        page = with_figures(page, by, figures)

    assert page.splitlines()[4:-2] == ["| news | p99 | **3** s | ≤ 2 |  |", "| news --workers 2 | p50 | 1 s | ≤ 2 |  |"]
    assert page.startswith("before\n")
    assert page.endswith("-->\nafter\n")
    assert with_figures(PAGE.read_text("utf-8"), "news", [figure("p50", 1)]).count("| news | ") == 1
