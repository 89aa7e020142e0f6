"""The order of the last tests of a run: those with a browser and other programs alternate."""

import pytest

from tests.setup.turns import mix


@pytest.mark.parametrize(
    ("tests", "mixed"), [("abAcdB", "AaBbcd"), ("ABCa", "AaBC"), ("ab", "ab"), ("AB", "AB"), ("", "")]
)
def test_two_kinds_alternate_and_none_is_lost(tests: str, mixed: str) -> None:
    assert "".join(mix(tests, str.isupper)) == mixed
