"""Look at pages as axe does, and at whether they fit their window: in light and dark, on a desk and on a phone."""

from collections.abc import Iterable, Mapping
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Scheme = Literal["light", "dark"]
Looks = tuple[tuple[Scheme, int, int], ...]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
# Colours hang on the scheme, places on the size, and no rule of the stylesheets on both: the rest is left to --long.
LOOKS: Looks = (("light", 1280, 800), ("dark", 390, 844))
CROSSED: Looks = (("light", 390, 844), ("dark", 1280, 800))

in_every_look = pytest.mark.parametrize(
    "looks", [pytest.param(LOOKS, id="each"), pytest.param(CROSSED, id="crossed", marks=pytest.mark.long)]
)
Broken = list[tuple[str, list[str]]]


def find_broken_pages(
    page: Page, address: str, pages: Mapping[str, str], looks: Looks
) -> dict[tuple[str, str, int], Broken]:
    """Let axe look at every page: which break rules, and where."""
    found = {}
    for name, path in pages.items():
        page.goto(address + path)
        for scheme, width, height in looks:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": height})
            if broken := find_broken_rules(page):
                found[name, scheme, width] = broken
    return found


def find_broken_rules(page: Page) -> Broken:
    """Let axe look at a page: which rules are broken, and where."""
    result = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in result["violations"]]


def find_wide_pages(page: Page, address: str, pages: Mapping[str, str], widths: Iterable[int]) -> list[tuple[str, int]]:
    """List the pages that do not fit a window."""
    wider = []
    for name, path in pages.items():
        page.goto(address + path)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wider.append((name, width))
    return wider
