"""A headless Chromium, driven by Playwright, for tests of pages.

The headless shell is Chromium without the browser's own windows. It shows the same pages for half the processor time.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

SHELL = "chromium-headless-shell"  # Debian's name of the program and of its package
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",  # nothing outside this machine
)


@contextmanager
def run_browser() -> Iterator[Browser | None]:
    """Run a headless Chromium, the machine's own or else Playwright's; yield None where there is none."""
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        try:
            yield browser
        finally:
            if browser:
                browser.close()


def find_installed() -> str | None:
    """Find the machine's own Chromium, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _launch(playwright: Playwright) -> Browser | None:
    executable = find_installed()
    try:
        return playwright.chromium.launch(executable_path=executable, args=list(OPTIONS), headless=True)
    except Error as error:
        if executable is None and "Executable doesn't exist" in error.message:
            return None
        raise
