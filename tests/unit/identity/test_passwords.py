"""Passwords: an unknown user takes as long to reject as a wrong password, and so does a password that is too long."""

import unicodedata

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY

from zoom_ops.errors import BadInputError
from zoom_ops.identity.passwords import LONGEST, Passwords, kept_of_nobody

QUICK = PasswordHasher.from_parameters(CHEAPEST)


@pytest.mark.parametrize("numbers", [CHEAPEST, RFC_9106_LOW_MEMORY])
def test_what_is_kept_of_nobody_is_as_long_to_try_as_any_and_never_right(numbers: Parameters) -> None:
    hasher = PasswordHasher.from_parameters(numbers)

    kept = kept_of_nobody(hasher)

    assert extract_parameters(kept) == extract_parameters(hasher.hash("harbour at low tide"))
    with pytest.raises(VerifyMismatchError):
        hasher.verify(kept, "")
    assert kept != kept_of_nobody(hasher)


def test_check_takes_what_owasp_recommends_for_little_memory_also_for_nobody() -> None:
    passwords = Passwords()
    numbers = extract_parameters(passwords._dummy)

    assert (numbers.memory_cost, numbers.time_cost, numbers.parallelism) == (7_168, 5, 1)
    assert passwords.is_dated(kept_of_nobody(PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)))


@pytest.mark.parametrize(
    "password",
    ["harbour at low tide", "ébb and flöd" * 85, "e\u0301bb and flo\u0308d" * 85, "\u03b1\u0313\u0300\u0345" * LONGEST,
     "ebb and flow" + "\u0301\u0327" * 506, "\ufdfa" * 56],
)  # fmt: skip
def test_password_is_still_right_that_was_kept_when_nothing_was_cut(password: str) -> None:
    kept = QUICK.hash(unicodedata.normalize("NFKC", password))

    assert Passwords(QUICK).verify(password, kept)
    assert not Passwords(QUICK).verify(password[:-1], kept)


@pytest.mark.parametrize("kept", ["a" * LONGEST, "a" + "\u0301" * 30, ""])
@pytest.mark.parametrize("password", ["a" * (LONGEST + 1), "a" + "\u0301" * 100_000, "\ufdfa" * 57])
def test_password_that_is_too_long_is_refused_and_no_part_of_it_is_right(password: str, kept: str) -> None:
    with pytest.raises(BadInputError):
        Passwords(QUICK).hash(password)

    assert not Passwords(QUICK).verify(password, QUICK.hash(kept))
