"""Take all pictures: `python -m tests.pictures`."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from tests.integration.served import serve_pages
from tests.integration.service import Service
from tests.integration.test_console import sign_in
from tests.pictures.camera import open_page, photograph, take
from tests.pictures.catalogue import CONSOLE, FOLDER, PUBLIC, write_index
from tests.pictures.provider import provide
from tests.pictures.scene import run_busy_service
from tests.setup.chromium import run_browser
from tests.web_site import Site
from tests.web_states import fill
from zoom_ops.store.connect import open_database
from zoom_ops.store.migrate import upgrade


def main() -> int:
    """Take every picture anew, and list them."""
    with run_browser() as browser:
        if browser is None:
            sys.stderr.write("Chromium is not installed; `make test` installs it.\n")
            return 1
        for old in FOLDER.glob("*.png"):
            old.unlink()
        _photograph_pages(browser)
        _photograph_console(browser)
    (FOLDER / "README.md").write_text(write_index(), encoding="utf-8")
    return 0


def _photograph_pages(browser: Browser) -> None:
    with _a_site() as site, site.served() as visitor:
        pages = fill(site)
        for picture in PUBLIC:
            path = f"{pages[picture.page]}{'&' if '?' in pages[picture.page] else '?'}lang={picture.language}"
            photograph(browser, picture, visitor.address, path, FOLDER)


@contextmanager
def _a_site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/zoom_ops.db")
        upgrade(database)
        site = Site(database, base_url="http://events.example.org", provide=provide)
        site.add_user("amara")
        yield site
        database.close()


def _photograph_console(browser: Browser) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        run_busy_service(Path(folder)) as service,
        serve_pages(service) as served,
    ):
        visitor = sign_in(service, served.visitor, "operator")
        for picture in CONSOLE:
            page = open_page(browser, picture)
            page.context.add_cookies(
                [{"name": one.name, "value": str(one.value), "url": visitor.address} for one in visitor.cookies]
            )
            page.goto(visitor.address + _find(service, picture.page))
            take(page, FOLDER / picture.file)
            page.context.close()


def _find(service: Service, page: str) -> str:
    """Find the address of a page that is about a number."""
    failed, waits = service.runs(states=("failed",))[0].id, service.runs(states=("active",))[0].id
    found = {"run": f"/-/runs/{failed}", "open-run": f"/-/runs/{waits}", "cancel-run": f"/-/runs/{waits}/cancel"}
    return {**found, "notification": "/-/notifications/1"}.get(page, page)


if __name__ == "__main__":
    sys.exit(main())
