"""Honorifics, and the key for comparing names."""

import pytest

from zoom_ops.phrases.names import cut_titles, looks_like_person, name_key, split_honorific


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("H.E. Mr. Ferit Hoxha", ("H.E. Mr.", "Ferit Hoxha")),
        ("HE Ms. Ada Lovelace", ("HE Ms.", "Ada Lovelace")),
        ("Her Excellency Dr. Ada Lovelace", ("Her Excellency Dr.", "Ada Lovelace")),
        ("S.E. M. Jean Dupont", ("S.E. M.", "Jean Dupont")),
        ("Tan Sri Dr. Jemilah Mahmood", ("Tan Sri Dr.", "Jemilah Mahmood")),
        ("The Rt. Hon. Helen Clarke", ("The Rt. Hon.", "Helen Clarke")),
        ("Capt. Jack Ma", ("Capt.", "Jack Ma")),
        ("Mr.Jean Adam", ("Mr.", "Jean Adam")),
        ("Prof.ssa Rita Levi-Montalcini", ("Prof.ssa", "Rita Levi-Montalcini")),
        ("Univ.-Prof.in Dr.in Lise Meitner", ("Univ.-Prof.in Dr.in", "Lise Meitner")),
        ("Prof. em. Dr. rer. nat. h.c. Max Born", ("Prof. em. Dr. rer. nat. h.c.", "Max Born")),
        ("Dipl.-Ing. Konrad Zuse", ("Dipl.-Ing.", "Konrad Zuse")),
        ("PD Dr.-Ing. Ilse Essers", ("PD Dr.-Ing.", "Ilse Essers")),
        ("The Honest Machine", (None, "The Honest Machine")),
        ("PD James", (None, "PD James")),
        ("Emil Post", (None, "Emil Post")),
        ("Sig.ra Grazia Deledda", ("Sig.ra", "Grazia Deledda")),
        ("Mr. de Souza", ("Mr.", "de Souza")),
        ("He Jiankui", (None, "He Jiankui")),
        ("Dean Jamison", (None, "Dean Jamison")),
        ("Don Tapscott", (None, "Don Tapscott")),
        ("Justice and Peace", (None, "Justice and Peace")),
        ("Dr.", (None, "Dr.")),
        ("", (None, "")),
    ],
)
def test_honorific_is_parted_from_the_name(written: str, parts: tuple[str | None, str]) -> None:
    assert split_honorific(written) == parts


@pytest.mark.parametrize(
    "written", ["Ms. Mei Lin Fung", "mei lin  fung", "MEI LIN FUNG", "Ms. Mei\u00a0Lin Fung", "Ｍｅｉ Lin Fung"]
)
def test_name_key_folds_honorific_case_width_and_spaces(written: str) -> None:
    assert name_key(written) == "mei lin fung"


@pytest.mark.parametrize("name", ["Member States", "Civil Society", "United Nations", "Ada", "ada lovelace", "Room 12"])
def test_other_words_do_not_look_like_a_person(name: str) -> None:
    assert not looks_like_person(name)


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", "Liberato C. Bautista", "Jean-Paul ADAM", "Ban Ki-moon", "María de la Cruz", "王晓明"]
)
def test_names_look_like_a_person(name: str) -> None:
    assert looks_like_person(name)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Ada Lovelace PhD MBA", ("Ada Lovelace", "")),
        ("Ada Lovelace, Ph.D.", ("Ada Lovelace", "")),
        ("Jack Wei MA", ("Jack Wei MA", "")),
        ("王小明副教授", ("王小明", "副教授")),
        ("王教授", ("王", "教授")),
    ],
)
def test_titles_and_degrees_behind_a_name_are_cut(written: str, parts: tuple[str, str]) -> None:
    assert cut_titles(written) == parts
