"""Sentences that name the organizers."""

import pytest

from zoom_ops.announcements.doubts import Doubts
from zoom_ops.announcements.lines.lines import Line
from zoom_ops.announcements.text.organizers import is_organizer_sentence, read_organizers


def a_line(text: str) -> Line:
    return Line(number=3, text=text, raw=text)


@pytest.mark.parametrize(
    ("sentence", "organizers"),
    [
        (
            "A side event organized by the United Nations Group on the Information Society (UNGIS) and "
            "the World Summit on the Information Society (WSIS)",
            [
                ("United Nations Group on the Information Society", "UNGIS"),
                ("World Summit on the Information Society", "WSIS"),
            ],
        ),
        ("Co-organized by ITU, UNESCO and UNCTAD", [("ITU", None), ("UNESCO", None), ("UNCTAD", None)]),
        (
            "Organized by the Department of Economic and Social Affairs (UN DESA), "
            "in partnership with the Government of Kenya",
            [("Department of Economic and Social Affairs", "UN DESA"), ("Government of Kenya", None)],
        ),
        (
            "Hosted by the International Telecommunication Union and UN Women",
            [("International Telecommunication Union", None), ("UN Women", None)],
        ),
        (
            "Organisé par l'Union internationale des télécommunications (UIT) et l'UNESCO, "
            "en partenariat avec la Francophonie",
            [("Union internationale des télécommunications", "UIT"), ("UNESCO", None), ("Francophonie", None)],
        ),
        (
            "Organizado por la Comisión Económica para América Latina y el Caribe (CEPAL) y la Unión Europea",
            [("Comisión Económica para América Latina y el Caribe", "CEPAL"), ("Unión Europea", None)],
        ),
        ("A webinar hosted by Internet Society", [("Internet Society", None)]),
        (
            "Organisé par l'Union internationale des télécommunications (UIT) en partenariat avec :",
            [("Union internationale des télécommunications", "UIT")],
        ),
        ("Organized by ITU in collaboration with :", [("ITU", None)]),
    ],
)
def test_sentence_gives_its_organizers(sentence: str, organizers: list[tuple[str, str | None]]) -> None:
    doubts = Doubts()

    parsed = read_organizers([(a_line(sentence), sentence)], doubts)

    assert is_organizer_sentence(sentence)
    assert ([(each.name, each.acronym) for each in parsed], doubts.notes) == (organizers, ())


def test_list_whose_commas_may_belong_to_one_name_is_doubted() -> None:
    sentence, doubts = "Hosted by the Permanent Missions of Chile, Kenya and Norway", Doubts()

    organizers = read_organizers([(a_line(sentence), sentence)], doubts)

    assert [each.name for each in organizers] == ["Permanent Missions of Chile, Kenya and Norway"]
    assert [(note.field, note.line) for note in doubts.notes] == [("organizers", 3)]


def test_prose_about_the_organizers_is_not_their_sentence() -> None:
    assert not is_organizer_sentence("This session, co-organized by WSIS and UNGIS will focus on how the ICTs help.")
