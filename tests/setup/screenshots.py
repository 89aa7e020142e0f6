"""Take the pictures of the documentation from a running demo: `python -m tests.setup.screenshots`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser

from tests.setup.chromium import run_browser
from zoom_ops.cli.demo_stage import Stage
from zoom_ops.cli.demo_story import Story, Teller

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
WIDTH, HEIGHT = 1280, 960


def main() -> None:
    """Tell the demo's story, and photograph the event page with its recording."""
    with run_browser() as browser:
        if browser is None:
            sys.exit("Chromium is not installed; `make test` installs it.")
        with Stage(sandbox=None, once=True) as stage:
            address = Story(stage, Teller(quiet=True)).tell().summary()["event_url"]
            photograph(browser, address, FOLDER / "event-page.png")


def photograph(browser: Browser, address: str, picture: Path) -> None:
    """Photograph the top of a page as a visitor in Geneva sees it."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, timezone_id="Europe/Zurich", locale="en-GB")
    page.goto(address)
    page.get_by_role("link", name="Recording").first.wait_for()
    picture.parent.mkdir(exist_ok=True)
    page.screenshot(path=picture)
    page.close()


if __name__ == "__main__":
    main()
