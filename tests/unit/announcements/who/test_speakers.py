"""Lines that name people: honorific, name, role, organisation; and lines without a person."""

import pytest

from zoom_ops.announcements.doubts import Doubts
from zoom_ops.announcements.lines.lines import Line
from zoom_ops.announcements.who.speakers import Entry, read_performers

Told = tuple[str, str | None, str, str | None, str | None]


def people_of(text: str, *, bullet: str = "•", certain: bool = True) -> tuple[list[Told], list[str]]:
    doubts = Doubts()
    line = Line(number=7, text=text, raw=text, bullet=bullet)
    performers = read_performers([Entry(line=line, text=text, certain=certain)], doubts)
    people = [(each.kind, each.honorific, each.name, each.role, each.organization) for each in performers]
    return people, [note.reason for note in doubts.notes]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Ms. Ada Lovelace, Head of Policy, ITU", ("speaker", "Ms.", "Ada Lovelace", "Head of Policy", "ITU")),
        ("Moderator: Ms. Ada Lovelace, Head, ITU", ("moderator", "Ms.", "Ada Lovelace", "Head", "ITU")),
        ("Ms. Ada Lovelace (Moderator), Head, ITU", ("moderator", "Ms.", "Ada Lovelace", "Head", "ITU")),
        ("Ms. Ada Lovelace, Head, ITU – Moderator", ("moderator", "Ms.", "Ada Lovelace", "Head", "ITU")),
        ("Opening remarks by Ms. Ada Lovelace, Head, ITU", ("opening", "Ms.", "Ada Lovelace", "Head", "ITU")),
        ("Mot de clôture : Mme Ada Lovelace, Directrice, UIT", ("closing", "Mme", "Ada Lovelace", "Directrice", "UIT")),
        ("Dr. Ada Lovelace (Director, UNESCO)", ("speaker", "Dr.", "Ada Lovelace", "Director", "UNESCO")),
        ("Dr. Ada Lovelace, Director (UNESCO)", ("speaker", "Dr.", "Ada Lovelace", "Director", "UNESCO")),
        ("Dr. Ada Lovelace (UNESCO)", ("speaker", "Dr.", "Ada Lovelace", None, "UNESCO")),
        ("Ms. Ada Lovelace – Director – UNESCO", ("speaker", "Ms.", "Ada Lovelace", "Director", "UNESCO")),
        ("Ms. Ada Lovelace | Director | UNESCO", ("speaker", "Ms.", "Ada Lovelace", "Director", "UNESCO")),
        ("Ms. Ada Lovelace; Director; UNESCO", ("speaker", "Ms.", "Ada Lovelace", "Director", "UNESCO")),
        ("Ms. Ada Lovelace, Director at UNESCO", ("speaker", "Ms.", "Ada Lovelace", "Director", "UNESCO")),
        (
            "Ms. Ada Lovelace, UNESCO, Programme Officer",
            ("speaker", "Ms.", "Ada Lovelace", "Programme Officer", "UNESCO"),
        ),
        (
            "Ms. Ada Lovelace, Director, Division for Policy, Planning and Review, UNDP",
            ("speaker", "Ms.", "Ada Lovelace", "Director", "Division for Policy, Planning and Review, UNDP"),
        ),
        (
            "Ms. Ada Lovelace, Minister of Health, Labour and Welfare, Japan",
            ("speaker", "Ms.", "Ada Lovelace", "Minister of Health, Labour and Welfare", "Japan"),
        ),
        (
            "H.E. Mr. Ferit Hoxha, Permanent Representative of Albania to the United Nations",
            ("speaker", "H.E. Mr.", "Ferit Hoxha", "Permanent Representative of Albania to the United Nations", None),
        ),
        ("Ms. Ada Lovelace, UNESCO", ("speaker", "Ms.", "Ada Lovelace", None, "UNESCO")),
        ("Ada Lovelace, PhD, Professor, MIT", ("speaker", None, "Ada Lovelace", "Professor", "MIT")),
        (
            "Li Junhua, Under-Secretary-General, UN DESA",
            ("speaker", None, "Li Junhua", "Under-Secretary-General", "UN DESA"),
        ),
        ("10:00-10:10 Welcome: Mr. Kim Jong-hwan, Dean, KAIST", ("opening", "Mr.", "Kim Jong-hwan", "Dean", "KAIST")),
        ("Sra. María de la Cruz, Directora, CEPAL", ("speaker", "Sra.", "María de la Cruz", "Directora", "CEPAL")),
        ("Shri Ravi Kumar, Secretary, MeitY", ("speaker", "Shri", "Ravi Kumar", "Secretary", "MeitY")),
        (
            "Prof. Dr. Hans Müller, Leiter, Universität Bonn",
            ("speaker", "Prof. Dr.", "Hans Müller", "Leiter", "Universität Bonn"),
        ),
        ("Sir Tim Barnes, Author", ("speaker", "Sir", "Tim Barnes", "Author", None)),
    ],
)
def test_speaker_line_gives_the_person(text: str, person: Told) -> None:
    people, doubts = people_of(text)

    assert (people, doubts) == ([person], [])


@pytest.mark.parametrize(
    "text",
    [
        "Member States",
        "Representatives of civil society",
        "Q&A with participants",
        "Other experts to be confirmed",
        "Panel discussion",
    ],
)
def test_bodies_and_points_of_the_programme_are_no_persons(text: str) -> None:
    people, doubts = people_of(text)

    assert people == []
    assert "nobody was added" in doubts[0]


def test_two_part_line_that_may_be_either_is_doubted() -> None:
    people, doubts = people_of("Ms. Ada Lovelace, Dataworks")

    assert people == [("speaker", "Ms.", "Ada Lovelace", None, "Dataworks")]
    assert doubts == ["Ada Lovelace: 'Dataworks' may be a role or an organisation; taken as the organisation"]


def test_unconfirmed_speaker_is_doubted() -> None:
    people, doubts = people_of("Ms. Ada Lovelace, Head, ITU (TBC)")

    assert people == [("speaker", "Ms.", "Ada Lovelace", "Head", "ITU")]
    assert doubts == ["Ada Lovelace: not confirmed according to the announcement"]


def test_speaker_without_a_name_is_doubted() -> None:
    people, doubts = people_of("Moderator: TBC")

    assert (people, doubts) == ([], ["the announcement names nobody here yet"])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Ms. Ada Lovelace (ITU), Mr. Alan Turing (UNESCO) and Dr. Grace Hopper (WHO)",
            ["Ada Lovelace", "Alan Turing", "Grace Hopper"],
        ),
        (
            "Ada Lovelace (ITU), Alan Turing (UNESCO) and Grace Hopper (WHO)",
            ["Ada Lovelace", "Alan Turing", "Grace Hopper"],
        ),
        ("Ada Lovelace, Alan Turing and Grace Hopper", ["Ada Lovelace", "Alan Turing", "Grace Hopper"]),
        ("Ms. Ada Lovelace, ITU; Mr. Alan Turing, UNESCO", ["Ada Lovelace", "Alan Turing"]),
        ("H.E. Ms. Ada Lovelace, H.E. Mr. Alan Turing", ["Ada Lovelace", "Alan Turing"]),
    ],
)
def test_list_in_one_line_gives_every_person(text: str, names: list[str]) -> None:
    people, doubts = people_of(text, bullet="")

    assert ([person[2] for person in people], doubts) == (names, [])


def test_two_people_share_what_follows_them() -> None:
    people, _ = people_of("Mr. Alan Turing and Ms. Ada Lovelace, Co-chairs, UNGIS")

    assert people == [
        ("speaker", "Mr.", "Alan Turing", "Co-chairs", "UNGIS"),
        ("speaker", "Ms.", "Ada Lovelace", "Co-chairs", "UNGIS"),
    ]


def test_name_with_comma_in_a_bullet_is_one_person() -> None:
    people, _ = people_of("Ada Lovelace, Mozilla Firefox")

    assert [person[2] for person in people] == ["Ada Lovelace"]


def test_email_address_in_a_line_is_kept_apart() -> None:
    line = Line(number=1, text="", raw="", bullet="•")

    (person,) = read_performers([Entry(line=line, text="Ms. Ada Lovelace, Head, ITU, Ada@Example.org")], Doubts())

    assert (person.organization, person.email) == ("ITU", "ada@example.org")


def test_person_listed_twice_is_one_performer() -> None:
    line = Line(number=1, text="", raw="", bullet="•")
    entries = [
        Entry(line=line, text="Ms. Ada Lovelace", kind="moderator", certain=True),
        Entry(line=line, text="Ms. Ada Lovelace, Head, ITU", certain=True),
    ]

    (person,) = read_performers(entries, Doubts())

    assert (person.kind, person.role, person.organization) == ("moderator", "Head", "ITU")
