"""A filled example of a table, as CSV and as XLSX."""

import csv
import io
from datetime import date, time

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ..columns import list_values

_ROWS = 200  # that the lists of the template cover
_CHOICES = {
    "Status": list_values("status"),
    "Recording": list_values("visibility"),
    "Kind of speaker": list_values("kind"),
}
_COLUMNS = (  # header, width, explanation
    ("Title", 34, "Required. The title of the event."),
    ("Series", 24, "The series that the event belongs to."),
    ("Date", 12, "Required. The day of the start."),
    ("Start", 8, "Required. The time of the start, by the clock of the time zone."),
    ("End", 8, "The time of the end. A column Duration is understood, too."),
    ("Time zone", 16, "Required. A zone such as Europe/Zurich, a city, or an offset such as UTC+2."),
    ("Venue", 18, "The place. For a webinar, it may stay empty."),
    ("Organizers", 30, "The organisations, each on its own line of the cell or after a semicolon."),
    ("Speaker", 18, "A person. Each further speaker has a row of their own; the cells of the event stay empty there."),
    ("Role", 20, "What the person is: Head of Research."),
    ("Organisation", 24, "Where the person works."),
    ("E-mail", 28, "The address of the person, for the seat in the webinar. It is never shown."),
    ("Kind of speaker", 14, "speaker, moderator, chair, opening, closing or interpreter."),
    ("Description", 40, "The text of the event page."),
    ("Language", 10, "The language of the event: English, or en."),
    ("Link", 30, "A web page about the event."),
    ("Recording", 10, "Who may see the recording: public or members. Or no, if there is to be none."),
    ("Status", 11, "scheduled, cancelled, postponed or rescheduled."),
)
_EVENTS: tuple[dict[str, str | date | time], ...] = (
    {
        "Title": "How waves travel",
        "Series": "Radio Club lecture series",
        "Date": date(2027, 4, 3),
        "Start": time(14, 30),
        "End": time(15, 45),
        "Time zone": "Europe/Zurich",
        "Venue": "Online",
        "Organizers": "Radio Club of Example (RCE); University of Example",
        "Speaker": "Ms. Ada Lovelace",
        "Role": "Head of Research",
        "Organisation": "Radio Club of Example",
        "E-mail": "ada.lovelace@example.org",
        "Description": "From the lighthouse to the satellite: what carries a voice, and what swallows it.",
        "Language": "English",
        "Link": "https://example.org/waves",
        "Recording": "public",
        "Status": "scheduled",
    },
    {
        "Speaker": "Dr. Alan Turing",
        "Role": "Professor",
        "Organisation": "University of Example",
        "E-mail": "alan.turing@example.org",
    },
    {
        "Speaker": "Prof. Grace Hopper",
        "Organisation": "University of Example",
        "E-mail": "grace.hopper@example.org",
        "Kind of speaker": "moderator",
    },
    {
        "Title": "How ships talk",
        "Series": "Radio Club lecture series",
        "Date": date(2027, 5, 8),
        "Start": time(14, 30),
        "End": time(15, 45),
        "Time zone": "Europe/Zurich",
        "Venue": "Online",
        "Organizers": "Radio Club of Example (RCE)",
        "Speaker": "Ms. Mary Somerville",
        "Role": "Captain",
        "Organisation": "Harbour Office of Example",
        "E-mail": "mary.somerville@example.org",
        "Description": "Flags, lamps, keys and voices at sea.",
        "Language": "English",
        "Link": "https://example.org/ships",
        "Recording": "members",
        "Status": "scheduled",
    },
)


def template_csv() -> str:
    """Write the example as CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    headers = [header for header, *_ in _COLUMNS]
    writer.writerow(headers)
    writer.writerows([[_text(row.get(header, "")) for header in headers] for row in _EVENTS])
    return buffer.getvalue()


def template_xlsx() -> bytes:
    """Write the example as XLSX: its dates are dates, lists offer the values, a second sheet explains the columns."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has a sheet
    sheet.title = "Events"
    sheet.append([header for header, *_ in _COLUMNS])
    for row in _EVENTS:
        sheet.append([row.get(header) for header, *_ in _COLUMNS])
    for number, (header, width, _) in enumerate(_COLUMNS, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
        for row_number in range(2, len(_EVENTS) + 2):
            cell = sheet[f"{letter}{row_number}"]
            if isinstance(cell.value, date | time):
                cell.number_format = "yyyy-mm-dd" if isinstance(cell.value, date) else "hh:mm"
        if header in _CHOICES:
            offered = DataValidation(type="list", formula1=f'"{",".join(_CHOICES[header])}"', allow_blank=True)
            sheet.add_data_validation(offered)
            offered.add(f"{letter}2:{letter}{_ROWS}")
    sheet.freeze_panes = "B2"
    explained = book.create_sheet("Columns")
    for header, _, explanation in _COLUMNS:
        explained.append([header, explanation])
    explained.column_dimensions["A"].width, explained.column_dimensions["B"].width = 18, 100
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _text(value: str | date | time) -> str:
    return value if isinstance(value, str) else f"{value:%H:%M}" if isinstance(value, time) else value.isoformat()
