"""XLSX: what a sheet may hide, and files that are made to harm."""

import io
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from zoom_ops.errors import BadInputError
from zoom_ops.readers.tables import grid, workbook

from .tables import HEADERS, events_of, notes, saved, told, xlsx

SHEET = "xl/worksheets/sheet1.xml"
EVENT = ("Waves", date(2027, 4, 3), time(14, 30), time(15, 30), "UTC", "Ada Lovelace")
READ = "Waves | 2027-04-03T14:30 15:30 UTC | Ada Lovelace"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


def _sheet(*rows: Any, change: Callable[[Workbook], object] = lambda book: None) -> bytes:
    book = Workbook()
    for row in (HEADERS, *rows):
        book["Sheet"].append(list(row))
    change(book)
    return saved(book)


def _patched(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    source, buffer = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, change(source.read(part)) if part == name else source.read(part))
    return buffer.getvalue()


def _told(content: bytes) -> list[str]:
    return [told(event) for event in events_of(content, "programme.xlsx")]


def _refused(content: bytes) -> str:
    with pytest.raises(BadInputError) as caught:
        events_of(content, "programme.xlsx")
    return "\n".join((str(caught.value), *getattr(caught.value, "__notes__", ())))


def test_formula_is_read_as_its_stored_value() -> None:
    content = _sheet(("=A9", *EVENT[1:]))
    stored = _patched(content, SHEET, lambda xml: xml.replace(b"<f>A9</f><v />", b"<f>A9</f><v>7</v>"))

    assert _told(stored) == [READ.replace("Waves", "7")]
    assert "row 2, column Title: a formula without a stored value; open the file in a spreadsheet" in _refused(content)


def test_error_of_a_formula_is_refused() -> None:
    content = _sheet(("#REF!", *EVENT[1:]), change=lambda book: setattr(book["Sheet"]["A2"], "data_type", "e"))

    assert "row 2, column Title: #REF!, the error of a formula" in _refused(content)


def test_row_of_a_formula_without_a_value_is_not_added_to_the_event_above() -> None:
    content = _sheet(EVENT, ("=A9", *EVENT[1:5], "Alan Turing"))

    assert "row 3, column Title: a formula without a stored value" in _refused(content)


def test_each_sheet_is_read_and_the_others_are_named() -> None:
    book = Workbook()
    book["Sheet"].append(list(HEADERS))
    book["Sheet"].append(list(EVENT))
    for name, rows in (("June", [HEADERS, ("Ships", *EVENT[1:])]), ("Notes", [["ask Bob"]]), ("Old", [HEADERS, EVENT])):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book["Old"].sheet_state = "hidden"

    first, second = events_of(saved(book), "programme.xlsx")

    assert [told(first), told(second)] == [READ, READ.replace("Waves", "Ships")]
    assert notes(first) == [
        "table: sheets that were not read: Notes (no row names a title and a date), Old (it is hidden)"
    ]
    assert notes(second) == []


def test_title_that_is_struck_through_or_hidden_holds_its_event() -> None:
    def change(book: Workbook) -> None:
        book["Sheet"]["A2"].font = Font(strike=True)
        book["Sheet"].row_dimensions[3].hidden = True

    struck, hidden = events_of(_sheet(EVENT, ("Ships", *EVENT[1:]), change=change), "programme.xlsx")

    assert notes(struck) == ["name: the title is struck through; is the event cancelled?"]
    assert notes(hidden) == ["name: row 3 is hidden in the sheet; is it still an event?"]


def test_merged_title_adds_the_speakers_of_its_rows() -> None:
    content = _sheet(
        EVENT, (None, None, None, None, None, "Alan Turing"), change=lambda book: book["Sheet"].merge_cells("A2:A3")
    )

    assert _told(content) == [f"{READ}; Alan Turing"]


def test_dates_of_both_calendars_and_times_of_all_kinds_are_read() -> None:
    rows = [
        ("Waves", 46480, 0.604166666667, 0.645833333333, "UTC"),
        ("Ships", 20270403, timedelta(hours=14, minutes=30), 1530, "UTC"),
    ]
    in_1904 = _sheet(("Waves", 45018, 0.5, 0.75, "UTC"), change=lambda book: setattr(book, "epoch", CALENDAR_MAC_1904))

    assert _told(_sheet(*rows)) == [f"{name} | 2027-04-03T14:30 15:30 UTC | " for name in ("Waves", "Ships")]
    assert _told(in_1904) == ["Waves | 2027-04-03T12:00 18:00 UTC | "]
    assert "column Start: '14.3' is no time of day" in _refused(_sheet(("Waves", 46480, 14.3, 15.3, "UTC")))


@pytest.mark.parametrize(("shown_as", "held"), [("h:mm", True), ("hh:mm", False), ("h:mm AM/PM", False)])
def test_time_at_night_is_held_unless_it_is_shown_as_such(shown_as: str, held: bool) -> None:
    row = ("Waves", date(2027, 4, 3), time(2, 30), time(3, 30), "UTC")
    content = _sheet(row, change=lambda book: setattr(book["Sheet"]["C2"], "number_format", shown_as))

    assert _told(content)[0].endswith("held: start") == held


def test_macros_are_not_looked_at() -> None:
    content, buffer = xlsx([HEADERS, EVENT]), io.BytesIO(xlsx([HEADERS, EVENT]))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")

    assert [told(event) for event in events_of(buffer.getvalue(), "programme.xlsm")] == _told(content) == [READ]


@pytest.mark.parametrize("content", [b"PK\x03\x04 xl/ and then rubbish", xlsx([HEADERS, EVENT])[:2_000]])
def test_damaged_file_is_refused(content: bytes) -> None:
    assert "this XLSX file cannot be read: its parts do not fit together" in _refused(content)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
def test_entities_are_refused(part: str) -> None:
    content = _patched(xlsx([HEADERS, EVENT]), part, lambda xml: ENTITIES + (xml.partition(b"?>")[2] or xml))

    assert "this XLSX file cannot be read: it declares entities" in _refused(content)


def test_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    content = xlsx([HEADERS, EVENT])
    bomb = _patched(content, SHEET, lambda xml: xml.replace(b"</worksheet>", b" " * 3_000_000 + b"</worksheet>"))
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        for number in range(1_000):
            archive.writestr(f"part{number}", b"")

    assert f"{SHEET} unpacks to 150 times its size or more" in _refused(bomb)
    assert "expected an XLSX file of at most 1,000 parts" in _refused(buffer.getvalue())


def test_archive_that_declares_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoom_ops.readers.tables.workbook.MOST_UNPACKED", 1_000)

    assert "MB when it is unpacked" in _refused(xlsx([HEADERS, EVENT]))


def test_sheet_over_a_limit_is_refused_with_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    far = _sheet(EVENT, change=lambda book: book["Sheet"].cell(row=1_000_000, column=1, value="x"))
    styled = _sheet(
        EVENT, change=lambda book: setattr(book["Sheet"].cell(row=1_000_000, column=1), "font", Font(b=True))
    )

    assert "sheet Sheet, row 1000000: expected at most 10,000 rows, none below row 50,000" in _refused(far)
    assert "sheet Sheet, row 1: expected at most 10,000 rows" in _refused(xlsx([[*HEADERS, *"x" * 200], EVENT]))
    assert _told(styled) == [READ]
    monkeypatch.setattr("zoom_ops.readers.tables.workbook.MOST_ROWS", 2)
    assert "sheet Sheet, row 3: expected at most 2 rows" in _refused(_sheet(EVENT, EVENT))


@pytest.mark.parametrize(
    ("rows", "sheets", "refused"),
    [
        ([HEADERS, *[EVENT] * 3], {}, False),
        ([HEADERS, *[EVENT] * 2], {"Day 2": [HEADERS, EVENT]}, True),  # 30 cells of both
        ([[*HEADERS, *[""] * 20, "Z"], [*EVENT, *[""] * 20, "z"]], {}, True),  # 54 places
    ],
)
def test_cells_of_all_sheets_are_counted_and_those_that_are_empty_a_little(
    rows: list[list[Any]], sheets: dict[str, list[Any]], refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MOST_CELLS", 24)
    monkeypatch.setattr(grid, "MOST_PLACES", 48)
    files = {"a.xlsx": xlsx(rows, **sheets)}
    if not sheets:
        files["a.csv"] = "\n".join(",".join(map(str, row)) for row in rows).encode()

    for name, content in files.items():
        with pytest.raises(BadInputError, match="200,000 cells") if refused else nullcontext():
            assert [event.name for event in events_of(content, name)] == ["Waves"]


@pytest.mark.parametrize(
    ("part", "added", "says"),
    [
        (SHEET, b"<row>" + b"<c/>" * 3_000, "expected at most 200 columns"),
        (SHEET, b"<row>" + b"<c></c></row><row>" * 6_000, "more parts than a table needs"),
        ("xl/styles.xml", b"<xf/>" * 2_000, "more parts than a table needs"),
        (SHEET, b"<row><c>" + b"a" * 300_000, "a text that is longer than any cell"),
    ],
)
def test_many_parts_of_a_sheet_are_refused_before_they_are_in_memory(
    part: str, added: bytes, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, most in {
        "MOST_TAGS": 9_000,
        "MOST_OTHER_TAGS": 1_500,
        "MOST_IN_A_ROW": 2_000,
        "LONGEST_TEXT": 200_000,
    }.items():
        monkeypatch.setattr(workbook, name, most)

    content = _patched(
        xlsx([HEADERS, EVENT]), part, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + added) + added
    )

    assert says in _refused(content)
