"""Every file and test that a page names exists."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, read
from tests.root import ROOT

NAMING = (*PAGES, ROOT / "CONTRIBUTING.md")
EXAMPLES = {"jobs/name_missing_addresses.py"}  # a file that the reader writes
_FILE = re.compile(r"(?<![\w./{}-])(?:[\w./-]*\w\.py|(?:zoom_ops|tests|docs|deploy)/[\w./-]*\w\.\w+)\b(?!\.\w)")
_TEST = re.compile(r"\btest_\w+\b(?!\.py)")
_FOLDER = re.compile(r"(?<![\w./-])(?:zoom_ops|tests|jobs|docs|deploy)/(?:[\w-]+/)*(?=[`\s),;])")
_FOUND = (ROOT, ROOT / "zoom_ops", ROOT / "docs")


@pytest.mark.parametrize("page", NAMING, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_and_tests_that_a_page_names_are_there(page: Path) -> None:
    lost = _lost(page, read(page))

    assert lost == []


def test_file_and_test_that_are_not_there_are_found() -> None:
    text = "See `operations/nothing.py`, `zoom_ops/events/maxima.py`, `tests/nowhere/` and test_nothing_of_the_kind."

    assert _lost(ROOT / "README.md", text) == ["operations/nothing.py", "tests/nowhere/", "test_nothing_of_the_kind"]


def _lost(page: Path, text: str) -> list[str]:
    files = _FILE.findall(text)
    tests = [name for name in _TEST.findall(text) if not any(known.startswith(name) for known in _TESTS)]
    missing = [name for name in (*files, *_FOLDER.findall(text)) if name not in EXAMPLES and not _is_there(page, name)]
    return list(dict.fromkeys((*missing, *tests)))


def _is_there(page: Path, name: str) -> bool:
    return name in _NAMES or any((folder / name).exists() for folder in (*_FOUND, page.parent))


_NAMES = {path.name for folder in ("zoom_ops", "tests") for path in (ROOT / folder).rglob("*.py")}  # in running text
_TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in (path.stem, *re.findall(r"^\s*def (test_\w+)", path.read_text("utf-8"), re.MULTILINE))
}
