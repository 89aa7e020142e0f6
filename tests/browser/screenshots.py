"""Take the pictures of docs/screenshots: `python -m tests.browser.screenshots`."""

import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

from tests.setup.chromium import run_browser
from tests.web_site import Site
from tests.web_states import fill
from zoom_ops.store.connect import open_database
from zoom_ops.store.migrate import upgrade

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
Scheme = Literal["light", "dark"]
PICTURES: tuple[tuple[str, str, int, Scheme], ...] = (  # file, page, width, scheme
    ("event-published-phone", "published", 390, "light"),
    ("event-published-dark", "published", 1280, "dark"),
    ("event-expected", "expected", 1280, "light"),
    ("event-cancelled", "cancelled", 1280, "light"),
    ("event-groups", "groups", 1280, "light"),
    ("event-arabic", "arabic", 1280, "light"),
    ("recording-passcode", "passcode", 1280, "light"),
    ("programme", "programme", 1280, "light"),
)


def main() -> int:
    """Fill a site with every state and take its pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, run_browser() as browser:
        if browser is None:
            sys.stderr.write("Chromium is not installed; `make test` installs it.\n")
            return 1
        database = open_database(f"sqlite:///{folder}/zoom_ops.db")
        upgrade(database)
        site = Site(database)
        pages = fill(site)
        with site.served() as visitor:
            for name, page, width, scheme in PICTURES:
                _take(browser, visitor.address + pages[page], FOLDER / f"{name}.png", width, scheme)
        database.close()
    return 0


def _take(browser: Browser, address: str, file: Path, width: int, scheme: Scheme) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        reduced_motion="reduce",
        timezone_id="Africa/Nairobi",
        locale="ar" if file.stem.endswith("arabic") else "en-GB",
    )
    page = context.new_page()
    page.goto(address)
    page.screenshot(path=file, full_page=True)
    context.close()


if __name__ == "__main__":
    sys.exit(main())
