"""Pictures of pages: small, and the same each time."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.builders import NOW
from tests.pictures.catalogue import PUBLIC, Picture
from tests.pictures.places import Place
from tests.web_states import in_language

PUBLIC_PAGES = {picture.page for picture in PUBLIC}
TALLEST = 2_400  # pixels: a longer page is cut, since its beginning is enough

_HIDE_PLACES = """() => document.querySelectorAll("td").forEach((cell) => {
    if (/^[/](?!-)/.test(cell.textContent)) cell.textContent = "/srv/zoom_ops/" + cell.textContent.split("/").pop();
})"""


def open_page(browser: Browser, picture: Picture, place: Place) -> Page:
    """Open a page in Nairobi, in the picture's language, at the time of the cast, signed in or not."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": 800},
        color_scheme=picture.scheme,
        reduced_motion="reduce",
        timezone_id="Africa/Nairobi",
        locale="en-GB" if picture.language == "en" else picture.language,
    )
    if picture.member or picture.page not in PUBLIC_PAGES:
        context.add_cookies(place.cookies)
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    page.goto(place.address + in_language(place.paths[picture.page], picture.language))
    return page


def photograph(browser: Browser, picture: Picture, place: Place, folder: Path) -> None:
    """Photograph a page."""
    page = open_page(browser, picture, place)
    take(page, folder / picture.file)
    page.context.close()


def take(page: Page, file: Path) -> None:
    """Take a picture of the whole page, in 256 colours, without file paths of this machine."""
    page.evaluate(_HIDE_PLACES)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    few = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
