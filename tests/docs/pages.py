"""The documentation's pages, and what stands in them."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.root import ROOT

PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")))

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"`([^`]+)`")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")


def read(page: Path) -> str:
    """Read a page."""
    return page.read_text(encoding="utf-8")


def iter_blocks(text: str, language: str) -> Iterator[str]:
    """List the fenced blocks in a language."""
    return (content for name, content in _FENCED.findall(text) if name == language)


def iter_quoted(text: str) -> Iterator[str]:
    """List what stands between backticks in running text, on one line each."""
    return (" ".join(found.split()) for found in _QUOTED.findall(_FENCED.sub("", text)))


def iter_code(text: str) -> Iterator[str]:
    """List every piece of code: the lines of fenced blocks, and what stands between backticks."""
    for _language, content in _FENCED.findall(text):
        yield from content.splitlines()
    yield from iter_quoted(text)


def iter_links(text: str) -> Iterator[str]:
    """List where the links and pictures outside of code lead."""
    bare = _FENCED.sub("", text)
    return (one or other for one, other in _LINK.findall(bare))


def anchors(text: str) -> frozenset[str]:
    """List the anchors of a page's headings, made as GitHub makes them."""
    return frozenset(_anchor(heading) for heading in _HEADING.findall(_FENCED.sub("", text)))


def section(text: str, heading: str) -> str:
    """Cut out what stands below a heading, up to the next one of its rank."""
    rank = heading.partition(" ")[0]
    found = re.search(rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{len(rank)}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"There is no heading {heading!r}."
    return found[1]


def _anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).lower())
    return kept.strip().replace(" ", "-")
