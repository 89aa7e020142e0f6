"""The address book: reading people.csv, matching performers."""

from datetime import UTC, datetime

import pytest

from zoom_ops.announcements.address_book import Contact, match_people, parse_lines, parse_people
from zoom_ops.errors import BadInputError
from zoom_ops.events import Event, Performer

ADA = Contact(name="Ada Lovelace", organization="Radio Club (RC)", email="ada@example.org")
ALAN = Contact(name="Turing, Alan", organization=None, email="alan@example.org")


def an_event(*performers: Performer) -> Event:
    return Event(
        id="waves",
        name="How waves travel",
        start=datetime(2023, 1, 31, 13, 30, tzinfo=UTC),
        end=datetime(2023, 1, 31, 14, 45, tzinfo=UTC),
        timezone="Europe/Zurich",
        performers=performers,
    )


@pytest.mark.parametrize(
    "text",
    [
        'name,organization,email\nAda Lovelace,Radio Club (RC),Ada@Example.org\n"Turing, Alan",,alan@example.org\n',
        "\ufeffname;organization;email\nAda Lovelace;Radio Club (RC);ada@example.org\nTuring, Alan;;alan@example.org",
        "E-Mail , NAME,Organisation\r\nada@example.org,Ada Lovelace,Radio Club (RC)\r\n"
        'alan@example.org,"Turing, Alan",\r\n',
        'name,organization,email\n\nAda Lovelace,"Radio\nClub (RC)",ada@example.org\n,,\n'
        '"Turing, Alan",,alan@example.org',
    ],
    ids=["plain", "byte order mark and semicolons", "columns in another order", "blank lines and a broken cell"],
)
def test_address_book_is_read(text: str) -> None:
    assert parse_people(text.encode(), "people.csv") == (ADA, ALAN)


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", 1, "expected a first line that reads name,organization,email"),
        (b"name,phone\nAda,1\n", 1, "there is no column email"),
        (b"name,organization,email\nAda,RC,nowhere\n", 2, "expected an e-mail address for Ada"),
        (b"name,organization,email\n\n,RC,ada@example.org\n", 3, "expected a name"),
        (b"name,organization,email\nLovelace, Ada,RC,ada@example.org\n", 2, "put a value that holds a comma in quotes"),
        (b'name,organization,email\n"Ada,RC,ada@example.org\n', 2, "expected lines of comma-separated values"),
        (b"name,organization,email\nZo\xeb,RC,zoe@example.org\n", 2, "expected UTF-8 text; byte 0xeb at offset 26"),
    ],
)
def test_mistake_in_the_address_book_is_told_with_its_line(content: bytes, line: int, says: str) -> None:
    with pytest.raises(BadInputError) as caught:
        parse_people(content, "people.csv")

    assert (caught.value.file, caught.value.line) == ("people.csv", line)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        'Ada Lovelace,Radio Club (RC),ada@example.org\n\n"Turing, Alan",,alan@example.org\n',
        "Ada Lovelace , Radio Club (RC) , ada@example.org\r\nTuring, Alan;;alan@example.org;",
        "\n E-Mail;Name;Organisation\nada@example.org;Ada Lovelace;Radio Club (RC)\nalan@example.org;Turing, Alan;",
    ],
    ids=["commas", "each with its own separator", "with a header"],
)
def test_lines_of_an_address_book_are_read(text: str) -> None:
    assert parse_lines(text, "lines") == (ADA, ALAN)


def test_somebody_whose_name_begins_like_a_header_is_no_header() -> None:
    nameeta = Contact(name="Nameeta Rao", organization="Tides; Waves", email="nameeta@example.org")
    email = Contact(name="Emailia Rossi", organization=None, email="emailia@example.org")

    people = parse_lines("Nameeta Rao,Tides; Waves,nameeta@example.org\nEmailia Rossi,,emailia@example.org", "lines")

    assert people == (nameeta, email)


@pytest.mark.parametrize("wrong", ["Alan Turing", 'Alan Turing,"Radio,alan@example.org', "Alan;Radio;Club;a@b.org"])
def test_mistake_in_a_line_without_a_header_is_told_with_its_own_number(wrong: str) -> None:
    with pytest.raises(BadInputError, match=r"^lines:3: expected"):
        parse_lines(f"Ada Lovelace,,ada@example.org\n\n{wrong}", "lines")


def test_no_lines_hold_nobody() -> None:
    assert parse_lines(" \n,,\n", "lines") == ()


def test_every_mistake_in_the_address_book_is_told() -> None:
    with pytest.raises(BadInputError) as caught:
        parse_people(b"name,email\nAda,x\nAlan,y\n", "people.csv")

    assert "people.csv:2" in str(caught.value)
    assert caught.value.__notes__ == ["people.csv:3: expected an e-mail address for Alan"]


def test_performer_gets_the_address_of_the_same_name() -> None:
    event = an_event(Performer(name="ADA LOVELACE", honorific="Ms."), Performer(name="Grace Hopper"))

    matched = match_people(event, [ADA, ALAN])

    assert [person.email for person in matched.performers] == ["ada@example.org", None]
    assert matched.needs_review == ()


def test_address_of_the_event_is_kept() -> None:
    event = an_event(Performer(name="Ada Lovelace", email="ada@other.example.org"))

    assert match_people(event, [ADA]) == event


def test_organization_breaks_a_tie() -> None:
    other = Contact(name="Ada Lovelace", organization="Sailing Club", email="ada@sailing.example.org")

    for written in ("Radio Club", "the Radio Club (RC)", "RC"):
        matched = match_people(an_event(Performer(name="Ada Lovelace", organization=written)), [other, ADA])

        assert matched.performers[0].email == "ada@example.org"


def test_same_address_twice_is_no_tie() -> None:
    again = Contact(name="Ada Lovelace", organization="Sailing Club", email="ada@example.org")

    matched = match_people(an_event(Performer(name="Ada Lovelace")), [ADA, again])

    assert matched.performers[0].email == "ada@example.org"


def test_tie_is_noted_once_and_the_note_goes_with_it() -> None:
    other = Contact(name="Ada Lovelace", organization="Sailing Club", email="ada@sailing.example.org")
    event = an_event(Performer(name="Ada Lovelace"))

    tied = match_people(match_people(event, [ADA, other]), [ADA, other])
    settled = match_people(tied, [ADA])

    assert [(note.field, note.text) for note in tied.needs_review] == [("performers", "Ada Lovelace")]
    assert "Radio Club (RC), Sailing Club" in tied.needs_review[0].reason
    assert "example.org" not in tied.needs_review[0].reason
    assert tied.performers[0].email is None
    assert (settled.needs_review, settled.performers[0].email) == ((), "ada@example.org")
