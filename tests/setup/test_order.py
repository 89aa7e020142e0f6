"""The order of the tests of a run: those that wait run beside those that compute."""

import pytest

from tests.setup.order import spread


@pytest.mark.parametrize(
    ("few", "many", "among"),
    [("AB", "abcdef", "aAbcdBef"), ("A", "abc", "aAbc"), ("", "ab", "ab"), ("AB", "", "AB"), ("ABC", "a", "ABaC")],
)
def test_few_are_spread_among_many_and_none_is_lost(few: str, many: str, among: str) -> None:
    assert "".join(spread(few, many)) == among
