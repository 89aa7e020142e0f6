"""An organisation's branding: readable colours in both schemes, and logos that are pictures."""

import re

import pytest

from zoom_ops.errors import ConfigurationError
from zoom_ops.web.branding import (
    DARK,
    LIGHT,
    READABLE,
    Branding,
    Scheme,
    make_colours,
    make_logo,
    make_palette,
    measure_contrast,
    parse_colour,
)
from zoom_ops.web.static_files import load_asset

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
ACCENTS = ("#0a4d8c", "#009edb", "#ffd400", "#00ff00", "#e4002b", "#808080", "#000000", "#ffffff")


@pytest.mark.parametrize("accent", ACCENTS)
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_accent_can_be_read_on_every_paper(accent: str, scheme: Scheme) -> None:
    colours = {name: parse_colour(colour) for name, colour in make_palette(accent, scheme).items()}
    papers = [parse_colour(scheme.paper), parse_colour(scheme.tint), colours["accent-tint"]]

    contrasts = [measure_contrast(colours[name], paper) for name in ("accent", "accent-strong") for paper in papers]
    contrasts += [measure_contrast(colours["on-accent"], colours[name]) for name in ("accent", "accent-strong")]

    assert min(contrasts) > READABLE - 0.05  # rounded to 256 steps


def test_accent_that_can_be_read_stays_as_it_is() -> None:
    assert (make_palette("#0a4d8c", LIGHT)["accent"], make_palette("#ffd400", DARK)["accent"]) == ("#0a4d8c", "#ffd400")


def test_contrast_is_that_of_wcag() -> None:
    black, white, grey = (parse_colour(colour) for colour in ("#000000", "#ffffff", "#767676"))

    assert measure_contrast(black, white) == pytest.approx(21)
    assert measure_contrast(white, grey) == pytest.approx(4.54, abs=0.01)


def test_schemes_are_those_of_the_style_sheet() -> None:
    css = load_asset("palette.css").decode()
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w{6});", part)) for part in css.split("@media", 2)[:2])

    for scheme, declared in ((LIGHT, light), (DARK, dark)):
        assert (scheme.paper, scheme.tint, scheme.on_accent) == (
            declared["paper"],
            declared["tint"],
            declared["on-accent"],
        )


def test_style_sheet_has_each_scheme_and_leaves_print_alone() -> None:
    css = make_colours("#ffd400", "#00ff00").content.decode()

    assert "--brand: #ffd400; --accent: #7f6a00;" in css
    assert "--brand: #00ff00; --accent: #00ff00;" in css
    assert css.count("@media screen") == css.count("@media") == 2


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (SVG, "svg"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- by hand -->\n" + SVG, "svg"),
    ],
)
def test_logo_is_told_by_its_content(content: bytes, ending: str) -> None:
    assert re.fullmatch(rf"logo\.[0-9a-f]{{12}}\.{ending}", make_logo("LOGO", content).name)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<!doctype html><svg>", b"<?xml version='1.0'?><rss/>", b"logo"])
def test_logo_that_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ConfigurationError, match=r"LOGO is no picture: expected SVG, PNG, JPEG or WebP\."):
        make_logo("LOGO", content)


def test_files_are_found_by_their_whole_name() -> None:
    branding = Branding(logo=make_logo("LOGO", SVG), colours=make_colours("#0a4d8c"))

    assert branding.logo
    assert branding.find(branding.logo.name) == branding.logo
    assert branding.find("logo.000000000000.svg") is None
