"""A network is new for a user who came to it lately, and from others before."""

from datetime import timedelta

import pytest

from tests.builders import NOW
from zoom_ops.identity.new_networks import find_new_network

HERE, THERE = "203.0.113.7", "2001:db8::7"


@pytest.mark.parametrize(
    ("sign_ins", "new"),
    [
        ([(0, HERE)], ""),  # the first sign-in of a new user
        ([(0, HERE), (400, THERE)], HERE),
        ([(0, HERE), (6, HERE), (7, THERE)], HERE),  # waiting a few days helps nobody
        ([(0, HERE), (8, HERE), (400, THERE)], ""),
        ([(0, HERE), (0, THERE), (1, HERE)], ""),
        ([(0, HERE), (9, None)], ""),
        ([], ""),
    ],
)
def test_network_is_new_after_others(sign_ins: list[tuple[int, str | None]], new: str) -> None:
    seen = [(NOW - timedelta(days=days), address) for days, address in sign_ins]

    assert find_new_network(HERE, seen, NOW) == new
    assert find_new_network(None, seen, NOW) == ""
