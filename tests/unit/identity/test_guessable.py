"""Passwords that nobody may set: short ones, those that are guessed first, and names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoom_ops.identity import LONGEST, UnusablePasswordError, check_password, make_password

NAMES = ("amara@example.org", "Amara Diallo", "Harbour Institute 2")
IN_ARABIC = "معهد الميناء"


def flaw(password: str, *names: str) -> str | None:
    """Return what is wrong with a password of somebody of these names."""
    try:
        check_password(password, *(names or NAMES))
    except UnusablePasswordError as error:
        return error.flaw
    return None


def test_password_that_is_no_utf_8_is_refused() -> None:
    assert flaw("\udcff long enough password") == "unreadable"


@pytest.mark.parametrize(
    "password",
    ["short-one", "eleven char", "", "x" * (LONGEST + 1), "a\u0301" * 11, "\ufdfa" * 57],
)  # fmt: skip
def test_length_is_counted_in_characters_as_they_are_kept(password: str) -> None:
    assert flaw(password) == "length"


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "PASSWORD1234", "Password123!", "qwerty123456", "1q2w3e4r5t6y", "iloveyouiloveyou",
        "Changeme1234", "correcthorsebatterystaple", "CorrectHorseBatteryStaple", "correcthorsebatterystaple!!9",
        "!!qwertyuiop!!", "2026-administrator", "\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff441234",
        "password!!!!", "Summer2026!!", "2026-Welcome", "P@ssw0rd2026!!", "$4sunshine$$", "Tr0mb0ne",
        "Summer2025!!!", "24121990-Lighthouse", "P@ssw0rd2026!!!!!!", "Frühling 1999!!", "contraseña2025",
        "пароль123456", "Любовь-09876!", "كلمةالسر٢٠٢٤!", "密码是密码2024!!!!", "sunshinedragon2025",
        "Dragon-Monkey-112233", "2025purpleBattery!",
        "adminadminadmin", "xyz" * 200, "x" * LONGEST, "webinarwebinar", "Webinar!webinar!", "0 0 0 0 0 0 0 0",
    ],
)  # fmt: skip
def test_common_password_is_refused_with_what_people_put_around_it(password: str) -> None:
    assert flaw(password.ljust(12, "!")) == "easy"


@pytest.mark.parametrize(
    ("password", "names"),
    [
        ("amara@example.org", NAMES), ("Amara@example.org1!", NAMES), ("2026-AMARA-2026", NAMES),
        ("amaraamaraamara", NAMES), ("Amara1Amara2Amara3", NAMES), ("amara diallo!", NAMES), ("DialloAmara1!!x", ()),
        ("Harbour Institute", NAMES), ("harbour-institute-2026", NAMES), ("471147114711", ("4711",)),
        ("4711-4711-4711", ("4711@example.org",)), ("Organisation des Écoles 1", ("organisation des écoles",)),
        (f"{IN_ARABIC} 2026", (IN_ARABIC,)), ("xHarbour Institute 2026x", NAMES), ("aramaarama2026", NAMES),
        ("gro.elpmaxe@arama", NAMES), ("my amara amara 1", NAMES), ("mine: amara amara", ()),
    ],
)  # fmt: skip
def test_name_alone_is_refused_with_digits_and_signs_and_more_than_once(password: str, names: tuple[str, ...]) -> None:
    assert flaw(password, *names) == ("name" if names else None)


@pytest.mark.parametrize(
    "password",
    [
        "a long way to the harbour", "harbour at low tide", "amara likes harbours", "8401 7719 2203 5561",
        "monkey 8401 7719 2203 5561", "Überraschung im Boot", "潮位が低い港の午後の散歩",
        "tide tide ebb ebb flow", "am 8401 7719 2203", "ab" * 7 + "c", "purple battery low tide", "пароль 8401 7719",
        "Überraschung2025", "purple battery 84017", "潮位が低い港2025年に",
    ],
)  # fmt: skip
def test_password_that_is_none_of_these_is_taken_whatever_its_characters(password: str) -> None:
    assert flaw(password) is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_made_password_is_never_refused(login: str, organisation: str) -> None:
    assert flaw(make_password(), login, organisation) is None


@given(st.text(max_size=3000), st.lists(st.text(max_size=300), max_size=3))
def test_any_text_is_taken_or_refused(password: str, names: list[str]) -> None:
    assert flaw(password, *names) in (None, "length", "easy", "name")


@given(st.text(st.characters(codec="ascii"), min_size=1, max_size=11), st.integers(min_value=2, max_value=40))
def test_text_that_is_repeated_counts_once(text: str, times: int) -> None:
    assert flaw(text * times) in ("length", "easy", "name")
