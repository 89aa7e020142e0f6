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

_SEND = """([path, fields]) => {
    const form = Object.assign(document.createElement("form"), {method: "post", action: path});
    for (const [name, value] of fields) form.append(Object.assign(document.createElement("textarea"), {name, value}));
    document.body.append(form);
    form.submit();
}"""
_HIDE_PLACES = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode())
        texts.currentNode.data = texts.currentNode.data.replace(/([/]?)[^\\s]*\\btmp\\w{8}(?!\\w)/g, "$1srv/zoom_ops");
    document.querySelectorAll("td").forEach((cell) => {
        const name = cell.textContent.split("/").pop();
        if (/^[/](?!-|srv)/.test(cell.textContent)) cell.textContent = `/srv/zoom_ops/${name}`;
    });
}"""


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
        context.add_cookies(place.others.get(picture.page, place.cookies))
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    path = place.paths[picture.page]
    page.goto(place.address + (in_language(path, picture.language) if picture.page in PUBLIC_PAGES else path))
    if picture.form:
        with page.expect_navigation():
            page.evaluate(_SEND, [path, picture.form])
    return page


def photograph(browser: Browser, picture: Picture, place: Place, folder: Path) -> None:
    """Photograph a page."""
    page = open_page(browser, picture, place)
    take(page, folder / picture.file)
    page.context.close()


def take(page: Page, file: Path, within: str = "", height: int = TALLEST) -> None:
    """Take a picture of the whole page, or of what `within` selects, in 256 colours, without file paths of ours."""
    page.evaluate(_HIDE_PLACES)
    shot = page.locator(within).first.screenshot() if within else page.screenshot(full_page=True)
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, height)))
    few = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
