"""Which column says what, and which text is a table."""

import pytest

from zoom_ops.errors import BadInputError
from zoom_ops.readers import recognise
from zoom_ops.readers.columns import HEADERS, LANGUAGES, Header, find_header, fold_header, map_columns
from zoom_ops.readers.tables import read, template_csv, template_xlsx
from zoom_ops.readers.tables.delimited import read_delimited
from zoom_ops.readers.tables.table import find_tables

SIX = ("en", "fr", "es", "de", "ru", "zh")


def _fields(*headers: str) -> list[str | None]:
    return [column.field for column in map_columns(headers)]


def test_every_field_has_a_header_in_six_languages() -> None:
    missing = [(field, code) for field, words in HEADERS.items() for code in SIX if not words.get(code)]

    assert [each for each in missing if each[0] not in ("any_name", "weekday")] == []
    assert {code for words in HEADERS.values() for code in words} == set(LANGUAGES)


def test_no_header_means_two_fields() -> None:
    fields: dict[str, set[str]] = {}
    for field, languages in HEADERS.items():
        for word in (word for words in languages.values() for word in words):
            fields.setdefault(fold_header(word), set()).add(field)

    assert {word: meant for word, meant in fields.items() if len(meant) > 1} == {}


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (("TITRE :", "Début*", "ÉTAT"), ["name", "start", "status"]),
        (("Titel / Title", "Datum\nDate", "Beginn | Start"), ["name", "date", "start"]),
        (("Title", "Start (UTC)", "Uhrzeit MEZ"), ["name", "start", None]),
        (("Title", "Name", "Email"), ["name", "speaker", "speaker_email"]),
        (("Name", "Date", "Email"), ["name", "date", None]),
        (("Prénom", "Nom", "Titre"), ["speaker_first_name", "speaker_last_name", "name"]),
        (("Title", "Speaker 1", "Email of speaker", "Speaker 2"), ["name", "speaker", None, "speaker"]),
        (("Name of Webinar", "Fecha inicio", "Hora inicio", "Hora fin"), ["name", "date", "start", "end"]),
        (("Thema", "Uhrzeit von", "Uhrzeit bis", "Von"), ["name", "start", "end", None]),
        (("Event", "Title", "Day", "Date"), [None, "name", None, "date"]),
    ],
)
def test_headers_say_their_fields(headers: tuple[str, ...], fields: list[str | None]) -> None:
    assert _fields(*headers) == fields


def test_header_is_the_row_with_the_most_known_words() -> None:
    rows = [["Programme of events"], [], ["Title"], ["Title", "Date", "Speaker"], ["Waves", "2027-04-03", "Date"]]

    header = find_header(rows)

    assert header == Header(first=3, last=3, columns=map_columns(rows[3]))
    assert find_header([["Waves", "2027-04-03"]]) is None


def test_mapping_of_each_column_is_shown() -> None:
    content = b"Programme,,\n\nTitel;Tag;Budget;Datum (TT.MM.JJJJ)\nWellen;1;200;3.4.2027\n"

    (table,) = find_tables(read_delimited(content, "p.csv"))

    shown = [(column.header, column.field, column.beside, column.qualifier) for column in table.columns]
    assert (table.grid.sheet, table.header) == (None, 3)
    assert shown == [
        ("Titel", "name", None, ""),
        ("Tag", None, "date", ""),
        ("Budget", None, None, ""),
        ("Datum (TT.MM.JJJJ)", "date", None, "TT.MM.JJJJ"),
    ]


@pytest.mark.parametrize(
    ("content", "file", "expected"),
    [
        (template_csv().encode(), "events.csv", "tables"),
        (template_csv().encode(), "paste", "tables"),
        (template_xlsx(), "paste", "tables"),
        (b"Title\tDate\tStart\nWaves\t3 April 2027\t14:30\n", "paste", "tables"),
        (b"How waves travel\n\nDate: 3 April 2027, 14:30 CEST\nTitle, date, and time\n", "paste", "text"),
        (b"Title, date, start and speakers will follow, we hope\nSoon\n", "paste", "text"),
    ],
)
def test_table_is_recognised_by_its_headers(content: bytes, file: str, expected: str) -> None:
    assert recognise(content, file) == expected


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Colour,Date,Start", "row 1: no column is known as the title, beside Date, Start; name one Title"),
        ("Title,Speaker", "row 1: no column is known as the date, beside Title, Speaker; name one Date"),
        ("Colour,Budget", "no row names the columns"),
    ],
)
def test_missing_header_is_named(header: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        read(f"{header}\nWaves,2027-04-03,14:30\n".encode(), "programme.csv")
