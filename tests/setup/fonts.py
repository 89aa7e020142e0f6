"""Build of the font for pictures from three Noto fonts: `python -m tests.setup.fonts`; needs npm.

The font has the letters of the six UN languages and of related ones, in one weight: 4 MB of 11. It is one font, because
the renderer garbles Arabic beside Latin when it falls back from one font to another.
"""

import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont

from tests.root import ROOT

FOLDER = ROOT / "zoom_ops" / "web" / "feeds" / "fonts"
WEIGHT = "600SemiBold"
FAMILY = "Pages Sans"
NOTE = "Pages Sans is made of letters of Noto Sans, Noto Sans Arabic and Noto Sans SC (tests/setup/fonts.py).\n"
_FAMILY, _WHOLE_NAME, _POSTSCRIPT_NAME = 1, 4, 6  # in a font's table of names
_NOT_MERGED = ["BASE", "STAT", "gasp", "vhea", "vmtx"]  # tables without use in pictures
_WHEN = 3_786_912_000  # 2024-01-01, in seconds since 1904
_HALVES = range(0xA1, 0xFF)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A packaged font and the letters that we take from it."""

    package: str
    version: str
    family: str
    letters: frozenset[int]


def letters_of(encoding: str, leads: Iterable[int], trails: Iterable[int]) -> frozenset[int]:
    """Return the letters that an old encoding has at these pairs of bytes; its early pairs are the common letters."""
    texts = (bytes(pair).decode(encoding, "ignore") for pair in product(leads, trails))
    return frozenset(ord(text) for text in texts if len(text) == 1)


SOURCES = (
    Source(  # Latin, Greek, Cyrillic, Vietnamese
        package="noto-sans",
        version="0.4.2",
        family="NotoSans",
        letters=frozenset(chain(range(0x20, 0x600), range(0x1C80, 0x1C90), range(0x1E00, 0x2200))),
    ),
    Source(  # Arabic, Persian, Urdu
        package="noto-sans-arabic",
        version="0.4.3",
        family="NotoSansArabic",
        letters=frozenset(chain(range(0x600, 0x700), range(0x750, 0x780), range(0x8A0, 0x900))),
    ),
    Source(  # Chinese, simplified and (the common characters) traditional; Japanese
        package="noto-sans-sc",
        version="0.4.3",
        family="NotoSansSC",
        letters=letters_of("gb2312", range(0xA1, 0xF8), _HALVES)
        | letters_of("big5", range(0xA1, 0xC7), range(0x40, 0xFF))
        | letters_of("euc_jp", range(0xA1, 0xD0), _HALVES)
        | frozenset(chain(range(0x3000, 0x3100), range(0xFF00, 0xFFF0))),
    ),
)


def main() -> None:
    """Download the full fonts, and write the font that ships and its licence."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        packages = [f"@expo-google-fonts/{source.package}@{source.version}" for source in SOURCES]
        subprocess.run(["npm", "install", "--silent", "--no-save", *packages], cwd=folder, check=True)
        parts = [cut_out(source, folder) for source in SOURCES]
        save(Merger(Options(drop_tables=_NOT_MERGED)).merge([str(part) for part in parts]), FOLDER / "PagesSans.ttf")
        licences = [(_package(source, folder) / "LICENSE_FONT").read_text("utf-8") for source in SOURCES]
    owners = [licence.partition("\n")[0] for licence in licences]
    (FOLDER / "PagesSans.LICENSE.txt").write_text("\n".join([NOTE, *owners, *licences[0].split("\n")[1:]]), "utf-8")


def cut_out(source: Source, folder: Path) -> Path:
    """Write a font with some letters of a packaged one and with their layout rules; return its path."""
    packaged = _package(source, folder) / WEIGHT / f"{source.family}_{WEIGHT}.ttf"
    part = folder / f"{source.family}.ttf"
    options = subset.Options(layout_features=["*"], hinting=False, glyph_names=False, notdef_outline=True)
    font = subset.load_font(str(packaged), options)
    subsetter = subset.Subsetter(options)
    earlier = frozenset().union(*(other.letters for other in SOURCES[: SOURCES.index(source)]))
    subsetter.populate(unicodes=source.letters - earlier)
    subsetter.subset(font)
    subset.save_font(font, str(part), options)
    return part


def save(font: TTFont, file: Path) -> None:
    """Write the font under its own name, since a merged font is none of its sources."""
    for entry in list(font["name"].names):
        if entry.nameID in (_FAMILY, _WHOLE_NAME, _POSTSCRIPT_NAME):
            font["name"].setName(FAMILY.replace(" ", ""), entry.nameID, entry.platformID, entry.platEncID, entry.langID)
    font["name"].setName(FAMILY, _FAMILY, 3, 1, 0x409)
    font["head"].created = font["head"].modified = _WHEN  # so that the same letters give the same bytes
    font.recalcTimestamp = False
    font.save(file)


def _package(source: Source, folder: Path) -> Path:
    return folder / "node_modules" / "@expo-google-fonts" / source.package


if __name__ == "__main__":
    main()
