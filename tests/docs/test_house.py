"""The code follows the page on its architecture: small folders, small modules, fronts, tests beside subjects."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from tests.root import ROOT

MODULES = (*(ROOT / "zoom_ops").rglob("*.py"), *(ROOT / "tests").rglob("*.py"))
KINDS = ("unit", "integration")  # with folders named like those of the package
ABOUT_THE_WHOLE = {"integration/leaks"}


def test_no_folder_holds_more_than_25_modules() -> None:
    sizes = Counter(path.parent for path in MODULES if path.name != "__init__.py")

    assert [str(folder) for folder, size in sizes.items() if size > 25] == []


def test_no_module_of_the_product_is_longer_than_300_lines() -> None:
    product = [path for path in MODULES if path.is_relative_to(ROOT / "zoom_ops")]

    assert [str(path) for path in product if len(path.read_text("utf-8").splitlines()) > 300] == []


def test_reader_of_announcements_stays_small() -> None:
    """Fewer rules: what a rule cannot decide is held for an operator. Letters, which are sentences, have their own."""
    paths = sorted((ROOT / "zoom_ops" / "announcements").rglob("*.py"))
    letters = [path.read_text("utf-8") for path in paths if path.parent.name == "letters"]
    reader = [path.read_text("utf-8") for path in paths if path.parent.name != "letters"]
    phrases = [path.read_text("utf-8") for path in sorted((ROOT / "zoom_ops" / "phrases").rglob("*.py"))]

    assert sum(len(text.splitlines()) for text in reader) <= 2_692
    assert sum(_expressions(text) for text in (*reader, *phrases)) <= 51
    assert sum(len(text.splitlines()) for text in letters) <= 790
    assert sum(map(_expressions, letters)) <= 40


def _expressions(text: str) -> int:
    """Count the regular expressions of a module: the calls of `re`."""
    calls = (node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    of_re = (call for call in calls if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name))
    return sum(call.value.id == "re" and call.attr != "escape" for call in of_re if isinstance(call.value, ast.Name))


def test_nothing_imports_past_a_folders_front() -> None:
    """A folder whose `__init__` has `__all__` is imported only through it."""
    graph = grimp.build_graph("zoom_ops")
    fronts = [
        package
        for package in _packages()
        if "__all__" in Path(ROOT, *package.split("."), "__init__.py").read_text("utf-8")
    ]

    past = [
        f"{importer} imports {inner}"
        for front in fronts
        for inner in graph.find_descendants(front)
        for importer in graph.find_modules_that_directly_import(inner)
        if importer != front and not importer.startswith(f"{front}.")
    ]

    assert past == []


def test_page_on_the_architecture_draws_the_floors_that_are_held() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    held = [sorted(re.findall(r"\w+", floor)) for floor in contracts[0]["layers"]]
    modules = {module for floor in held for module in floor}
    drawing = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("```text\n")[2].partition("```")[0]
    named = [sorted(re.split(r" {2,}", line.strip())[0].split(" │ ")) for line in drawing.splitlines()]

    assert [floor for floor in named if modules.issuperset(floor)] == held


@pytest.mark.parametrize("kind", KINDS)
def test_tests_lie_beside_their_subject(kind: str) -> None:
    folders = {path.parent.relative_to(ROOT / "tests" / kind) for path in (ROOT / "tests" / kind).rglob("test_*.py")}

    lost = [str(folder) for folder in folders if not (ROOT / "zoom_ops" / folder).is_dir()]

    assert [folder for folder in lost if f"{kind}/{folder}" not in ABOUT_THE_WHOLE] == []


def _packages() -> Iterator[str]:
    for path in (ROOT / "zoom_ops").rglob("__init__.py"):
        yield ".".join(path.parent.relative_to(ROOT).parts)
