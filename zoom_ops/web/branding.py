"""The organisation's logo, with its colour made readable by the rules of WCAG 2.2."""

import re
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from hashlib import sha256

from ..errors import ConfigurationError

Colour = tuple[float, float, float]  # red, green and blue, each from 0 to 1

READABLE = 4.5  # the contrast that text needs (AA)
_STEP = 0.005


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """The colours that the style sheet writes on, for the light or the dark scheme."""

    paper: str
    tint: str
    on_accent: str  # text on the accent itself
    blend: float  # the share of the accent in a highlighted background, from 0 to 1
    stronger: float  # the change of lightness that gives more contrast


LIGHT = Scheme(paper="#ffffff", tint="#f2f5f8", on_accent="#ffffff", blend=0.1, stronger=-0.08)
DARK = Scheme(paper="#11181f", tint="#18222c", on_accent="#0b1722", blend=0.17, stronger=0.08)


def make_palette(accent: str, scheme: Scheme) -> dict[str, str]:
    """Build the colours of a scheme from an accent, or from the nearest colour that is readable on every background."""
    colour = parse_colour(accent)
    papers = (parse_colour(scheme.paper), parse_colour(scheme.tint))
    while any(measure_contrast(colour, paper) < READABLE for paper in (*papers, _blend(colour, scheme))):
        colour = _shift(colour, _STEP if scheme.stronger > 0 else -_STEP)
    return {
        "accent": write_colour(colour),
        "accent-strong": write_colour(_shift(colour, scheme.stronger)),
        "accent-tint": write_colour(_blend(colour, scheme)),
        "on-accent": scheme.on_accent,
    }


def measure_contrast(colour: Colour, other: Colour) -> float:
    """Return the contrast of two colours, from 1 (the same) to 21 (black and white)."""
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def parse_colour(text: str) -> Colour:
    """Parse a colour such as "#0a4d8c"."""
    red, green, blue = (int(text[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def write_colour(colour: Colour) -> str:
    """Return a colour in the form "#0a4d8c"."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def _blend(colour: Colour, scheme: Scheme) -> Colour:
    red, green, blue = (
        scheme.blend * part + (1 - scheme.blend) * paper
        for part, paper in zip(colour, parse_colour(scheme.paper), strict=True)
    )
    return red, green, blue


def _shift(colour: Colour, by: float) -> Colour:
    hue, lightness, saturation = rgb_to_hls(*colour)
    return hls_to_rgb(hue, min(1, max(0, lightness + by)), saturation)


def _luminance(colour: Colour) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_KINDS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png", "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg", "image/jpeg"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp", "image/webp"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|svg).{0,4000}", re.DOTALL), "svg", "image/svg+xml"),
)


@dataclass(frozen=True, kw_only=True)
class BrandFile:
    """A file of the organisation. Its name changes with its content."""

    name: str
    kind: str
    content: bytes

    @property
    def address(self) -> str:
        """The path that serves it."""
        return f"/branding/{self.name}"


@dataclass(frozen=True, kw_only=True)
class Branding:
    """The files that change the look of the site."""

    logo: BrandFile | None = None
    logo_dark: BrandFile | None = None  # for the dark scheme, where `logo` may be invisible
    colours: BrandFile | None = None  # a style sheet

    def find(self, name: str) -> BrandFile | None:
        """Find a file by its name, or return None."""
        files = (self.logo, self.logo_dark, self.colours)
        return next((file for file in files if file and file.name == name), None)


def make_logo(setting: str, content: bytes) -> BrandFile:
    """Build the file of a logo. Raise ConfigurationError if it is not SVG, PNG, JPEG or WebP."""
    for beginning, ending, kind in _KINDS:
        if beginning.match(content) and (ending != "svg" or re.search(rb"<svg[\s>]", content)):
            return _file(setting, ending, kind, content)
    raise ConfigurationError(f"{setting} is no picture: expected SVG, PNG, JPEG or WebP.")


def make_colours(accent: str, accent_dark: str | None = None) -> BrandFile:
    """Build the style sheet of an accent, made readable in the light and in the dark scheme."""
    css = ""
    for media, scheme, brand in (
        ("screen", LIGHT, accent),
        ("screen and (prefers-color-scheme: dark)", DARK, accent_dark or accent),
    ):
        colours = {"brand": brand, **make_palette(brand, scheme)}
        declared = " ".join(f"--{name}: {colour};" for name, colour in colours.items())
        css += f"@media {media} {{\n:root {{ {declared} }}\n}}\n"
    return _file("colours", "css", "text/css", css.encode())


def _file(stem: str, ending: str, kind: str, content: bytes) -> BrandFile:
    name = f"{stem.lower()}.{sha256(content).hexdigest()[:12]}.{ending}"
    return BrandFile(name=name, kind=kind, content=content)
