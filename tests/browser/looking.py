"""Checks of pages by axe, for their width and for complaints of the browser: light and dark, for desk and phone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

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
WIDTHS = (320, 390, 768, 1280, 2560)
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


def find_broken_pages(
    page: Page, address: str, pages: Mapping[str, Iterable[Look]], widths: Iterable[int] = ()
) -> dict[tuple[str, Look], Broken]:
    """Check every page with axe, for its width and for complaints of the browser.

    Return the broken rules and their places. `pages` are the looks at each path. `widths` are those of further windows.
    """
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if not _tells_status(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    found: dict[tuple[str, Look], Broken] = {}
    for path, looks in pages.items():
        for look in looks:
            broken = _look(page, address + path, look, widths)
            if complaints:
                broken.append(("complaints of the browser", [*complaints]))
            if broken:
                found[path, look] = broken
            complaints.clear()
    return found


def _tells_status(message: ConsoleMessage) -> bool:
    """Tell whether the browser only logs that this page is one for what is not there."""
    is_page = message.location["url"] == message.page.url if message.page else False
    return is_page and "the server responded with a status of 404" in message.text


def _look(page: Page, address: str, look: Look, widths: Iterable[int]) -> Broken:
    page.emulate_media(color_scheme=look.scheme)
    page.set_viewport_size({"width": look.size[0], "height": look.size[1]})
    page.goto(in_language(address, look.language))
    broken = find_broken_rules(page)
    wide = [width for width in (look.size[0], *widths) if _is_wider(page, width)]
    return [*broken, ("wider than its window", [*map(str, wide)])] if wide else broken


def _is_wider(page: Page, width: int) -> bool:
    """Tell whether a page is wider than a window."""
    page.set_viewport_size({"width": width, "height": 800})
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def find_broken_rules(page: Page) -> Broken:
    """Check a page with axe; return the broken rules and their places."""
    result = Axe().run(page, options=OPTIONS).response
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in result["violations"]]


def find_wide_pages(page: Page, address: str, pages: Mapping[str, str], widths: Iterable[int]) -> list[tuple[str, int]]:
    """List the pages that are wider than a window."""
    wider = []
    for name, path in pages.items():
        page.goto(address + path)
        wider.extend((name, width) for width in widths if _is_wider(page, width))
    return wider
