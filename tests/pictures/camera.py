"""Take a picture of a page, small and the same each time."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.visiting import sign_in
from tests.builders import NOW
from tests.pictures.catalogue import Picture

TALLEST = 2_400  # pixels: of what is longer, the beginning shows how it goes on

_HIDE_PLACES = """() => document.querySelectorAll("td").forEach((cell) => {
    if (/^[/](?!-)/.test(cell.textContent)) cell.textContent = "/srv/zoom_ops/" + cell.textContent.split("/").pop();
})"""


def open_page(browser: Browser, picture: Picture) -> Page:
    """Open a browser in Nairobi at the time of the cast, as a picture wants it."""
    return browser.new_context(
        viewport={"width": picture.width, "height": 800},
        color_scheme=picture.scheme,
        reduced_motion="reduce",
        timezone_id="Africa/Nairobi",
        locale=f"{picture.language}-GB" if picture.language == "en" else picture.language,
    ).new_page()


def photograph(browser: Browser, picture: Picture, address: str, path: str, folder: Path) -> None:
    """Photograph a page of the site."""
    page = open_page(browser, picture)
    page.clock.set_fixed_time(NOW)
    if picture.member:
        sign_in(page, address)
    page.goto(address + path)
    take(page, folder / picture.file)
    page.context.close()


def take(page: Page, file: Path) -> None:
    """Take a picture of the whole page, in 256 colours, without the places of files on this machine."""
    page.evaluate(_HIDE_PLACES)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    few = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
