"""What makes the site an organisation's own: its logo and its colour, as files that are served from here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from ..errors import ConfigurationError
from .colours import DARK, LIGHT, make_palette

_KINDS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png", "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg", "image/jpeg"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp", "image/webp"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|svg).{0,4000}", re.DOTALL), "svg", "image/svg+xml"),
)


@dataclass(frozen=True, kw_only=True)
class BrandFile:
    """A file of the organisation's own, under a name that changes with its content."""

    name: str
    kind: str
    content: bytes

    @property
    def address(self) -> str:
        """The address it is served at."""
        return f"/branding/{self.name}"


@dataclass(frozen=True, kw_only=True)
class Branding:
    """How the site looks where it does not look as it was shipped."""

    logo: BrandFile | None = None
    logo_dark: BrandFile | None = None  # for the dark scheme, where the other cannot be seen
    colours: BrandFile | None = None  # a style sheet

    def find(self, name: str) -> BrandFile | None:
        """Find a file by its name."""
        files = (self.logo, self.logo_dark, self.colours)
        return next((file for file in files if file and file.name == name), None)


def make_logo(setting: str, content: bytes) -> BrandFile:
    """Take a logo; raise ConfigurationError where it is no picture that browsers show."""
    for beginning, ending, kind in _KINDS:
        if beginning.match(content) and (ending != "svg" or re.search(rb"<svg[\s>]", content)):
            return _file(setting, ending, kind, content)
    raise ConfigurationError(f"{setting} is no picture: expected SVG, PNG, JPEG or WebP.")


def make_colours(accent: str, accent_dark: str | None = None) -> BrandFile:
    """Make the style sheet with an accent in it, as light and as dark as it has to be to be read."""
    light, dark = make_palette(accent, LIGHT), make_palette(accent_dark or accent, DARK)
    css = (
        f"@media screen {{\n:root {{ {_declare({'brand': accent, **light})} }}\n}}\n"
        f"@media screen and (prefers-color-scheme: dark) {{\n"
        f":root {{ {_declare({'brand': accent_dark or accent, **dark})} }}\n}}\n"
    )
    return _file("colours", "css", "text/css", css.encode())


def _declare(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


def _file(stem: str, ending: str, kind: str, content: bytes) -> BrandFile:
    name = f"{stem.lower()}.{sha256(content).hexdigest()[:12]}.{ending}"
    return BrandFile(name=name, kind=kind, content=content)
