"""Checks of pages by axe and for their width: in light and dark, at desktop and phone size."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.web_states import in_language

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": RULES,
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},  # no rule of these reads the style sheets that axe would fetch again
    "iframes": False,  # axe does not run inside them, and would wait for their answers
}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
DESK, PHONE = (1280, 800), (390, 844)
Broken = list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Look:
    """The language, scheme and size for a check of a page."""

    language: str
    scheme: Scheme
    size: tuple[int, int]


ChooseLooks = Callable[[int, Sequence[str]], tuple[Look, ...]]


def every_look(_number: int, languages: Sequence[str]) -> tuple[Look, ...]:
    """List each language in each scheme and size."""
    return tuple(Look(*look) for look in product(languages, SCHEMES, (DESK, PHONE)))


def look_in_turn(number: int, languages: Sequence[str]) -> tuple[Look, ...]:
    """Choose one look for a page, so that consecutive pages have every language in every scheme and size."""
    turn, place = divmod(number, len(languages))
    return (Look(languages[place], SCHEMES[turn % 2], (DESK, PHONE)[turn // 2 % 2]),)


in_looks = pytest.mark.parametrize(
    "looks",
    [
        pytest.param(look_in_turn, id="in turn"),
        pytest.param(every_look, id="all", marks=pytest.mark.long),
    ],
)


def find_broken_pages(page: Page, address: str, pages: Mapping[str, Iterable[Look]]) -> dict[tuple[str, Look], Broken]:
    """Check every page with axe; return the broken rules and their places. `pages` are the looks at each path."""
    return {
        (path, look): broken
        for path, looks in pages.items()
        for look in looks
        if (broken := _look(page, address + path, look))
    }


def _look(page: Page, address: str, look: Look) -> Broken:
    width, height = look.size
    page.emulate_media(color_scheme=look.scheme)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(in_language(address, look.language))
    broken = find_broken_rules(page)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        broken.append(("wider than its window", []))
    return broken


def find_broken_rules(page: Page) -> Broken:
    """Check a page with axe; return the broken rules and their places."""
    result = Axe().run(page, options=OPTIONS).response
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in result["violations"]]


def find_wide_pages(page: Page, address: str, pages: Mapping[str, str], widths: Iterable[int]) -> list[tuple[str, int]]:
    """List the pages that are wider than a window."""
    wider = []
    for name, path in pages.items():
        page.goto(address + path)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wider.append((name, width))
    return wider
