"""CSV as programs write it: separators, charsets, quotes, odd rows."""

import pytest

from zoom_ops.errors import BadInputError

from .tables import events_of, told

ROWS = "Title;Date;Start;End;Time zone;Speakers\nÄther;2027-04-03;14:30;15:30;UTC;Jörg Groß\n"
READ = "Äther | 2027-04-03T14:30 15:30 UTC | Jörg Groß"


@pytest.mark.parametrize(
    "content",
    [
        ROWS.encode(),
        ROWS.encode("utf-8-sig"),
        ROWS.encode("utf-16"),
        ROWS.encode("utf-16-le"),
        ROWS.replace(";", "\t").encode("utf-16"),
        ROWS.replace("\n", "\r\n").encode(),
        ROWS.replace("\n", "\r").encode(),
        ROWS.replace(";", ",").encode(),
        ROWS.replace(";", "|").encode(),
        ("sep=;\n" + ROWS).encode(),
        ROWS.encode("cp1252"),
        ("Programme 2027;;;;;\n;;;;;\n\n" + ROWS + "\n;;;;;\n").encode(),
        (ROWS + ROWS.partition("\n")[0] + "\n").encode(),
        ROWS.replace("Speakers\n", "Speakers;;\n").encode(),
        ROWS.replace("Groß\n", "Groß;;;\n").encode(),
        ROWS.replace("Title", "TITEL / Title *").replace("Time zone", '"Time\nzone"').encode(),
    ],
)
def test_csv_is_read_whatever_program_wrote_it(content: bytes) -> None:
    assert [told(event) for event in events_of(content)] == [READ]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("Название;Дата;Начало\nВолны;2027-04-03;14:30\n".encode("cp1251"), "Íàçâàíèå"),
        ("主题,日期,时间\n波,2027-04-03,14:30\n".encode("gbk"), "Ö÷Ìâ"),
        ("Title;Date;Start;Speaker\nWaves;2027-04-03;14:30;Karel Dvořák\n".encode("cp1250"), "Dvoøák"),
        ("Título;Fecha;Hora;Ponente\nOndas;2027-04-03;14:30;García\n".encode("mac_roman"), "T’tulo"),
        ("Title;Date;Start;Speaker\nWaves;2027-04-03;14:30;Hélène\n".encode("cp1252"), "Hélène"),
    ],
)
def test_charset_that_is_uncertain_is_refused(content: bytes, word: str) -> None:
    with pytest.raises(BadInputError) as caught:
        events_of(content)

    assert f"no other charset is certain ({word!r} if it were Windows-1252)" in str(caught.value)
    assert 'save it as "CSV UTF-8"' in str(caught.value)


def test_windows_1252_is_certain_where_the_headers_tell_its_language() -> None:
    (event,) = events_of(
        (
            "Intitulé;Date;Heure;Durée;Fuseau;Intervenants\nL’été à la mer;2027-04-03;14h30;1h;Paris;Hélène Lefèvre\n"
        ).encode("cp1252")
    )

    assert told(event) == "L’été à la mer | 2027-04-03T14:30 15:30 Europe/Paris | Hélène Lefèvre"


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    content = 'Title,Date,Start,Description\n\n"A",2027-04-03,14:30,"two\nlines, ""quoted"""\nB,31/02/2027,14:30,\n'

    with pytest.raises(BadInputError, match="row 4, column Date: '31/02/2027' is no date"):
        events_of(content)


def test_cell_that_begins_as_a_formula_is_text() -> None:
    (event,) = events_of('Title,Date,Start,End,TZ\n"=HYPERLINK(""x"")",2027-04-03,14:30,15:30,UTC\n')

    assert event.name == '=HYPERLINK("x")'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "the table is empty; expected a row of headers such as: Title, Date"),
        ("a,b\n1,2\n", "no row names the columns; expected one with at least a title and a date, such as: Title, Date"),
        ("Title,Date,Start\n", "no row below the headers (row 1) is an event"),
        ('Title,Date,Start\n"A,2027-04-03,14:30\n', "row 2: this is no row of a CSV file (unexpected end of data)"),
        (bytes(range(256)), "this is not UTF-8, and no other charset is certain"),
        (b"\xff\xfe\x00\xd8", "this begins as UTF-16 and goes on as something else"),
    ],
)
def test_file_that_is_no_table_is_refused(content: str | bytes, sentence: str) -> None:
    with pytest.raises(BadInputError) as caught:
        events_of(content)

    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("Title,Date,Start\n" + "A,2027-04-03,14:30\n" * 10_001, "row 10001: expected at most 10,000 rows"),
        ("Title,Date,Start" + ",x" * 300 + "\n", "row 1: expected at most 200 columns, found 303"),
        (
            f"Title,Date,Start\n{'A' * 101_000},2027-04-03,14:30\n",
            "row 2: expected cells of at most 100,000 characters",
        ),
        (f"Title,Date,Start\n{'A' * 140_000},2027-04-03,14:30\n", "row 2: this is no row of a CSV file (field larger"),
        (
            "Title,Date,Start,Speaker\n" + "A,2027-04-03,14:30,Ada\n" * 501,
            "row 2: expected at most 500 rows of speakers",
        ),
        ("Title,Date,Start\nA," + "3/4/2027 " * 9_000 + ",14:30\n", "row 2, column Date: '3/4/2027 3/4/2027"),
        (b"x" * 20_000_001, "expected at most 20 MB; split the table"),
    ],
)
def test_file_over_a_limit_is_refused_with_its_place(content: str | bytes, sentence: str) -> None:
    with pytest.raises(BadInputError) as caught:
        events_of(content)

    assert sentence in str(caught.value)
