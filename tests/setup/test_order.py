"""The order of the tests of a run: those that wait run beside those that compute."""

import pytest

from tests.setup.order import check_choice, spread


@pytest.mark.parametrize(
    ("few", "many", "among"),
    [("AB", "abcdef", "aAbcdBef"), ("A", "abc", "aAbc"), ("", "ab", "ab"), ("AB", "", "AB"), ("ABC", "a", "ABaC")],
)
def test_few_are_spread_among_many_and_none_is_lost(few: str, many: str, among: str) -> None:
    assert "".join(spread(few, many)) == among


def test_who_asks_for_long_ones_is_told_how() -> None:
    with pytest.raises(pytest.UsageError, match="what is long runs with --long only"):
        check_choice("crash or long", long=False)
    check_choice("crash or long", long=True)
    check_choice("crash and not long", long=False)
