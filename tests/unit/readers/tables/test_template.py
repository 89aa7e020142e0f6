"""The filled example: read back, it gives its events without a note."""

import csv
import io

import openpyxl
import pytest

from zoom_ops.readers.tables import read, template_csv, template_xlsx
from zoom_ops.readers.tables.delimited import read_delimited
from zoom_ops.readers.tables.table import find_tables

from .tables import events_of, told

TEMPLATES = {"example.csv": template_csv().encode(), "example.xlsx": template_xlsx()}


@pytest.mark.parametrize("file", TEMPLATES)
def test_template_read_back_gives_its_events_without_a_note(file: str) -> None:
    events = events_of(TEMPLATES[file], file)

    assert [note for event in events for note in event.needs_review] == []
    assert [told(event) for event in events] == [
        "How waves travel | 2027-04-03T14:30 15:45 Europe/Zurich | "
        "Ms. Ada Lovelace, Head of Research, Radio Club of Example, ada.lovelace@example.org; "
        "Dr. Alan Turing, Professor, University of Example, alan.turing@example.org; "
        "moderator, Prof. Grace Hopper, University of Example, grace.hopper@example.org",
        "How ships talk | 2027-05-08T14:30 15:45 Europe/Zurich | "
        "Ms. Mary Somerville, Captain, Harbour Office of Example, mary.somerville@example.org",
    ]


def test_template_is_the_same_as_csv_and_as_xlsx() -> None:
    as_csv, as_xlsx = (events_of(content, file) for file, content in TEMPLATES.items())

    assert as_csv == as_xlsx


def test_template_has_only_columns_that_are_understood() -> None:
    (table,) = find_tables(read_delimited(TEMPLATES["example.csv"], "example.csv"))

    assert [column.header for column in table.columns if column.field is None] == []
    assert (table.grid.sheet, table.header) == (None, 1)


def test_template_names_the_place_of_each_field() -> None:
    first, _ = read(TEMPLATES["example.xlsx"], "example.xlsx")

    places = {source.field: (source.place, source.text) for source in first.sources}
    assert places["name"] == ("sheet Events, row 2, column Title", "How waves travel")
    assert places["performers.1.name"] == ("sheet Events, row 3, column Speaker", "Dr. Alan Turing")
    assert {"start", "end", "timezone", "status", "series", "organizers"} <= set(places)


def test_template_has_dates_that_are_dates_and_lists_of_values() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template_xlsx()))["Events"]

    offered = {str(each.sqref).partition("2:")[0]: each.formula1 for each in sheet.data_validations.dataValidation}
    headers = {cell.column_letter: cell.value for cell in sheet[1]}
    assert sheet["C2"].is_date
    assert sheet["D2"].is_date
    assert {headers[letter] for letter in offered} == {"Status", "Recording", "Kind of speaker"}
    assert '"scheduled,cancelled,postponed,rescheduled"' in offered.values()


def test_template_has_no_cell_that_a_spreadsheet_would_calculate() -> None:
    cells = [cell for row in csv.reader(io.StringIO(template_csv())) for cell in row]

    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
