"""Passwords: an unknown user takes as long to reject as a wrong password."""

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY

from zoom_ops.identity.passwords import kept_of_nobody


@pytest.mark.parametrize("numbers", [CHEAPEST, RFC_9106_LOW_MEMORY])
def test_what_is_kept_of_nobody_is_as_long_to_try_as_any_and_never_right(numbers: Parameters) -> None:
    hasher = PasswordHasher.from_parameters(numbers)

    kept = kept_of_nobody(hasher)

    assert extract_parameters(kept) == extract_parameters(hasher.hash("harbour at low tide"))
    with pytest.raises(VerifyMismatchError):
        hasher.verify(kept, "")
    assert kept != kept_of_nobody(hasher)
