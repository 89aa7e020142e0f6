"""A headless Chromium, driven by Playwright, for tests of pages."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
    """Run a headless Chromium; yield None where there is none."""
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        if executable is None:
            yield None
            return
        browser = playwright.chromium.launch(executable_path=executable, args=list(OPTIONS), headless=True)
        try:
            yield browser
        finally:
            browser.close()


def find_chromium(playwright: Playwright) -> str | None:
    """Find the machine's own Chromium, else the one that Playwright has downloaded, or None."""
    fetched = playwright.chromium.executable_path
    return find_installed() or (fetched if Path(fetched).exists() else None)


def find_installed() -> str | None:
    """Find the machine's own Chromium, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)
