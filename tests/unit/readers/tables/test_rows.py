"""Rows, people and the other fields of an event."""

import pytest

from zoom_ops.errors import BadInputError
from zoom_ops.readers.tables import read

from .tables import events_of, notes, row_event, told

START = "Title,Date,Start,End,TZ"
WHEN = "2027-04-03,14:30,15:30,UTC"


def _people(cell: str) -> tuple[str, list[str]]:
    event = row_event("Waves", "2027-04-03", "14:30", "15:30", "UTC", cell.replace("\n", ";"))
    return told(event).partition("UTC | ")[2], notes(event)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            "Dr. Ada Lovelace, Head of Research, Radio Club <ada@example.org>",
            "Dr. Ada Lovelace, Head of Research, Radio Club, ada@example.org",
        ),
        ("Ada Lovelace; Dr. Alan Turing (CERN)", "Ada Lovelace; Dr. Alan Turing, CERN"),
        ("- Ada Lovelace\n- Alan Turing", "Ada Lovelace; Alan Turing"),
        ("Ada Lovelace (moderator); Alan Turing", "moderator, Ada Lovelace; Alan Turing"),
        ("Ada Lovelace (she/her)", "Ada Lovelace"),
        ("Ada Lovelace + Alan Turing", "Ada Lovelace; Alan Turing"),
        ("-", ""),
    ],
)
def test_people_of_a_cell_are_read_without_a_note(cell: str, expected: str) -> None:
    assert _people(cell) == (expected, [])


@pytest.mark.parametrize(
    ("cell", "expected", "reason"),
    [
        ("Lovelace, Ada", "Ada Lovelace", "'Lovelace, Ada' is read as Ada Lovelace"),
        ("O'Brien, Conor", "Conor O'Brien", "is read as Conor O'Brien"),
        ("Madonna", "Madonna", "'Madonna' is taken as the name of a person"),
        ("Member States", "", "nobody was added"),
        ("all", "", "'all' names nobody"),
        ("TBC", "", "names nobody here yet"),
        ("x" * 2_000, "", "is too long for a person"),
    ],
)
def test_people_that_are_uncertain_are_noted(cell: str, expected: str, reason: str) -> None:
    people, (note,) = _people(cell)

    assert people == expected
    assert note.startswith("performers: row 2: ")
    assert reason in note


def test_cells_of_several_people_are_shared_only_where_they_fit() -> None:
    header = f"{START},Speaker,Email,Organisation\n"
    (event,) = events_of(f'{header}Waves,{WHEN},"Ada Lovelace\nAlan Turing","ada@example.org\nalan@example.org",CERN\n')

    assert told(event).endswith("| Ada Lovelace, ada@example.org; Alan Turing, alan@example.org")
    assert notes(event) == ["performers: row 2: column Organisation has 1 parts for 2 names; given to nobody"]


def test_person_of_several_cells_is_listed_once_and_two_addresses_are_two_people() -> None:
    header = f"{START},Speakers,Moderator,Email,Role\n"
    (event,) = events_of(
        f"{header}Waves,{WHEN},Ada Lovelace;Grace Hopper,Grace Hopper,,\n"
        ",,,,,Ada Lovelace,,ada@example.org,Captain\n,,,,,Ada Lovelace,,other@example.org,\n"
    )

    people = "Ada Lovelace, Captain, ada@example.org; moderator, Grace Hopper; Ada Lovelace, other@example.org"
    assert told(event).endswith(f"| {people}")
    assert notes(event) == ["performers: row 4: two people are named Ada Lovelace"]


def test_event_that_other_cells_make_two_is_refused() -> None:
    with pytest.raises(BadInputError, match="row 3: 'Seminar' is also the event of row 2, and other cells differ"):
        events_of(f"{START}\nSeminar,{WHEN}\nSeminar,2027-04-10,14:30,15:30,UTC\n")


def test_ids_are_taken_and_mere_numbers_of_rows_are_not() -> None:
    def ids(*given: str) -> list[tuple[str, bool]]:
        rows = "".join(f"{each},Seminar {each},{WHEN}\n" for each in given)
        announced = read(f"ID,{START}\n{rows}".encode(), "programme.csv")
        return [(each.event.id, each.id_given) for each in announced]

    assert ids("SES-1", "SES-2") == [("ses-1", True), ("ses-2", True)]
    assert ids("1", "2") == [("seminar-1", False), ("seminar-2", False)]


@pytest.mark.parametrize(
    ("title", "status", "expected"),
    [
        ("CANCELLED: Waves", "", "Waves | cancelled | "),
        ("[Annulé] Waves", "", "Waves | cancelled | "),
        ("Waves (postponed)", "", "Waves | postponed | "),
        ("Held: Waves", "", "Held: Waves | "),
        ("Moved: Waves", "", "Moved: Waves |  | held: name"),
        ("Waves postponed", "", "Waves postponed |  | held: name"),
        ("MOVED BY MUSIC", "", "MOVED BY MUSIC |  | held: name"),
        ("THE TRIAL THAT WAS POSTPONED", "", "THE TRIAL THAT WAS POSTPONED |  | held: name"),
        ("NEW TIME ZONES", "", "NEW TIME ZONES | "),
        ("Waves (new date 12 May)", "", "Waves (new date 12 May) |  | held: name"),
        ("CANCELLED Waves", "", "CANCELLED Waves |  | held: name"),
        ("CANCELLED: HOW WAVES TRAVEL", "", "HOW WAVES TRAVEL | cancelled | "),
        ("MOVED: Waves", "", "Waves | rescheduled | "),
        ("Waves", "abgesagt", "Waves | cancelled | "),
        ("Waves", "Moved", "Waves | rescheduled | "),
        ("Waves", "tentative", "Waves |  | held: start"),
        ("CANCELLED: Waves", "confirmed", "Waves |  | held: name"),
    ],
)
def test_status_is_read_from_its_column_and_the_title(title: str, status: str, expected: str) -> None:
    (event,) = events_of(f"{START},Status\n{title},{WHEN},{status}\n")

    assert told(event).replace(" | 2027-04-03T14:30 15:30 UTC", "") == expected


def test_description_that_changes_the_time_holds_start_and_status() -> None:
    (event,) = events_of(f"{START},Description\nWaves,{WHEN},NEW TIME: 18:00 UTC\n")

    assert [note.field for note in event.needs_review] == ["start", "status"]


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("Cancelled", "x", " | cancelled | "),
        ("Cancelled", "no", " | "),
        ("Remarks", "moved to May", " |  | held: start"),
        ("Remarks", "bring cake", " | "),
    ],
)
def test_word_that_cancels_an_event_is_never_left_out(header: str, cell: str, expected: str) -> None:
    (event,) = events_of(f"{START},{header}\nWaves,{WHEN},{cell}\n")

    assert told(event) == f"Waves | 2027-04-03T14:30 15:30 UTC{expected}"


@pytest.mark.parametrize("title", ["Clara Rey: the empty map", "The empty map, by Clara Rey"])
def test_person_in_a_title_who_is_in_no_cell_is_noted(title: str) -> None:
    (event,) = events_of(f'{START}\n"{title}",{WHEN}\n')

    assert [note.split("; ")[0] for note in notes(event)] == [
        "performers: 'Clara Rey' is named here, and is not among the speakers"
    ]


def test_lines_of_totals_and_below_the_table_are_no_events_and_are_named() -> None:
    (event,) = events_of(f"{START},Duration\nWaves,{WHEN},\nTotal: 1,,,,,60\n,,,,,,Printed on Monday\n")

    assert notes(event) == ["table: lines that were left out: row 3: Total: 1; 60, row 4: Printed on Monday"]
    assert [each.name for each in events_of(f"{START}\nTotal eclipse,{WHEN}\n")] == ["Total eclipse"]


def test_columns_that_are_not_understood_are_named() -> None:
    (event,) = events_of(f"Event,{START},Budget,Empty\nRadio Days,Waves,{WHEN},200,\n")

    assert notes(event) == [
        "name: the title may stand in another column: Event; column Title is taken",
        "table: columns that were left out: Budget, Event (another column says the name)",
    ]


def test_links_recording_and_language_are_read() -> None:
    header = f"{START},Link,Slides,Recording,Language,Organizers\n"
    one, two = events_of(
        f"{header}A,{WHEN},https://zoom.us/j/81234567890,www.example.org/a.pdf,members,Französisch,Radio Club (RC)\n"
        f"B,{WHEN},here,,no,ru,\n"
    )

    assert [(each.title, each.url, each.visibility) for each in one.attachments] == [
        ("Slides", "https://www.example.org/a.pdf", "public"),
        ("Recording", None, "members"),
    ]
    assert (one.language, one.organizers[0].acronym, two.language, two.consent) == ("fr", "RC", "ru", "do_not_record")
    assert "join link of another webinar" in notes(one)[0]
    assert "'here' is no web address" in notes(two)[0]


def test_all_mistakes_of_a_file_are_named_at_once() -> None:
    with pytest.raises(BadInputError) as caught:
        events_of(
            "Title,Date,Start,TZ,Status,Speaker,Email,Language,Recording,Duration\n"
            ",2027-04-03,14:30,UTC,,,,,,60\n"
            "A,31/02/2027,14:30,Mars,invited,Ada Lovelace,ada(at)example.org,Klingonish,maybe,long\n"
            "#REF!,2027-04-03,14:30,UTC,,,,,,60\n"
        )

    told_at_once = [str(caught.value), *caught.value.__notes__]
    assert [sentence.partition("; ")[0] for sentence in told_at_once] == [
        "programme.csv: row 2, column Title: this is empty",
        "programme.csv: row 3, column Status: 'invited' is no status",
        "programme.csv: row 3, column Language: 'Klingonish' is no language",
        "programme.csv: row 3, column Recording: 'maybe' is unclear for a recording",
        "programme.csv: row 3, column Date: '31/02/2027' is no date",
        "programme.csv: row 3, column Duration: 'long' is no duration",
        "programme.csv: row 3, column TZ: 'Mars' is no time zone",
        "programme.csv: row 3, column Email: 'ada(at)example.org' is no e-mail address",
        "programme.csv: row 4, column Title: #REF!, the error of a spreadsheet",
    ]


def test_speaker_without_an_event_above_is_refused() -> None:
    with pytest.raises(BadInputError, match="row 2: a speaker without an event above"):
        events_of(f"{START},Speaker\n,,,,,Ada Lovelace\nWaves,{WHEN},Alan Turing\n")
