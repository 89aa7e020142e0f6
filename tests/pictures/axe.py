"""Check every page in every state with axe: `python -m tests.pictures.axe` prints the findings."""

import sys
from collections import Counter
from itertools import product

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.looking import RULES, SCHEMES
from tests.pictures.camera import open_page
from tests.pictures.catalogue import DESK, PHONE, Picture
from tests.pictures.places import Place, keep_logs_quiet, open_console, open_site
from tests.setup.chromium import run_browser

MEMBERS = ("members-only", "joinable-members")
KINDS = ("looks", "passes", "violations", "incomplete", "wider than the window")


def main() -> int:
    """Check every page in every state with axe: `python -m tests.pictures.axe` prints the findings."""
    keep_logs_quiet()
    with run_browser() as browser:
        if browser is None:
            return 1
        with open_site() as site:
            broken = _look_at(browser, "the public pages", site, ("en", "ar"))
        with open_console() as console:
            broken += _look_at(browser, "the console", console, ("en",))
    return 1 if broken else 0


def _look_at(browser: Browser, name: str, place: Place, languages: tuple[str, ...]) -> int:
    """Check all pages of a place; print the counts and return the number of violations."""
    counts: Counter[str] = Counter()
    for path, scheme, width, language in product(place.paths, SCHEMES, (DESK, PHONE), languages):
        for member in (False, True) if path in MEMBERS else (False,):
            looked_at = Picture(name=path, page=path, width=width, scheme=scheme, language=language, member=member)
            page = open_page(browser, looked_at, place)
            counts += _look(page, f"{path} {scheme} {width} {language}")
            page.context.close()
    summary = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
    sys.stdout.write(f"{name}: {len(place.paths)} pages, {summary}\n")
    return counts["violations"]


def _look(page: Page, what: str) -> Counter[str]:
    response = Axe().run(page, options={"runOnly": RULES}).response
    for kind in ("violations", "incomplete"):
        for rule in response[kind]:
            nodes = "; ".join(node["html"][:100] for node in rule["nodes"][:3])
            sys.stdout.write(f"  {kind}: {what}: {rule['id']}: {nodes}\n")
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    counted = {"looks": 1, "passes": len(response["passes"]), "wider than the window": int(wide)}
    return Counter(counted | {kind: len(response[kind]) for kind in ("violations", "incomplete")})


if __name__ == "__main__":
    sys.exit(main())
