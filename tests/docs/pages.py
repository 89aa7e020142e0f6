"""The pages of the documentation and their parts."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.root import ROOT

PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md")))

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"`([^`]+)`")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")


def read(page: Path) -> str:
    """Read a page."""
    return page.read_text(encoding="utf-8")


def iter_blocks(text: str, language: str) -> Iterator[str]:
    """Yield the fenced blocks in a language."""
    return (content for name, content in _FENCED.findall(text) if name == language)


def iter_quoted(text: str) -> Iterator[str]:
    """Yield the texts between backticks outside of blocks, each on one line."""
    return (" ".join(quoted.split()) for quoted in _QUOTED.findall(_FENCED.sub("", text)))


def iter_code(text: str) -> Iterator[str]:
    """Yield every piece of code: the lines of fenced blocks, and the texts between backticks."""
    for _language, content in _FENCED.findall(text):
        yield from content.splitlines()
    yield from iter_quoted(text)


def iter_links(text: str) -> Iterator[str]:
    """Yield the targets of links and pictures outside of code."""
    bare = _FENCED.sub("", text)
    return (link or other for link, other in _LINK.findall(bare))


def anchors(text: str) -> frozenset[str]:
    """List the anchors of a page's headings, made as GitHub makes them."""
    return frozenset(_anchor(heading) for heading in _HEADING.findall(_FENCED.sub("", text)))


def section(text: str, heading: str) -> str:
    """Return the text below a heading, up to the next heading of its rank."""
    rank = heading.partition(" ")[0]
    match = re.search(rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{len(rank)}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert match, f"There is no heading {heading!r}."
    return match[1]


def _anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).lower())
    return kept.strip().replace(" ", "-")
