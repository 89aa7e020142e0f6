"""The console keeps the rules of docs/console.md: sizes and colours are tokens, cells of tables have labels."""

import re
from importlib.resources import files

import pytest

from tests.root import ROOT
from zoom_ops.web.static_files import load_asset

_FOLDER = files("zoom_ops.web") / "templates" / "console"
_TEMPLATES = sorted(file.name for file in _FOLDER.iterdir() if file.name.endswith(".html"))
_SHEETS = ("console.css", "charts.css")
_NO_CARDS = ("settings.html", "calendar.html")  # a head of the row and a value need no label; a phone has a list
_DECLARED = re.compile(r"([\w-]+): ([^;{}]+);")
_SCALED = re.compile(r"(row-|column-)?gap|(padding|margin)(-(inline|block)(-(start|end))?)?|font-size|border-radius")
_LENGTH = re.compile(r"(?<![\w.-])-?[\d.]*\d(rem|px)\b")
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch)a?\(")


@pytest.mark.parametrize("sheet", _SHEETS)
def test_spacing_type_and_corners_are_of_the_scales(sheet: str) -> None:
    declared = _DECLARED.findall(_read(sheet))

    assert [
        f"{name}: {value}"
        for name, value in declared
        if _SCALED.fullmatch(name) and any(match[0] not in ("1px", "-1px") for match in _LENGTH.finditer(value))
    ] == []


@pytest.mark.parametrize("sheet", _SHEETS)
def test_colours_are_those_of_the_palette(sheet: str) -> None:
    assert _COLOUR.findall(_read(sheet)) == []


def test_every_token_that_is_used_is_declared_and_every_scale_is_used() -> None:
    style, palette = "".join(map(_read, _SHEETS)), _read("palette.css")
    declared = set(re.findall(r"(--[\w-]+):", palette + style))
    used = set(re.findall(r"var\((--[\w-]+)\)", style))

    assert used - declared == set()
    assert [name for name in declared - used if name.startswith(("--space", "--type", "--radius", "--control"))] == []


def test_every_class_of_the_style_is_used() -> None:
    folder = ROOT / "zoom_ops/web"
    users = [*folder.rglob("*.html"), *folder.rglob("*.js"), *folder.parent.rglob("*.py")]
    words = set(re.findall(r"[\w-]+", "".join(file.read_text("utf-8") for file in users)))
    classes = set(re.findall(r"\.([a-z][\w-]*)", "".join(map(_read, _SHEETS))))

    assert classes - words == set()


@pytest.mark.parametrize("name", _TEMPLATES)
def test_filter_answers_while_one_types(name: str) -> None:
    text = _FOLDER.joinpath(name).read_text("utf-8")

    assert name == "macros.html" or not re.search(r'<form class="filters"[^>]*>(?!<input type="hidden")', text)


@pytest.mark.parametrize("name", _TEMPLATES)
def test_cell_has_a_label_for_its_card_or_is_the_name(name: str) -> None:
    text = _FOLDER.joinpath(name).read_text("utf-8")
    tables = [table for table in re.findall(r"<table.*?</table>", text, re.DOTALL) if 'class="diff"' not in table]
    cells = [cell for table in tables for cell in re.findall(r"<td[^>]*>.*?</td>", table, re.DOTALL)]

    bare = [cell for cell in cells if not re.match(r'<td[^>]* (data-label|class="name)', cell)]

    assert [
        cell for cell in bare if not re.search("<button|post_button|try_again", cell) and name not in _NO_CARDS
    ] == []


def _read(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", load_asset(name).decode(), flags=re.DOTALL)
